// Package keyring is an auth.TokenStore in the keyring of the user's system.
//
// That is the Keychain of macOS, the Credential Manager of Windows, and the Secret Service (GNOME
// Keyring, KWallet) of other desktops, by github.com/zalando/go-keyring.
//
//	store, err := keyring.New("my-app")
//	if err != nil {
//		store, err = auth.NewFileStore("~/.config/my-app/logins.json") // such as over SSH
//	}
//
// The package is a module of its own, so that the library does not depend on a keyring.
package keyring

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/zalando/go-keyring"

	"github.com/seed-2147f1a9/spotify/auth"
)

// ErrNoKeyring matches New's error if the program cannot use a keyring.
var ErrNoKeyring = errors.New("no keyring")

const lockPoll = 5 * time.Millisecond

// New returns a store in the user's keyring. service is the program's name, under which the user
// finds the logins in the system's keyring application. New reads the keyring once, and the system
// may ask the user to unlock it.
//
// If there is no keyring, such as in a container or over SSH, the error is an *auth.StoreError that
// matches ErrNoKeyring. An empty service is an error that matches auth.ErrInvalidArgument.
//
// A keyring has no compare-and-swap, so the processes of a user exclude each other with lock files
// in the user's cache directory. The store is an auth.RefreshLocker. The Credential Manager of
// Windows limits an entry to 2560 bytes, which is more than a Spotify login needs.
func New(service string) (auth.TokenStore, error) {
	if service == "" || strings.ContainsRune(service, 0) {
		return nil, fmt.Errorf("keyring: invalid service %q: want the program's name: %w",
			service, auth.ErrInvalidArgument)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, &auth.StoreError{
			Where:   "the keyring",
			Problem: "there is no cache directory for its locks",
			Advice:  "set HOME",
			Err:     err,
		}
	}
	s := &store{service: service, locks: filepath.Join(cache, "spotify-keyring")}
	if err := os.MkdirAll(s.locks, 0o700); err != nil {
		return nil, s.problem("the directory of its locks could not be created",
			"check that "+s.locks+" is writable", err)
	}
	if _, err := keyring.Get(service, entry("probe")); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return nil, s.problem("it cannot be used",
			"run the program in the user's desktop session, or keep logins in a file with auth.NewFileStore",
			fmt.Errorf("%w: %w", ErrNoKeyring, err))
	}
	return s, nil
}

type store struct{ service, locks string }

// entry returns the name of an account's entry. Windows ignores case in names, so every byte except
// lower-case letters, digits and "-._@" is percent-encoded.
func entry(account string) string {
	var name strings.Builder
	name.WriteString("login:")
	for _, b := range []byte(account) {
		if 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || strings.IndexByte("-._@", b) >= 0 {
			name.WriteByte(b)
		} else {
			fmt.Fprintf(&name, "%%%02x", b)
		}
	}
	return name.String()
}

func (s *store) Load(ctx context.Context, account string) (auth.StoredToken, error) {
	if ctx.Err() != nil {
		return auth.StoredToken{}, context.Cause(ctx)
	}
	text, err := keyring.Get(s.service, entry(account))
	if errors.Is(err, keyring.ErrNotFound) {
		return auth.StoredToken{}, auth.ErrNoStoredToken
	}
	if err != nil {
		return auth.StoredToken{}, s.problem("it cannot be read", "check that the keyring is unlocked", err)
	}
	var token auth.StoredToken
	if err := token.UnmarshalBinary([]byte(text)); err != nil {
		return auth.StoredToken{}, s.problem("an account's entry is damaged", "remove the entry and log in again", err)
	}
	return token, nil
}

func (s *store) Save(ctx context.Context, account string, token auth.StoredToken, prevGen uint64) error {
	unlock, err := s.lock(ctx, account, "save")
	if err != nil {
		return err
	}
	defer unlock()
	old, err := s.Load(ctx, account)
	if err != nil && !errors.Is(err, auth.ErrNoStoredToken) {
		return err
	}
	if old.Generation != prevGen {
		return auth.ErrConflict
	}
	token.Generation = prevGen + 1
	data, err := token.MarshalBinary()
	if err != nil {
		return err
	}
	switch err := keyring.Set(s.service, entry(account), string(data)); {
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return s.problem(fmt.Sprintf("it cannot store a login of %d bytes", len(data)),
			"request fewer scopes, or keep logins in a file with auth.NewFileStore", err)
	case err != nil:
		return s.problem("it could not be written", "check that the keyring is unlocked", err)
	}
	return nil
}

// Lock locks a file of its own for each account, so that Save works while the lock is held.
func (s *store) Lock(ctx context.Context, account string) (func(), error) {
	return s.lock(ctx, account, "refresh")
}

func (s *store) lock(ctx context.Context, account, purpose string) (func(), error) {
	sum := sha256.Sum256([]byte(s.service + "\x00" + account))
	path := filepath.Join(s.locks, hex.EncodeToString(sum[:16])+"."+purpose+".lock")
	lock := flock.New(path)
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		if ctx.Err() != nil {
			return nil, s.problem("another process holds its lock "+path,
				"check whether that process is suspended", context.Cause(ctx))
		}
		return nil, s.problem("its lock "+path+" cannot be used", "check that the file is yours and writable", err)
	}
	return sync.OnceFunc(func() { _ = lock.Close() }), nil
}

// String returns the call that made the store.
func (s *store) String() string { return fmt.Sprintf("keyring.New(%q)", s.service) }

func (s *store) problem(what, advice string, err error) error {
	return &auth.StoreError{Where: fmt.Sprintf("the keyring (%s)", s.service), Problem: what, Advice: advice, Err: err}
}

// Package keyring stores logins in the keyring of the user's system: the Keychain of macOS, the
// Credential Manager of Windows, and the Secret Service (GNOME Keyring, KWallet) of other desktops,
// by github.com/zalando/go-keyring.
//
//	store, err := keyring.New("my-app")
//	if err != nil {
//		store, err = auth.NewFileStore("~/.config/my-app/logins.json") // a server, a container, SSH: no keyring
//	}
//
// It is a module of its own, so that the library does not depend on a keyring.
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

// ErrNoKeyring is matched by New's error where the program can use no keyring.
var ErrNoKeyring = errors.New("no keyring")

const lockPoll = 5 * time.Millisecond

// New returns a store in the user's keyring. service is the name of the program, under which the
// user finds its logins in the keyring's own program. New looks the keyring up, and the system may
// ask the user to unlock it; where there is none, as in a container or over SSH, the error is an
// *auth.StoreError that matches ErrNoKeyring.
//
// A keyring has no compare-and-swap: processes of one user take turns by lock files in the user's
// cache directory. The store is an auth.Locker. The Credential Manager of Windows takes 2560 bytes
// an entry, which a login of Spotify's does not reach.
func New(service string) (auth.TokenStore, error) {
	if service == "" || strings.ContainsRune(service, 0) {
		return nil, fmt.Errorf("keyring: invalid service %q: want the name of your program: %w", service, auth.ErrInvalidArgument)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, &auth.StoreError{Where: "the keyring", Problem: "there is no cache directory for its locks", Advice: "set HOME", Err: err}
	}
	s := &store{service: service, locks: filepath.Join(cache, "spotify-keyring")}
	if err := os.MkdirAll(s.locks, 0o700); err != nil {
		return nil, s.problem("the directory of its locks could not be made", "see that "+s.locks+" is writable", err)
	}
	if _, err := keyring.Get(service, entry("probe")); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return nil, s.problem("it cannot be used", "run the program in the user's desktop session, or keep logins in a file with auth.NewFileStore", fmt.Errorf("%w: %w", ErrNoKeyring, err))
	}
	return s, nil
}

type store struct{ service, locks string }

// entry names an account's entry. Windows does not tell upper from lower case, so that all but
// lower-case letters, digits and a few signs are encoded.
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

func (s *store) Load(ctx context.Context, account string) (auth.Record, error) {
	if ctx.Err() != nil {
		return auth.Record{}, context.Cause(ctx)
	}
	text, err := keyring.Get(s.service, entry(account))
	if errors.Is(err, keyring.ErrNotFound) {
		return auth.Record{}, auth.ErrNoRecord
	}
	if err != nil {
		return auth.Record{}, s.problem("it cannot be read", "see that the keyring is unlocked", err)
	}
	var rec auth.Record
	if err := rec.UnmarshalBinary([]byte(text)); err != nil {
		return auth.Record{}, s.problem("an account's entry is damaged", "remove the entry and log in again", err)
	}
	return rec, nil
}

func (s *store) Save(ctx context.Context, account string, rec auth.Record, prevGen uint64) error {
	unlock, err := s.lock(ctx, account, "save")
	if err != nil {
		return err
	}
	defer unlock()
	old, err := s.Load(ctx, account)
	if err != nil && !errors.Is(err, auth.ErrNoRecord) {
		return err
	}
	if old.Generation != prevGen {
		return auth.ErrConflict
	}
	rec.Generation = prevGen + 1
	data, err := rec.MarshalBinary()
	if err != nil {
		return err
	}
	switch err := keyring.Set(s.service, entry(account), string(data)); {
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return s.problem(fmt.Sprintf("a login of %d bytes is too large for it", len(data)), "ask for fewer scopes, or keep logins in a file with auth.NewFileStore", err)
	case err != nil:
		return s.problem("it could not be written", "see that the keyring is unlocked", err)
	}
	return nil
}

// Lock has a file of its own for each account, so that Save works while it is held.
func (s *store) Lock(ctx context.Context, account string) (func(), error) {
	return s.lock(ctx, account, "refresh")
}

func (s *store) lock(ctx context.Context, account, purpose string) (func(), error) {
	sum := sha256.Sum256([]byte(s.service + "\x00" + account))
	path := filepath.Join(s.locks, hex.EncodeToString(sum[:16])+"."+purpose+".lock")
	lock := flock.New(path)
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		if ctx.Err() != nil {
			return nil, s.problem("another process holds its lock "+path, "see whether that process is stopped", context.Cause(ctx))
		}
		return nil, s.problem("its lock "+path+" cannot be used", "see that the file is yours and writable", err)
	}
	return sync.OnceFunc(func() { _ = lock.Close() }), nil
}

// String describes the store.
func (s *store) String() string { return fmt.Sprintf("keyring.New(%q)", s.service) }

func (s *store) problem(what, advice string, err error) error {
	return &auth.StoreError{Where: fmt.Sprintf("the keyring (%s)", s.service), Problem: what, Advice: advice, Err: err}
}

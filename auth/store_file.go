package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gofrs/flock"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/atomicfile"
)

const (
	fileFormat   = "spotify-logins/1"
	defaultLimit = 64 << 20
	lockPoll     = 5 * time.Millisecond
	// saveLockWait bounds the wait for the save lock, which a save holds for milliseconds.
	saveLockWait = 3 * time.Second
	// keepExpired is the time that an expired login stays in the file.
	keepExpired = 24 * time.Hour

	lockSuffix, refreshSuffix = ".lock", ".refresh.lock"
)

// fileStore stores logins in one JSON file. It holds no file open between calls.
type fileStore struct {
	dir, name string
	limit     int64
}

// contents is the decoded file.
type contents struct {
	Format   string                     `json:"format"`
	Accounts map[string]json.RawMessage `json:"accounts"`
}

// FileOption configures NewFileStore.
type FileOption interface{ apply(*fileStore) error }

type fileOption func(*fileStore) error

func (o fileOption) apply(s *fileStore) error { return o(s) }

// WithMaxFileSize sets the largest size of the file in bytes, from 4 KiB to 4 GiB. The default is
// 64 MiB, enough for about 70,000 logins. A larger file is refused with a *StoreError, and so is a
// Save that would exceed the size; the file is then unchanged.
func WithMaxFileSize(bytes int64) FileOption {
	return fileOption(func(s *fileStore) error {
		if s.limit = bytes; bytes < 4<<10 || bytes > 1<<32 {
			return argument.Errorf("WithMaxFileSize", bytes, "4096 (4 KiB) to 4294967296 (4 GiB)")
		}
		return nil
	})
}

// NewFileStore returns a store in one JSON file, for the programs of one user on one machine;
// several processes can share it. A server with many users should implement TokenStore over a
// database: each save rewrites the whole file, and all accounts of a file refresh one after the
// other.
//
// A path that begins with ~/ is in the user's home directory. The first save creates the directory
// with mode 0700, the file with mode 0600, and two lock files, path.lock and path.refresh.lock.
// Every save replaces the file atomically, and deletes logins whose refresh token expired more than
// 1 day ago (StoredToken.Ends).
//
// A *StoreError refuses a path that is a symbolic link, that is in a linked directory or in one
// that others can write to, that belongs to another user, or whose file is no such store. The mode
// of a file that others can read is set to 0600.
func NewFileStore(path string, opts ...FileOption) (TokenStore, error) {
	s, err := newFileStore(path)
	if err != nil {
		return nil, err
	}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt.apply(s); err != nil {
			return nil, err
		}
	}
	d, err := s.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	defer d.close()
	if _, err := s.read(d); err != nil {
		return nil, err
	}
	return s, nil
}

func newFileStore(given string) (*fileStore, error) {
	path := argument.Pasted(given)
	if path == "" || strings.ContainsRune(path, 0) || os.IsPathSeparator(path[len(path)-1]) {
		return nil, argument.Errorf("path", given, "the name of a file")
	}
	if strings.HasSuffix(path, lockSuffix) {
		return nil, argument.Errorf("path", given,
			"a name that does not end in %s, as the locks of other stores do", lockSuffix)
	}
	if path[0] == '~' {
		if len(path) < 2 || !os.IsPathSeparator(path[1]) {
			return nil, argument.Errorf("path", given,
				"a path that begins with ~/ for your home directory, or ./~ for a name with a tilde")
		}
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, &StoreError{
				Where:   path,
				Problem: "the home directory is not known",
				Advice:  "set HOME or give an absolute path",
				Err:     err,
			}
		}
		path = filepath.Join(home, path[2:])
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, &StoreError{
			Where:   path,
			Problem: "the current directory is not known",
			Advice:  "give an absolute path",
			Err:     err,
		}
	}
	return &fileStore{filepath.Dir(abs), filepath.Base(abs), defaultLimit}, nil
}

func (s *fileStore) Load(ctx context.Context, account string) (StoredToken, error) {
	if ctx.Err() != nil {
		return StoredToken{}, context.Cause(ctx)
	}
	d, err := s.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return StoredToken{}, ErrNoStoredToken
	}
	if err != nil {
		return StoredToken{}, err
	}
	defer d.close()
	c, err := s.read(d)
	if err != nil {
		return StoredToken{}, err
	}
	return s.record(c, account)
}

func (s *fileStore) Save(ctx context.Context, account string, stored StoredToken, prevGen uint64) error {
	if !utf8.ValidString(account) {
		// JSON would replace other bytes, and Load would not find the login.
		return argument.Errorf("account", account, "a name in UTF-8")
	}
	d, err := s.open(true)
	if err != nil {
		return err
	}
	defer d.close()
	waiting, cancel := context.WithTimeout(ctx, saveLockWait)
	defer cancel()
	unlock, err := s.lock(waiting, d, lockSuffix)
	if err != nil {
		return err
	}
	defer unlock()
	c, err := s.read(d)
	if err != nil {
		return err
	}
	old, err := s.record(c, account)
	if err != nil && !errors.Is(err, ErrNoStoredToken) {
		return err
	}
	if old.Generation != prevGen {
		return ErrConflict
	}
	c.dropExpired(time.Now().Add(-keepExpired))
	stored.Generation = prevGen + 1
	if c.Accounts[account], err = stored.MarshalBinary(); err != nil {
		return err
	}
	data, err := c.encode()
	if err != nil {
		return err
	}
	if int64(len(data)) > s.limit {
		return s.problem(
			fmt.Sprintf("it would have %d bytes with this login, more than the limit of %d", len(data), s.limit),
			"raise the limit with auth.WithMaxFileSize, or keep logins in a database behind a TokenStore", nil)
	}
	atomicfile.Sweep(d.root, s.name)
	if err := atomicfile.Replace(d.root, s.name, data); err != nil {
		return s.failed("it could not be written", err)
	}
	return nil
}

// encode writes one account per line. It copies the encoded logins: validating and indenting 20,000
// of them would add 0.5 seconds to each save.
func (c *contents) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"format":"` + c.Format + `","accounts":{`)
	for i, account := range slices.Sorted(maps.Keys(c.Accounts)) {
		name, err := json.Marshal(account)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(name)
		b.WriteByte(':')
		b.Write(c.Accounts[account])
	}
	b.WriteString("\n}}\n")
	return b.Bytes(), nil
}

// dropExpired deletes the logins that expired before the given time.
func (c *contents) dropExpired(before time.Time) {
	for account, data := range c.Accounts {
		var stored StoredToken
		if stored.UnmarshalBinary(data) == nil && !stored.Ends().IsZero() && stored.Ends().Before(before) &&
			stored.Expiry.Before(before) {
			delete(c.Accounts, account)
		}
	}
}

// Lock locks a file of its own, so that Save works while the lock is held.
func (s *fileStore) Lock(ctx context.Context, _ string) (func(), error) {
	d, err := s.open(true)
	if err != nil {
		return nil, err
	}
	defer d.close()
	return s.lock(ctx, d, refreshSuffix)
}

func (s *fileStore) lock(ctx context.Context, d *storeDir, suffix string) (func(), error) {
	name := s.name + suffix
	if err := s.makeLock(d, name); err != nil {
		return nil, err
	}
	// flock's default flags would follow a link that another program has put there in the meantime.
	lock := flock.New(filepath.Join(s.dir, name), flock.SetFlag(lockFlags))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		if ctx.Err() == nil {
			return nil, s.failed("its lock "+name+" cannot be used", err)
		}
		return nil, s.problem("its lock "+name+" is held"+s.holder(d, name),
			"check whether that process is suspended, and resume or end it", context.Cause(ctx))
	}
	path := lock.Path()
	writeHolder(path, strconv.Itoa(os.Getpid()))
	return sync.OnceFunc(func() {
		writeHolder(path, "")
		_ = lock.Close()
	}), nil
}

// writeHolder writes the holder's process id into the lock file, for the error of a wait that times
// out.
func writeHolder(path, text string) {
	if runtime.GOOS == "windows" { // a locked file cannot be read there
		return
	}
	if f, err := os.OpenFile(path, lockFlags|os.O_TRUNC, 0); err == nil {
		_, _ = f.WriteString(text)
		_ = f.Close()
	}
}

// holder returns " by process N" for the process that holds the lock, or "" if it is unknown.
func (s *fileStore) holder(d *storeDir, name string) string {
	f, err := d.root.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, _ := io.ReadAll(io.LimitReader(f, 20))
	switch pid, err := strconv.Atoi(string(text)); {
	case err != nil:
		return ""
	case pid == os.Getpid():
		return " by this process"
	default:
		return fmt.Sprintf(" by process %d", pid)
	}
}

// makeLock creates the lock file if it does not exist, with mode 0600 under any umask.
func (s *fileStore) makeLock(d *storeDir, name string) error {
	info, err := d.root.Lstat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return s.problem("its lock "+name+" is not a regular file", "remove the lock", nil)
	case err == nil:
		return s.checkOwner(d, "its lock "+name, info)
	}
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_RDONLY, 0o600)
	if err == nil {
		err = errors.Join(d.root.Chmod(name, 0o600), atomicfile.GiveAway(d.root, name), f.Close())
	}
	if err != nil {
		return s.failed("its lock could not be created", err)
	}
	return nil
}

func (s *fileStore) record(c *contents, account string) (StoredToken, error) {
	data, ok := c.Accounts[account]
	if !ok {
		return StoredToken{}, ErrNoStoredToken
	}
	var stored StoredToken
	if err := stored.UnmarshalBinary(data); err != nil {
		return StoredToken{}, s.problem("the account's stored login is damaged",
			"restore the file from a backup, or move it away and log in again", err)
	}
	return stored, nil
}

package auth

// filestore.go keeps logins in one JSON file that only its owner can read, that is replaced as a whole or not at all, and that several processes can share.

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

const (
	fileFormat = "spotify-logins/1"
	lockPoll   = 5 * time.Millisecond
)

// fileStore holds no file open between calls.
type fileStore struct{ dir, name string }

// contents is the file's.
type contents struct {
	Format   string                     `json:"format"`
	Accounts map[string]json.RawMessage `json:"accounts"`
}

// NewFileStore returns a store in a file, for programs on one machine; a server with many users is better off with a database behind a TokenStore of
// its own, as users of one file refresh in turn. The directory is made, with mode 0700, when it is first needed, the file has mode 0600, and two lock
// files (path.lock and path.refresh.lock) stand beside it. A path that is a link, in a linked directory or in one where others can write, and a file that
// is not such a store, are refused with a *StoreError; a file that others can read is made private.
func NewFileStore(path string) (TokenStore, error) {
	if path == "" || strings.ContainsRune(path, 0) || strings.HasSuffix(path, string(filepath.Separator)) {
		return nil, argument.Errorf("path", path, "the name of a file")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, &StoreError{Where: path, Problem: "its place cannot be told", Advice: "give an absolute path", Err: err}
	}
	s := &fileStore{filepath.Dir(abs), filepath.Base(abs)}
	root, err := s.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if _, err := s.read(root); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *fileStore) Load(ctx context.Context, account string) (Record, error) {
	if ctx.Err() != nil {
		return Record{}, context.Cause(ctx)
	}
	root, err := s.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{}, ErrNoRecord
	}
	if err != nil {
		return Record{}, err
	}
	defer root.Close()
	c, err := s.read(root)
	if err != nil {
		return Record{}, err
	}
	return s.record(c, account)
}

func (s *fileStore) Save(ctx context.Context, account string, rec Record, prevGen uint64) error {
	root, err := s.open(true)
	if err != nil {
		return err
	}
	defer root.Close()
	unlock, err := s.lock(ctx, root, ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	c, err := s.read(root)
	if err != nil {
		return err
	}
	old, err := s.record(c, account)
	if err != nil && !errors.Is(err, ErrNoRecord) {
		return err
	}
	if old.Generation != prevGen {
		return ErrConflict
	}
	rec.Generation = prevGen + 1
	if c.Accounts[account], err = rec.MarshalBinary(); err != nil {
		return err
	}
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	s.sweep(root)
	if err := replaceFile(root, s.name, data); err != nil {
		return s.problem("it could not be written", "see that there is space and that the directory is writable", err)
	}
	return nil
}

// Lock has a file of its own, so that Save works while it is held.
func (s *fileStore) Lock(ctx context.Context, _ string) (func(), error) {
	root, err := s.open(true)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return s.lock(ctx, root, ".refresh.lock")
}

func (s *fileStore) lock(ctx context.Context, root *os.Root, suffix string) (func(), error) {
	if err := s.makeLock(root, s.name+suffix); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(s.dir, s.name+suffix))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, s.problem("it could not be locked", "see that the directory is writable", err)
	}
	return sync.OnceFunc(func() { _ = lock.Close() }), nil
}

// makeLock makes the lock file if there is none, with mode 0600 whatever the umask.
func (s *fileStore) makeLock(root *os.Root, name string) error {
	info, err := root.Lstat(name)
	if err == nil && info.Mode().IsRegular() {
		return nil
	}
	if err == nil {
		return s.problem("its lock "+name+" is not a plain file", "remove the lock", nil)
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_RDONLY, 0o600)
	if err == nil {
		err = errors.Join(root.Chmod(name, 0o600), f.Close())
	}
	if err != nil {
		return s.problem("its lock could not be made", "see that the directory is writable", err)
	}
	return nil
}

func (s *fileStore) record(c *contents, account string) (Record, error) {
	data, ok := c.Accounts[account]
	if !ok {
		return Record{}, ErrNoRecord
	}
	var rec Record
	if err := rec.UnmarshalBinary(data); err != nil {
		return Record{}, s.problem("an account's record is damaged", "restore the file from a backup, or move it away and log in again", err)
	}
	return rec, nil
}

// sweep removes what savers that were killed left behind. Nobody else is saving: the lock is held.
func (s *fileStore) sweep(root *os.Root) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return
	}
	for _, entry := range entries {
		if number, ok := strings.CutPrefix(entry.Name(), "."+s.name); ok && number != "" && strings.Trim(number, "0123456789") == "" {
			_ = root.Remove(entry.Name())
		}
	}
}

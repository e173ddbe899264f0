package auth

// The file store keeps logins in one JSON file that only its owner can read. The file is replaced
// as a whole or not at all, and several processes can share it.

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
	// saveLockWait bounds the wait for a lock that is held for the milliseconds of one save.
	saveLockWait = 3 * time.Second
	// keepEnded is how long a login stays in the file after Spotify has ended it.
	keepEnded = 24 * time.Hour

	lockSuffix, refreshSuffix = ".lock", ".refresh.lock"
)

// fileStore holds no file open between calls.
type fileStore struct {
	dir, name string
	limit     int64
}

// contents is the file's.
type contents struct {
	Format   string                     `json:"format"`
	Accounts map[string]json.RawMessage `json:"accounts"`
}

// FileOption changes how NewFileStore keeps its file.
type FileOption func(*fileStore) error

// WithMaxFileSize sets the size in bytes that the file may have: 64 MiB by default, enough for
// about 70,000 logins. A larger file is refused unread, and a Save that would make it larger fails
// with a *StoreError and leaves the file as it is.
func WithMaxFileSize(bytes int64) FileOption {
	return func(s *fileStore) error {
		if s.limit = bytes; bytes < 4<<10 || bytes > 1<<32 {
			return argument.Errorf("WithMaxFileSize", bytes, "4096 (4 KiB) to 4294967296 (4 GiB)")
		}
		return nil
	}
}

// NewFileStore returns a store in one file, for the programs of one user on one machine. A server
// with many users is better off with a database behind a TokenStore of its own: each save writes
// the whole file, and the users of one file refresh one after the other.
//
// A path that begins with ~/ is in the user's home directory. The directory is made, with mode
// 0700, when it is first needed; the file has mode 0600, and two lock files (path.lock and
// path.refresh.lock) stand beside it. A path that is a link, in a linked directory or in one where
// others can write, a file or directory of another user, and a file that is not such a store are
// refused with a *StoreError; a file that others can read is made private. Save drops the logins
// that ended more than a day ago: six months after their AuthorizedAt, when Spotify no longer
// accepts them.
func NewFileStore(path string, opts ...FileOption) (TokenStore, error) {
	s, err := newFileStore(path)
	if err != nil {
		return nil, err
	}
	for _, opt := range opts {
		if err := opt(s); err != nil {
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
		return nil, argument.Errorf("path", given, "a name that does not end in %s, as the locks of other stores do", lockSuffix)
	}
	if path[0] == '~' {
		if len(path) < 2 || !os.IsPathSeparator(path[1]) {
			return nil, argument.Errorf("path", given, "a path that begins with ~/ for your home directory, or ./~ for a name with a tilde")
		}
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, &StoreError{Where: path, Problem: "the home directory is not known", Advice: "set HOME or give an absolute path", Err: err}
		}
		path = filepath.Join(home, path[2:])
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, &StoreError{Where: path, Problem: "the current directory is not known", Advice: "give an absolute path", Err: err}
	}
	return &fileStore{filepath.Dir(abs), filepath.Base(abs), defaultLimit}, nil
}

func (s *fileStore) Load(ctx context.Context, account string) (Record, error) {
	if ctx.Err() != nil {
		return Record{}, context.Cause(ctx)
	}
	d, err := s.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{}, ErrNoRecord
	}
	if err != nil {
		return Record{}, err
	}
	defer d.close()
	c, err := s.read(d)
	if err != nil {
		return Record{}, err
	}
	return s.record(c, account)
}

func (s *fileStore) Save(ctx context.Context, account string, rec Record, prevGen uint64) error {
	if !utf8.ValidString(account) {
		return argument.Errorf("account", account, "a name in UTF-8") // JSON would replace the rest, and Load miss the login
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
	if err != nil && !errors.Is(err, ErrNoRecord) {
		return err
	}
	if old.Generation != prevGen {
		return ErrConflict
	}
	c.dropEnded(time.Now().Add(-keepEnded))
	rec.Generation = prevGen + 1
	if c.Accounts[account], err = rec.MarshalBinary(); err != nil {
		return err
	}
	data, err := c.encode()
	if err != nil {
		return err
	}
	if int64(len(data)) > s.limit {
		return s.problem(fmt.Sprintf("it would have %d bytes with this login, more than the limit of %d", len(data), s.limit),
			"raise the limit with auth.WithMaxFileSize, or keep logins in a database behind a TokenStore", nil)
	}
	atomicfile.Sweep(d.root, s.name)
	if err := atomicfile.Replace(d.root, s.name, data); err != nil {
		return s.failed("it could not be written", err)
	}
	return nil
}

// encode writes one account a line. It takes the records as they are: checking and indenting 20,000
// of them anew would take half a second of each save.
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

// dropEnded drops the logins that Spotify ended before the given time.
func (c *contents) dropEnded(before time.Time) {
	for account, data := range c.Accounts {
		var rec Record
		if rec.UnmarshalBinary(data) == nil && !rec.Ends().IsZero() && rec.Ends().Before(before) && rec.Expiry.Before(before) {
			delete(c.Accounts, account)
		}
	}
}

// Lock has a file of its own, so that Save works while it is held.
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
	// The default flags would make a file where a link that was put there in the meantime points.
	lock := flock.New(filepath.Join(s.dir, name), flock.SetFlag(lockFlags))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		if ctx.Err() == nil {
			return nil, s.failed("its lock "+name+" cannot be used", err)
		}
		return nil, s.problem("its lock "+name+" is held"+s.holder(d, name), "see whether that process is stopped, and let it go on or end it", context.Cause(ctx))
	}
	path := lock.Path()
	signLock(path, strconv.Itoa(os.Getpid()))
	return sync.OnceFunc(func() {
		signLock(path, "")
		_ = lock.Close()
	}), nil
}

// signLock writes into a lock which process holds it, for the error of those that wait in vain.
func signLock(path, text string) {
	if runtime.GOOS == "windows" { // where a locked file cannot be read
		return
	}
	if f, err := os.OpenFile(path, lockFlags|os.O_TRUNC, 0); err == nil {
		_, _ = f.WriteString(text)
		_ = f.Close()
	}
}

// holder names the process that holds a lock, if that is known.
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

// makeLock makes the lock file if there is none, with mode 0600 whatever the umask.
func (s *fileStore) makeLock(d *storeDir, name string) error {
	info, err := d.root.Lstat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return s.problem("its lock "+name+" is not a plain file", "remove the lock", nil)
	case err == nil:
		return s.checkOwner(d, "its lock "+name, info)
	}
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_RDONLY, 0o600)
	if err == nil {
		err = errors.Join(d.root.Chmod(name, 0o600), atomicfile.GiveAway(d.root, name), f.Close())
	}
	if err != nil {
		return s.failed("its lock could not be made", err)
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

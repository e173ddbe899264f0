package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// storeDir is the store's directory, opened after it was checked. Every file is opened relative to
// it, so that a directory that is put under the same name later is not used.
type storeDir struct {
	root *os.Root
	info fs.FileInfo
}

func (d *storeDir) close() { _ = d.root.Close() }

// open checks and opens the directory: no other user may be able to replace its files. It creates
// the directory first if create is set.
func (s *fileStore) open(create bool) (*storeDir, error) {
	info, err := os.Lstat(s.dir)
	if errors.Is(err, fs.ErrNotExist) && create {
		if err = os.MkdirAll(s.dir, 0o700); err == nil {
			err = os.Chmod(s.dir, 0o700) // under any umask
		}
		if err != nil {
			return nil, s.failed("its directory could not be created", err)
		}
		info, err = os.Lstat(s.dir)
	}
	if err != nil {
		return nil, s.failed("its directory cannot be used", err)
	}
	shared := info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 && runtime.GOOS != "windows"
	owner, known := ownerOf(info)
	foreign := known && owner != 0 && os.Geteuid() != 0 && owner != os.Geteuid()
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, s.problem("its directory is a symbolic link", "use the directory that the link points to", nil)
	case !info.IsDir():
		return nil, s.problem("its parent is not a directory", "use another path", nil)
	case shared:
		return nil, s.problem("others can write to its directory",
			"chmod the directory to 0700 or use another path", nil)
	case foreign:
		return nil, s.foreign("its directory", owner)
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, s.failed("its directory cannot be used", err)
	}
	if opened, err := root.Stat("."); err != nil || !os.SameFile(info, opened) {
		_ = root.Close()
		return nil, s.problem("its directory was replaced while it was opened",
			"find out which program replaces it", err)
	}
	return &storeDir{root, info}, nil
}

// checkOwner refuses a file of another user, which any user can create in a directory like /tmp: it
// may hold that user's login, or be locked by that user. Root may use the files of the directory's
// owner.
func (s *fileStore) checkOwner(d *storeDir, what string, info fs.FileInfo) error {
	owner, known := ownerOf(info)
	dirOwner, _ := ownerOf(d.info)
	if !known || owner == os.Geteuid() || os.Geteuid() == 0 && owner == dirOwner {
		return nil
	}
	return s.foreign(what, owner)
}

func (s *fileStore) foreign(what string, owner int) error {
	return s.problem(fmt.Sprintf("%s belongs to user id %d, and this program runs as %d", what, owner, os.Geteuid()),
		"run the program as that user, or use a path in a directory of your own", nil)
}

// read checks and reads the file. Its contents are empty if the file does not exist.
func (s *fileStore) read(d *storeDir) (*contents, error) {
	c := &contents{Format: fileFormat, Accounts: map[string]json.RawMessage{}}
	info, err := d.root.Lstat(s.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case err != nil:
		return nil, s.failed("it cannot be read", err)
	case info.IsDir():
		return nil, s.problem("it is a directory", "give the name of a file in it", nil)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, s.problem("it is a symbolic link", "use the file that the link points to", nil)
	case !info.Mode().IsRegular():
		return nil, s.problem("it is not a regular file", "use another path", nil)
	}
	if err := s.checkOwner(d, "it", info); err != nil {
		return nil, err
	}
	f, err := d.root.Open(s.name)
	if err != nil {
		return nil, s.failed("it cannot be read", err)
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !opened.Mode().IsRegular() {
		return nil, s.problem("it was replaced while it was opened", "find out which program replaces it", err)
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		if err := f.Chmod(0o600); err != nil {
			return nil, s.problem("others can read it",
				"chmod it to 0600, and log in again if they may have read it", err)
		}
	}
	data, err := io.ReadAll(io.LimitReader(f, s.limit+1))
	switch {
	case err != nil:
		return nil, s.failed("it cannot be read", err)
	case int64(len(data)) > s.limit:
		return nil, s.problem(fmt.Sprintf("it is larger than the limit of %d bytes", s.limit),
			"raise the limit with auth.WithMaxFileSize, if it is a file of logins", nil)
	}
	*c = contents{}
	if json.Unmarshal(data, c) != nil || c.Format != fileFormat || c.Accounts == nil {
		return nil, s.problem("it is truncated or not a file of logins",
			"restore it from a backup, or move it away and log in again", nil)
	}
	return c, nil
}

func (s *fileStore) problem(what, advice string, err error) error {
	return &StoreError{Where: filepath.Join(s.dir, s.name), Problem: what, Advice: advice, Err: err}
}

// failed returns a *StoreError with the advice for the system's error.
func (s *fileStore) failed(what string, err error) error {
	advice := "check that the path exists and is writable"
	switch {
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT):
		advice = "free some space: the disk is full or a disk quota is exceeded"
	case errors.Is(err, syscall.EROFS):
		advice = "use a path on a writable file system"
	case errors.Is(err, fs.ErrPermission):
		advice = "check the owner of the file and of its directory, and that the owner may read and write them"
	}
	return s.problem(what, advice, err)
}

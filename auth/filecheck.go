package auth

// filecheck.go decides whether a directory and a file are fit to keep tokens in, before anything is read from or written to them.

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

const fileLimit = 8 << 20

// open returns the directory, which is made if need be. All that follows happens inside of what was checked, wherever its name may point by then.
func (s *fileStore) open(create bool) (*os.Root, error) {
	info, err := os.Lstat(s.dir)
	if errors.Is(err, fs.ErrNotExist) && create {
		if err = os.MkdirAll(s.dir, 0o700); err == nil {
			err = os.Chmod(s.dir, 0o700) // whatever the umask
		}
		if err == nil {
			info, err = os.Lstat(s.dir)
		}
	}
	if err != nil {
		return nil, s.problem("its directory cannot be used", "see that it exists and is writable", err)
	}
	shared := info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 && runtime.GOOS != "windows"
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, s.problem("its directory is a symbolic link", "use the directory that the link points to", nil)
	case !info.IsDir():
		return nil, s.problem("its directory is something else", "use another path", nil)
	case shared:
		return nil, s.problem("others can write to its directory", "chmod the directory to 0700 or use another path", nil)
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, s.problem("its directory cannot be used", "see that it exists and is writable", err)
	}
	if opened, err := root.Stat("."); err != nil || !os.SameFile(info, opened) {
		_ = root.Close()
		return nil, s.problem("its directory was exchanged while it was opened", "find out who does that", err)
	}
	return root, nil
}

// read returns the file's contents, empty if there is no file.
func (s *fileStore) read(root *os.Root) (*contents, error) {
	c := &contents{Format: fileFormat, Accounts: map[string]json.RawMessage{}}
	info, err := root.Lstat(s.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case err != nil:
		return nil, s.problem("it cannot be read", "see who owns it", err)
	case info.IsDir():
		return nil, s.problem("it is a directory", "give the name of a file in it", nil)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, s.problem("it is a symbolic link", "use the file that the link points to", nil)
	case !info.Mode().IsRegular():
		return nil, s.problem("it is not a plain file", "use another path", nil)
	}
	f, err := root.Open(s.name)
	if err != nil {
		return nil, s.problem("it cannot be read", "see who owns it", err)
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !opened.Mode().IsRegular() {
		return nil, s.problem("it was exchanged while it was opened", "find out who does that", err)
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		if err := f.Chmod(0o600); err != nil {
			return nil, s.problem("others can read it", "chmod it to 0600, and log in again if they may have read it", err)
		}
	}
	data, err := io.ReadAll(io.LimitReader(f, fileLimit+1))
	if err != nil {
		return nil, s.problem("it cannot be read", "see who owns it", err)
	}
	*c = contents{}
	if len(data) > fileLimit || json.Unmarshal(data, c) != nil || c.Format != fileFormat || c.Accounts == nil {
		return nil, s.problem("it is cut short or not a file of logins", "restore it from a backup, or move it away and log in again", nil)
	}
	return c, nil
}

func (s *fileStore) problem(what, advice string, err error) error {
	return &StoreError{Where: filepath.Join(s.dir, s.name), Problem: what, Advice: advice, Err: err}
}

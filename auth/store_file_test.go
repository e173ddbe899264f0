//go:build !windows

package auth_test

import (
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

const storedSecret = "stored-refresh-token"

// newFile returns the path of a file with one login.
func newFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "private", "logins.json")
	s, err := auth.NewFileStore(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), "default", auth.StoredToken{ClientID: clientID, RefreshToken: storedSecret},
		0); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileIsPrivate(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077, 0o277, 0o777} {
		old := syscall.Umask(umask)
		path := newFile(t)
		entries, err := os.ReadDir(filepath.Dir(path))
		syscall.Umask(old)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("umask %03o: the directory has %v, %v", umask, info.Mode(), err)
		}
		if len(entries) != 2 {
			t.Errorf("umask %03o: %v", umask, entries)
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("umask %03o: %s has %v, %v", umask, entry.Name(), info.Mode(), err)
			}
		}
	}
}

func TestFileModeIsRepaired(t *testing.T) {
	path := newFile(t)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := auth.NewFileStore(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if rec, err := s.Load(t.Context(), "default"); err != nil || rec.RefreshToken != storedSecret {
		t.Errorf("%v, %v", rec, err)
	}
}

// Unsafe files and directories are refused with advice, and are not changed.
func TestUnsafeFilesAreRefused(t *testing.T) {
	write := func(text string) func(*testing.T, string) {
		return func(t *testing.T, path string) { must(t, os.WriteFile(path, []byte(text), 0o600)) }
	}
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		want  string
	}{
		"a directory": {
			func(t *testing.T, path string) { must(t, os.Remove(path)); must(t, os.Mkdir(path, 0o700)) },
			"is a directory; give the name of a file",
		},
		"a link": {func(t *testing.T, path string) {
			must(t, os.Rename(path, path+".real"))
			must(t, os.Symlink(path+".real", path))
		}, "is a symbolic link; use the file that"},
		"a link to nowhere": {
			func(t *testing.T, path string) { must(t, os.Remove(path)); must(t, os.Symlink("nowhere", path)) },
			"is a symbolic link",
		},
		"a linked directory": {func(t *testing.T, path string) {
			dir := filepath.Dir(path)
			must(t, os.Rename(dir, dir+".real"))
			must(t, os.Symlink(dir+".real", dir))
		}, "directory is a symbolic link"},
		"an open directory": {
			func(t *testing.T, path string) { must(t, os.Chmod(filepath.Dir(path), 0o777)) },
			"others can write to its directory; chmod",
		},
		"a pipe": {
			func(t *testing.T, path string) { must(t, os.Remove(path)); must(t, syscall.Mkfifo(path, 0o600)) },
			"not a regular file",
		},
		"a file for a directory": {func(t *testing.T, path string) {
			must(t, os.RemoveAll(filepath.Dir(path)))
			must(t, os.WriteFile(filepath.Dir(path), nil, 0o600))
		}, "parent is not a directory"},
		"empty":          {write(""), "truncated or not a file of logins; restore"},
		"truncated":      {func(t *testing.T, path string) { must(t, os.Truncate(path, 60)) }, "truncated"},
		"something else": {write(`{"refresh_token":"` + storedSecret + `"}`), "not a file of logins"},
		"a later format": {write(`{"format":"spotify-logins/2","accounts":{}}`), "not a file of logins"},
		"a damaged login": {
			write(`{"format":"spotify-logins/1","accounts":{"default":["` + storedSecret + `"]}}`), "stored login is damaged",
		},
		"enormous": {
			write(strings.Repeat(" ", 65<<20)),
			"larger than the limit of 67108864 bytes; raise the limit with auth.WithMaxFileSize",
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := newFile(t)
			s, err := auth.NewFileStore(path)
			if err != nil {
				t.Fatal(err)
			}
			c.spoil(t, path)
			before := listing(t, filepath.Dir(path))
			_, atOnce := auth.NewFileStore(path)
			_, loading := s.Load(t.Context(), "default")
			saving := s.Save(t.Context(), "default", auth.StoredToken{RefreshToken: "new"}, 1)
			for what, err := range map[string]error{"NewFileStore": atOnce, "Load": loading, "Save": saving} {
				if name == "a damaged login" && what == "NewFileStore" {
					continue // other accounts still load
				}
				problem, ok := errors.AsType[*auth.StoreError](err)
				if !ok || problem.Where != path || problem.Advice == "" || !strings.Contains(err.Error(), c.want) ||
					strings.Contains(err.Error(), storedSecret) {
					t.Errorf("%s: %v, want ...%s...", what, err, c.want)
				}
			}
			if after := listing(t, filepath.Dir(path)); after != before {
				t.Errorf("changed\n%s\ninto\n%s", before, after)
			}
			l := open(t, "PKCE", auth.Config{ClientID: clientID, RedirectURL: redirectURL, Store: s})
			if _, err := l.Token(t.Context()); err == nil {
				t.Error("Token returned a token")
			} else if _, ok := errors.AsType[*auth.StoreError](err); !ok {
				t.Errorf("Token: %v", err)
			}
		})
	}
	for _, path := range []string{"", "logins.json/", "a\x00b"} {
		if _, err := auth.NewFileStore(path); !errors.Is(err, auth.ErrInvalidArgument) {
			t.Errorf("path %q: %v", path, err)
		}
	}
}

// The login of another app is refused before any request. Two apps can share a file under two
// accounts.
func TestFileOfAnotherClient(t *testing.T) {
	w := online(t, accounts.Config{})
	s, err := auth.NewFileStore(newFile(t))
	if err != nil {
		t.Fatal(err)
	}
	w.Configure(func(c *accounts.Config) { c.Clients = map[string]string{"other": clientSecret} })
	c := w.config()
	c.ClientID, c.Store = "other", s
	l := open(t, "code", c)
	for what, err := range map[string]error{
		"Token":       second(l.Token(t.Context())),
		"StoredToken": second(l.StoredToken(t.Context())),
		"Forget":      l.Forget(t.Context()),
		"AuthorizeLocal": l.AuthorizeLocal(
			t.Context(), auth.LocalConfig{OpenURL: func(string) error { t.Error("OpenURL was called"); return nil }},
		),
	} {
		if problem, ok := errors.AsType[*auth.StoreError](err); !ok ||
			!strings.Contains(problem.Error(), `belongs to client "app", not "other"; use that client, or another`) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if rec, err := s.Load(t.Context(), "default"); err != nil || rec.RefreshToken != storedSecret ||
		w.Count(tokenPath) != 0 {
		t.Errorf("%v, %v", rec, err)
	}
	mine := l.ForAccount("mine")
	defer mine.Close()
	w.logIn(t, mine)
	w.token(t, mine)
}

// saveLimited is a program with a file size limit of 50 bytes, which acts like a full disk.
func saveLimited(file string) error {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = 50
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	return saveOnce(file)
}

// On a full disk a save fails, the file is unchanged, and no temporary file is left.
func TestSecurity36DiskFull(t *testing.T) {
	path := newFile(t)
	before := listing(t, filepath.Dir(path))
	program := child(t, "full", path)
	program.Stderr = nil
	out, err := program.CombinedOutput()
	t.Logf("the user reads: %s", out)
	if err == nil ||
		!strings.Contains(string(out),
			"file too large; free some space: the disk is full or a disk quota is exceeded") {
		t.Errorf("%s, %v", out, err)
	}
	if after := listing(t, filepath.Dir(path)); after != before {
		t.Errorf("changed\n%s\ninto\n%s", before, after)
	}
	must(t, saveOnce(path))
}

// listing describes the files of a directory without the locks, which are created when needed.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	_ = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == dir || strings.HasSuffix(path, ".lock") {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text := ""
		if info.Mode().IsRegular() {
			data, _ := os.ReadFile(path)
			text = string(data[:min(len(data), 500)])
		}
		b.WriteString(entry.Name() + " " + info.Mode().String() + " " + text + "\n")
		return nil
	})
	return b.String()
}

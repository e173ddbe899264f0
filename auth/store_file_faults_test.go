//go:build !windows

package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

func init() {
	switch os.Getenv("AUTH_TEST_CHILD") {
	case "once":
		exit(saveOnce(os.Args[1]))
	case "full":
		exit(saveLimited(os.Args[1]))
	case "hold":
		exit(holdLock(os.Args[1], os.Args[2]))
	}
}

// stranger is the user id of another user. Tests that need one are skipped unless they run as root.
const stranger = 65534

// saveOnce is a program that loads the login, saves its next generation and prints the error.
func saveOnce(file string) error {
	store, err := auth.NewFileStore(file)
	if err != nil {
		return err
	}
	rec, err := store.Load(context.Background(), "default")
	if err != nil && !errors.Is(err, auth.ErrNoStoredToken) {
		return err
	}
	return store.Save(context.Background(), "default", bigToken(rec.Generation+1), rec.Generation)
}

// holdLock is a program that holds a lock until it is killed.
func holdLock(file, suffix string) error {
	if suffix == ".refresh.lock" {
		store, err := auth.NewFileStore(file)
		if err != nil {
			return err
		}
		if _, err := store.(auth.RefreshLocker).Lock(context.Background(), "default"); err != nil {
			return err
		}
	} else if _, err := flock.New(file + suffix).TryLock(); err != nil {
		return err
	}
	fmt.Println("held")
	time.Sleep(time.Hour)
	return nil
}

// asStranger runs the program "once" as another user and returns what it printed.
func asStranger(t *testing.T, file string) string {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	program := filepath.Join(t.TempDir(), "program") // other users cannot read go test's own directory
	data, err := os.ReadFile(self)
	must(t, err)
	must(t, os.WriteFile(program, data, 0o755))
	for dir := filepath.Dir(program); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		must(t, os.Chmod(dir, 0o755))
	}
	cmd := exec.CommandContext(t.Context(), program, file)
	cmd.Env = append(os.Environ(), "AUTH_TEST_CHILD=once")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	out, err := cmd.CombinedOutput()
	if err == nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// generation returns the stored generation, read as the file's owner.
func generation(t *testing.T, file string) uint64 {
	t.Helper()
	store, err := auth.NewFileStore(file)
	must(t, err)
	rec, err := store.Load(t.Context(), "default")
	must(t, err)
	return rec.Generation
}

// Directories and files of other users are refused with an error that names the user, and no login
// is lost.
func TestSecurity36Owners(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can create files of another user")
	}
	// dir creates a directory of the given owner in one that every user can search.
	dir := func(t *testing.T, owner int, mode fs.FileMode) string {
		t.Helper()
		outer := t.TempDir()
		for at := outer; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
			must(t, os.Chmod(at, 0o755))
		}
		inner := filepath.Join(outer, "logins")
		must(t, os.Mkdir(inner, 0o700))
		must(t, os.Chown(inner, owner, owner))
		must(t, os.Chmod(inner, mode))
		return inner
	}
	write := func(t *testing.T, path string, owner int) {
		t.Helper()
		must(t, saveOnce(path))
		must(t, os.Chown(path, owner, owner))
	}
	refused := func(t *testing.T, path, want string) {
		t.Helper()
		got := asStranger(t, path)
		t.Logf("the user reads: %s", got)
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want ...%s...", got, want)
		}
	}
	t.Run("another owner's directory", func(t *testing.T) {
		path := filepath.Join(dir(t, 4711, 0o755), "logins.json")
		refused(
			t,
			path,
			"its directory belongs to user id 4711, and this program runs as 65534; run the program as that "+
				"user, or use a path in a directory of your own",
		)
	})
	t.Run("another owner's file", func(t *testing.T) {
		path := filepath.Join(dir(t, stranger, 0o700), "logins.json")
		write(t, path, 4711)
		refused(t, path, "it belongs to user id 4711, and this program runs as 65534")
		if data, err := os.ReadFile(path); err != nil || !bytes.Contains(data, []byte("refresh-1-")) {
			t.Errorf("the login was lost: %v", err)
		}
	})
	t.Run("a private directory of root", func(t *testing.T) {
		path := filepath.Join(dir(t, 0, 0o755), "logins.json")
		refused(t, path,
			"permission denied; check the owner of the file and of its directory, and that the owner may read and write them")
	})
	t.Run("read-only directory", func(t *testing.T) {
		path := filepath.Join(dir(t, stranger, 0o700), "logins.json")
		if got := asStranger(t, path); got != "" {
			t.Fatal(got)
		}
		must(t, os.Chmod(filepath.Dir(path), 0o500))
		refused(t, path, "it could not be written: openat .logins.json.")
		if got := generation(t, path); got != 1 {
			t.Errorf("generation %d", got)
		}
	})
	t.Run("sticky directory", func(t *testing.T) {
		path := filepath.Join(dir(t, 0, 0o777|fs.ModeSticky), "logins.json")
		for range 3 {
			if got := asStranger(t, path); got != "" {
				t.Fatal(got)
			}
		}
		if info, err := os.Stat(path); err != nil || info.Sys().(*syscall.Stat_t).Uid != stranger ||
			info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	})
	t.Run("sticky directory, a file of another user", func(t *testing.T) {
		path := filepath.Join(dir(t, 0, 0o777|fs.ModeSticky), "logins.json")
		write(t, path, 4711)
		must(t, os.Chmod(path, 0o644))
		refused(t, path, "it belongs to user id 4711")
	})
	t.Run("sticky directory, a lock of another user", func(t *testing.T) {
		path := filepath.Join(dir(t, 0, 0o777|fs.ModeSticky), "logins.json")
		must(t, os.WriteFile(path+".lock", nil, 0o666))
		must(t, os.Chown(path+".lock", 4711, 4711))
		refused(t, path, "its lock logins.json.lock belongs to user id 4711")
	})
	t.Run("run once with sudo", func(t *testing.T) {
		path := filepath.Join(dir(t, stranger, 0o700), "logins.json")
		must(t, saveOnce(path)) // as root; afterwards the user's program must still work
		if got := asStranger(t, path); got != "" {
			t.Error(got)
		}
		must(t, saveOnce(path))
		if got := asStranger(t, path); got != "" {
			t.Error(got)
		}
		if got := generation(t, path); got != 4 {
			t.Errorf("generation %d, want 4", got)
		}
	})
	t.Run("read-only file system", func(t *testing.T) {
		path := filepath.Join(dir(t, 0, 0o700), "logins.json")
		at := filepath.Dir(path)
		remount := mount(t, at)
		must(t, saveOnce(path))
		must(t, remount())
		err := saveOnce(path)
		t.Logf("the user reads: %v", err)
		if err == nil ||
			!strings.Contains(err.Error(), "read-only file system; use a path on a writable file system") ||
			generation(t, path) != 1 {
			t.Errorf("%v", err)
		}
	})
	t.Run("no space left", func(t *testing.T) {
		path := filepath.Join(dir(t, 0, 0o700), "logins.json")
		at := filepath.Dir(path)
		mount(t, at)
		must(t, saveOnce(path))
		err := saveOnce(path) // the file system has no room for two files of 44 KB
		t.Logf("the user reads: %v", err)
		if err == nil ||
			!strings.Contains(err.Error(),
				"no space left on device; free some space: the disk is full or a disk quota is exceeded") ||
			generation(t, path) != 1 {
			t.Errorf("%v", err)
		}
	})
}

// Two stores with similar names in one directory do not touch each other's files: temporary files,
// locks and contents.
func TestFaultsNeighbouringNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "private")
	names := []string{
		"logins", "logins1", "logins.1", ".logins", "logins.tmp", "logins.0123456789abcdef.tmp",
		".logins.0123456789abcdef.tmp.x", "Logins", "logins.json", "ä",
	}
	stores := map[string]auth.TokenStore{}
	for _, name := range names {
		s, err := auth.NewFileStore(filepath.Join(dir, name))
		must(t, err)
		must(t, s.Save(t.Context(), "default", auth.StoredToken{RefreshToken: "of " + name}, 0))
		stores[name] = s
	}
	leftover := func(name string) string { return filepath.Join(dir, "."+name+".0123456789abcdef.tmp") }
	for _, name := range names {
		for _, other := range names { // every store has a temporary file
			must(t, os.WriteFile(leftover(other), []byte(storedSecret), 0o600))
		}
		rec, err := stores[name].Load(t.Context(), "default")
		must(t, err)
		must(t, stores[name].Save(t.Context(), "default", rec, rec.Generation))
		for _, other := range names {
			if _, err := os.Stat(leftover(other)); (err != nil) != (other == name) {
				t.Errorf("store %q saved: the temporary file of %q: %v", name, other, err)
			}
			if rec, err := stores[other].Load(t.Context(), "default"); err != nil || rec.RefreshToken != "of "+other {
				t.Errorf("store %q saved: %q has %v, %v", name, other, rec, err)
			}
		}
	}
	for _, name := range []string{"logins.lock", "logins.refresh.lock"} {
		_, err := auth.NewFileStore(filepath.Join(dir, name))
		if !errors.Is(err, auth.ErrInvalidArgument) ||
			!strings.Contains(err.Error(), "a name that does not end in .lock") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFaultsHomeDirectoryPaths(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for given, want := range map[string]string{
		"~/a/logins.json":     filepath.Join(home, "a", "logins.json"),
		" ~/b.json\n":         filepath.Join(home, "b.json"),
		`"~/c d/logins.json"`: filepath.Join(home, "c d", "logins.json"),
		"'" + home + "/d'":    filepath.Join(home, "d"),
		home + "/~":           filepath.Join(home, "~"),
	} {
		s, err := auth.NewFileStore(given)
		must(t, err)
		must(t, s.Save(t.Context(), "default", auth.StoredToken{RefreshToken: "x"}, 0))
		if _, err := os.Stat(want); err != nil {
			t.Errorf("%q: %v", given, err)
		}
	}
	for _, given := range []string{"~", "~bob/logins.json", "~/", `""`, "  "} {
		if _, err := auth.NewFileStore(given); !errors.Is(err, auth.ErrInvalidArgument) {
			t.Errorf("%q: %v", given, err)
		}
	}
	t.Setenv("HOME", "")
	if _, err := auth.NewFileStore("~/logins.json"); err == nil ||
		!strings.Contains(err.Error(), "set HOME or give an absolute path") {
		t.Errorf("without HOME: %v", err)
	}
}

// manyLogins writes a file with n logins of realistic size. Every tenth expired months ago.
func manyLogins(t *testing.T, path string, n int) {
	t.Helper()
	all := map[string]json.RawMessage{}
	for i := range n {
		rec := auth.StoredToken{
			ClientID:     strings.Repeat("c", 32),
			AccessToken:  strings.Repeat("a", 300),
			RefreshToken: fmt.Sprintf("refresh-%06d-%s", i, strings.Repeat("r", 120)),
			Expiry:       time.Now().Add(time.Hour), Scopes: auth.AllScopes()[:6], AuthorizedAt: time.Now(), Generation: 1,
		}
		if i%10 == 9 {
			rec.AuthorizedAt, rec.Expiry = time.Now().AddDate(0, -7, 0), time.Now().AddDate(0, -6, 0)
		}
		data, err := rec.MarshalBinary()
		must(t, err)
		all[fmt.Sprintf("user-%06d", i)] = data
	}
	data, err := json.MarshalIndent(map[string]any{"format": "spotify-logins/1", "accounts": all}, "", "  ")
	must(t, err)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, data, 0o600))
}

// With 20,000 logins in the file, a save keeps all valid ones and deletes the expired ones.
func TestFaultsTwentyThousandLogins(t *testing.T) {
	const n, saves = 20_000, 4
	path := filepath.Join(t.TempDir(), "private", "logins.json")
	manyLogins(t, path, n)
	before, err := os.Stat(path)
	must(t, err)
	start := time.Now()
	s, err := auth.NewFileStore(path)
	must(t, err)
	for i := range saves {
		account := fmt.Sprintf("user-%06d", i*10)
		rec, err := s.Load(t.Context(), account)
		must(t, err)
		rec.RefreshToken = "new-" + rec.RefreshToken
		must(t, s.Save(t.Context(), account, rec, rec.Generation))
	}
	took := time.Since(start) / saves
	after, err := os.Stat(path)
	must(t, err)
	data, err := os.ReadFile(path)
	must(t, err)
	left := map[string]bool{}
	for _, found := range regexp.MustCompile(`refresh-(\d{6})-`).FindAllSubmatch(data, -1) {
		left[string(found[1])] = true
	}
	lost, expired := 0, 0
	for i := range n {
		there := left[fmt.Sprintf("%06d", i)]
		switch {
		case i%10 == 9 && there:
			expired++
		case i%10 != 9 && !there:
			lost++
		}
	}
	t.Logf(
		"%d logins, %.1f MB; a load and a save take %v; %d of %d valid logins are lost; %d of %d expired "+
			"ones are left, %.1f MB",
		n,
		float64(before.Size())/1e6,
		took.Round(time.Millisecond),
		lost,
		n*9/10,
		expired,
		n/10,
		float64(after.Size())/1e6,
	)
	if lost != 0 || expired != 0 {
		t.Errorf("%d lost, %d expired ones are left", lost, expired)
	}
}

// A save of a file that the next load would refuse fails and leaves the file unchanged.
func TestFaultsNoSaveThatTheNextLoadRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "private", "logins.json")
	s, err := auth.NewFileStore(path, auth.WithMaxFileSize(64<<10))
	must(t, err)
	saved := 0
	var full error
	for ; saved < 1000 && full == nil; saved++ {
		if full = s.Save(t.Context(), fmt.Sprint("user", saved), bigToken(1), 0); full != nil {
			saved--
		}
	}
	t.Logf("the user reads: %v", full)
	if _, ok := errors.AsType[*auth.StoreError](full); !ok ||
		!strings.Contains(full.Error(), "more than the limit of 65536; raise the limit with auth.WithMaxFileSize") ||
		saved == 0 {
		t.Fatalf("%d saved, %v", saved, full)
	}
	again, err := auth.NewFileStore(path, auth.WithMaxFileSize(64<<10))
	must(t, err)
	for i := range saved {
		_, err := again.Load(t.Context(), fmt.Sprint("user", i))
		must(t, err)
	}
	for name, save := range map[string]error{
		"an account that is not UTF-8":      s.Save(t.Context(), "a\xff", auth.StoredToken{RefreshToken: "x"}, 0),
		"a refresh token that is not UTF-8": s.Save(t.Context(), "b", auth.StoredToken{RefreshToken: "x\xff"}, 0),
		"a time that JSON cannot hold": s.Save(
			t.Context(), "c", auth.StoredToken{RefreshToken: "x", Expiry: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, 0,
		),
		"a scope that is not UTF-8": s.Save(
			t.Context(), "d", auth.StoredToken{RefreshToken: "x", Scopes: auth.Scopes{"\xff"}}, 0,
		),
		"one whose own login has expired": nil,
	} {
		if save == nil && !strings.HasPrefix(name, "one") {
			t.Errorf("%s: saved", name)
		}
	}
	expired := auth.StoredToken{RefreshToken: "x", AuthorizedAt: time.Now().AddDate(-1, 0, 0)}
	small, err := auth.NewFileStore(filepath.Join(filepath.Dir(path), "small.json"))
	must(t, err)
	must(t, small.Save(t.Context(), "me", expired, 0))
	if rec, err := small.Load(t.Context(), "me"); err != nil || rec.RefreshToken != "x" {
		t.Errorf("a login that Save returned nil for was lost: %v, %v", rec, err)
	}
	for _, size := range []int64{-1, 0, 100, 1 << 40} {
		if _, err := auth.NewFileStore(path, auth.WithMaxFileSize(size)); !errors.Is(err, auth.ErrInvalidArgument) {
			t.Errorf("limit %d: %v", size, err)
		}
	}
}

// While a suspended process (SIGSTOP) holds a lock, the others still get tokens; when it is gone
// they can save.
func TestFaultsStoppedLockHolder(t *testing.T) {
	for _, suffix := range []string{".refresh.lock", ".lock"} {
		t.Run(suffix, func(t *testing.T) {
			t.Parallel() // each takes seconds
			path := filepath.Join(t.TempDir(), "private", "logins.json")
			w := online(t, accounts.Config{Rotation: accounts.Rotate})
			store, err := auth.NewFileStore(path)
			must(t, err)
			c := w.config()
			c.Store = store
			var reported []error
			c.OnSaveError = func(err error) { reported = append(reported, err) }
			l := open(t, "PKCE", c)
			w.logIn(t, l)
			old := w.token(t, l)

			holder := child(t, "hold", path, suffix)
			out, err := holder.StdoutPipe()
			must(t, err)
			must(t, holder.Start())
			if line := make([]byte, 5); true {
				_, err := io.ReadFull(out, line)
				must(t, err)
			}
			must(t, holder.Process.Signal(syscall.SIGSTOP))
			t.Cleanup(func() { _ = holder.Process.Kill(); _ = holder.Wait() })

			start := time.Now()
			next := w.renewed(t, l)
			took := time.Since(start)
			if next == old || len(reported) == 0 {
				t.Fatalf("token %s, errors %v", next, reported)
			}
			t.Logf("a token after %v; the user reads: %v", took.Round(100*time.Millisecond), reported[0])
			want := fmt.Sprintf("its lock logins.json%s is held", suffix)
			if suffix == ".refresh.lock" {
				want += fmt.Sprintf(" by process %d", holder.Process.Pid)
			}
			if !strings.Contains(reported[0].Error(), want) ||
				!strings.Contains(reported[0].Error(),
					"check whether that process is suspended, and resume or end it") {
				t.Errorf("reported %v, want ...%s...", reported[0], want)
			}
			must(t, holder.Process.Kill())
			_ = holder.Wait()
			must(t, l.Close())
			again := open(t, "PKCE", c)
			w.renewed(t, again) // the rotated refresh token is in the store
			if n := w.Count("invalid_grant"); n != 0 {
				t.Errorf("%d refresh tokens lost", n)
			}
		})
	}
}

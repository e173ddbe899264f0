package auth_test

// These tests run the test binary again as separate programs, which share a file and can be killed.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

func TestMain(m *testing.M) {
	switch os.Getenv("AUTH_TEST_CHILD") {
	case "":
		os.Exit(m.Run())
	case "rotate":
		exit(rotate(os.Args[1], os.Args[2], 200))
	case "save":
		exit(saveForever(os.Args[1]))
	}
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func child(t *testing.T, kind string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), "AUTH_TEST_CHILD="+kind)
	cmd.Stderr = os.Stderr
	return cmd
}

// rotate refreshes a login repeatedly, as if the API refused every token.
func rotate(file, url string, rounds int) error {
	store, err := auth.NewFileStore(file)
	if err != nil {
		return err
	}
	w := &testService{url: url}
	c := w.config()
	c.Store = store
	c.OnSaveError = func(err error) { fmt.Fprintln(os.Stderr, "save:", err) }
	l, err := auth.NewPKCE(c)
	if err != nil {
		return err
	}
	for range rounds {
		token, err := l.Token(context.Background())
		if err != nil {
			return err
		}
		l.Invalidate(token)
		if next, err := l.Token(context.Background()); err != nil {
			return err
		} else if next.AccessToken == token.AccessToken {
			return fmt.Errorf("got the refused token %s again", token.AccessToken)
		}
	}
	return l.Close()
}

// Two programs share one file, and every refresh rotates the refresh token. Neither program ever
// sends a refresh token that was used before.
func TestTwoProcesses(t *testing.T) {
	w := online(t, accounts.Config{Rotation: accounts.Rotate})
	file := filepath.Join(t.TempDir(), "logins.json")
	store, err := auth.NewFileStore(file)
	if err != nil {
		t.Fatal(err)
	}
	c := w.config()
	c.Store = store
	l := open(t, "PKCE", c)
	w.logIn(t, l)
	var programs []*exec.Cmd
	for range 2 {
		cmd := child(t, "rotate", file, w.url)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		programs = append(programs, cmd)
	}
	for _, cmd := range programs {
		if err := cmd.Wait(); err != nil {
			t.Errorf("a program: %v", err)
		}
	}
	w.renewed(t, l)
	rotations, refused := w.Count("refresh_token"), w.Count("invalid_grant")
	t.Logf("two processes: %d rotations, %d invalid_grant", rotations, refused)
	if rotations < 200 || refused != 0 {
		t.Errorf("%d rotations, %d refused; want at least 200 and none", rotations, refused)
	}
}

// bigToken returns a stored login that is too long for one write and that depends on its
// generation.
func bigToken(generation uint64) auth.StoredToken {
	return auth.StoredToken{
		ClientID:     clientID,
		RefreshToken: strings.Repeat(fmt.Sprintf("refresh-%d-", generation), 4000),
		Generation:   generation,
	}
}

// saveForever prints each generation after its save has returned.
func saveForever(file string) error {
	store, err := auth.NewFileStore(file)
	if err != nil {
		return err
	}
	rec, err := store.Load(context.Background(), "default")
	if err != nil {
		return err
	}
	for generation := rec.Generation; ; generation++ {
		if err := store.Save(context.Background(), "default", bigToken(generation+1), generation); err != nil {
			return err
		}
		if _, err := fmt.Println(generation + 1); err != nil {
			return err
		}
	}
}

// A saving program is killed at random times. The file then holds the last login that the program
// reported as saved, or the next one, complete.
func TestKilledWhileSaving(t *testing.T) { killWhileSaving(t, 50) }

func killWhileSaving(t *testing.T, want uint64) {
	file := filepath.Join(t.TempDir(), "logins.json")
	store, err := auth.NewFileStore(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), "default", bigToken(1), 0); err != nil {
		t.Fatal(err)
	}
	sure, kills, ahead, leftovers := uint64(1), 0, 0, 0
	for ; sure < want; kills++ {
		cmd := child(t, "save", file)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		first := lines.Scan()
		if !first {
			t.Fatalf("the program saved nothing: %v", cmd.Wait())
		}
		time.AfterFunc(time.Duration(rand.Int64N(int64(15*time.Millisecond))), func() { _ = cmd.Process.Kill() })
		for ; first || lines.Scan(); first = false {
			if sure, err = strconv.ParseUint(lines.Text(), 10, 64); err != nil {
				t.Fatal(err)
			}
		}
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
		rec, err := store.Load(t.Context(), "default")
		if err != nil {
			t.Fatalf("after kill %d: %v", kills, err)
		}
		if rec.Generation != sure && rec.Generation != sure+1 ||
			rec.RefreshToken != bigToken(rec.Generation).RefreshToken {
			t.Fatalf("after kill %d: the file has generation %d, want %d or the next", kills, rec.Generation, sure)
		}
		if rec.Generation != sure {
			ahead++
		}
		sure = rec.Generation
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".logins.json*")); len(left) > 0 {
			leftovers++
		}
	}
	t.Logf(
		"%d saves, killed %d times: %d times the new login was saved and not yet reported, %d times a "+
			"temporary file was left, 0 logins lost",
		sure,
		kills,
		ahead,
		leftovers,
	)
	if err := store.Save(t.Context(), "default", bigToken(sure+1), sure); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".logins.json*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

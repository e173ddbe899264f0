package auth_test

// process_test.go runs the test binary again as programs of their own, which share a file and die as programs do.

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

// rotate has the API refuse its token again and again.
func rotate(file, url string, rounds int) error {
	store, err := auth.NewFileStore(file)
	if err != nil {
		return err
	}
	w := &world{url: url}
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

// Two programs share one file, and every refresh uses up the refresh token. Neither ever comes with a used one.
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
		t.Errorf("%d rotations, %d refused; want 200 at least and none", rotations, refused)
	}
}

// bigRecord is long enough to be written in parts, and known by its generation.
func bigRecord(generation uint64) auth.Record {
	return auth.Record{ClientID: clientID, RefreshToken: strings.Repeat(fmt.Sprintf("refresh-%d-", generation), 4000), Generation: generation}
}

// saveForever says which generation it has saved, as soon as it is sure.
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
		if err := store.Save(context.Background(), "default", bigRecord(generation+1), generation); err != nil {
			return err
		}
		if _, err := fmt.Println(generation + 1); err != nil {
			return err
		}
	}
}

// A program that saves is killed at random points: the file has the record that it was sure to have saved, or the next one, whole.
func TestKilledWhileSaving(t *testing.T) { killWhileSaving(t, 50) }

func killWhileSaving(t *testing.T, want uint64) {
	file := filepath.Join(t.TempDir(), "logins.json")
	store, err := auth.NewFileStore(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), "default", bigRecord(1), 0); err != nil {
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
			t.Fatalf("it saved nothing: %v", cmd.Wait())
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
		if rec.Generation != sure && rec.Generation != sure+1 || rec.RefreshToken != bigRecord(rec.Generation).RefreshToken {
			t.Fatalf("after kill %d: the file has generation %d, want %d or the next, whole", kills, rec.Generation, sure)
		}
		if rec.Generation != sure {
			ahead++
		}
		sure = rec.Generation
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".logins.json*")); len(left) > 0 {
			leftovers++
		}
	}
	t.Logf("%d saves, killed %d times: %d times the new record was there and not yet reported, %d times a temporary file was left to sweep, 0 records lost",
		sure, kills, ahead, leftovers)
	if err := store.Save(t.Context(), "default", bigRecord(sure+1), sure); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".logins.json*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

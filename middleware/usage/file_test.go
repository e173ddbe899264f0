package usage_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/middleware/usage"
	"github.com/seed-2147f1a9/spotify/middleware/usage/usagetest"
)

func open(t testing.TB, path string) *usage.File {
	t.Helper()
	store, err := usage.NewFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestFile(t *testing.T) {
	usagetest.Run(t, func(t testing.TB) (a, b middleware.UsageStore) {
		path := filepath.Join(t.TempDir(), "new", "usage.json")
		return open(t, path), open(t, path)
	})
}

func TestMemory(t *testing.T) {
	usagetest.Run(t, func(testing.TB) (a, b middleware.UsageStore) {
		store := middleware.NewMemoryUsage()
		return store, store
	})
}

// A file that something else wrote is not overwritten, and the error names it.
func TestFileThatIsNotOne(t *testing.T) {
	for _, content := range []string{"", "{", `{"version":2,"counts":[]}`, `[]`} {
		path := filepath.Join(t.TempDir(), "usage.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		delta := middleware.UsageRecord{Quota: 1}
		if _, err := open(t, path).Update(t.Context(), delta, time.Now()); err == nil ||
			!strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", content, err)
		}
		if after, _ := os.ReadFile(path); string(after) != content {
			t.Errorf("%q was overwritten with %q", content, after)
		}
	}
}

func TestFileNeedsAPath(t *testing.T) {
	if _, err := usage.NewFile(""); err == nil {
		t.Error("want an error")
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.NewFile(filepath.Join(blocked, "usage.json")); err == nil {
		t.Error("a folder that is a file: want an error")
	}
}

// A program that starts again knows its quota and what it has spent of the window: the 20 calls
// that it may make at once are sent, and the next one waits until the first slot of its earlier
// life is free.
func TestPacerRemembersAcrossStarts(t *testing.T) {
	store := open(t, filepath.Join(t.TempDir(), "usage.json"))
	synctest.Test(t, func(t *testing.T) {
		first := middleware.NewPacer(middleware.PacerConfig{Quota: 100, Usage: store})
		for range 80 {
			spend(t, first, "get-track")
		}
		if err := first.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		start := time.Now()
		second := middleware.NewPacer(middleware.PacerConfig{Usage: store})
		for range 20 {
			spend(t, second, "search")
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("20 calls took %v, although as many slots are free", took)
		}
		if s := second.Stats(""); s.Quota != 100 || s.Used != 100 {
			t.Errorf("quota %d, used %d, want 100 and 100", s.Quota, s.Used)
		}
		spend(t, second, "search")
		if took := time.Since(start); took < 20*time.Second || took > 31*time.Second {
			t.Errorf("the next call went after %v", took)
		}
		u := second.Usage()
		if u.Day != 101 || u.Operations["get-track"].Day != 80 || u.Operations["search"].Hour != 21 {
			t.Errorf("%+v", u)
		}
	})
}

func spend(t *testing.T, pacer *middleware.Pacer, operation string) {
	t.Helper()
	permit, err := pacer.Acquire(context.Background(), middleware.LimitRequest{Operation: operation})
	if err != nil {
		t.Fatal(err)
	}
	permit.Done(middleware.Outcome{Status: 200})
}

// Updates of two stores whose names begin alike, in one folder, leave each other's files alone, and
// a killed program's temporary file is removed by the next update.
func TestFaultsNeighborsInOneFolder(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, ".usage.0123456789abcdef.tmp")
	neighbors := filepath.Join(dir, ".usage.json.0123456789abcdef.tmp")
	for _, path := range []string{left, neighbors} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store := open(t, filepath.Join(dir, "usage"))
	if _, err := store.Update(t.Context(), middleware.UsageRecord{Quota: 7}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("the temporary file of a killed program is still there: %v", err)
	}
	if _, err := os.Stat(neighbors); err != nil {
		t.Errorf("the temporary file of a neighbor is gone: %v", err)
	}
	if record, err := store.Update(t.Context(), middleware.UsageRecord{}, time.Now()); err != nil || record.Quota != 7 {
		t.Errorf("%+v, %v", record, err)
	}
}

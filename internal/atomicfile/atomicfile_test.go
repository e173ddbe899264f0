package atomicfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/atomicfile"
)

func open(t *testing.T) (*os.Root, string) {
	t.Helper()
	path := t.TempDir()
	dir, err := os.OpenRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return dir, path
}

// TestReplace: a file is replaced as a whole, is private, and no temporary file is left.
func TestReplace(t *testing.T) {
	dir, path := open(t)
	for _, content := range []string{"old and long", "new"} {
		if err := atomicfile.Replace(dir, "file", []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(path, "file")); err != nil || string(got) != content {
			t.Errorf("%q, %v, want %q", got, err, content)
		}
	}
	info, err := os.Stat(filepath.Join(path, "file"))
	if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(path); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v, want one file", entries, err)
	}
}

// TestReplaceFails: a failed replacement leaves the old file only.
func TestReplaceFails(t *testing.T) {
	dir, path := open(t)
	if err := os.MkdirAll(filepath.Join(path, "file", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(dir, "file", []byte("new")); err == nil {
		t.Error("a directory was replaced with a file")
	}
	if entries, err := os.ReadDir(path); err != nil || len(entries) != 1 || !entries[0].IsDir() {
		t.Errorf("%v, %v, want the directory alone", entries, err)
	}
}

// TestFaultsNeighborsTemporaryFiles: the temporary files of a name are removed, those of similar
// names are not.
func TestFaultsNeighborsTemporaryFiles(t *testing.T) {
	dir, path := open(t)
	const own = ".a.0123456789abcdef.tmp"
	others := []string{
		".a.b.0123456789abcdef.tmp", ".a.0123456789ABCDEF.tmp", ".a.0123456789abcde.tmp", ".a0123456789abcdef.tmp",
		".ab.0123456789abcdef.tmp",
		"a", "a.0123456789abcdef.tmp", ".a.tmp", ".a.0123456789abcdef.tmp.lock", ".a.123.tmp",
	}
	for _, name := range append([]string{own}, others...) {
		if err := os.WriteFile(filepath.Join(path, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	atomicfile.Sweep(dir, "a")
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	slices.Sort(others)
	if !slices.Equal(left, others) {
		t.Errorf("left are %q, want %q", left, others)
	}
}

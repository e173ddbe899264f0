//go:build !windows

package atomicfile_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/atomicfile"
)

// TestGiveAway: a file that root writes belongs to the directory's owner.
func TestGiveAway(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	dir, path := open(t)
	if err := os.Chown(path, 12345, 54321); err != nil {
		t.Skip(err)
	}
	if err := atomicfile.Replace(dir, "file", nil); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(path, "file"))
	if err != nil {
		t.Fatal(err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || stat.Uid != 12345 || stat.Gid != 54321 {
		t.Errorf("%+v", info.Sys())
	}
}

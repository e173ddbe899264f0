//go:build !windows

package auth

import (
	"os"

	"github.com/google/renameio/v2"
)

// replaceFile puts data where name is, in one step that survives a crash: a temporary file beside it is synced, renamed, and the directory synced.
func replaceFile(root *os.Root, name string, data []byte) error {
	f, err := renameio.NewPendingFile(name, renameio.WithRoot(root), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	defer func() { _ = f.Cleanup() }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return err
	}
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

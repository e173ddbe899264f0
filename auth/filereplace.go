package auth

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
)

// Temporary files are named .NAME.RANDOM.tmp with tempRandom hexadecimal digits. The store of
// another name never has a file of that form, so that sweep cannot remove a neighbor's.
const (
	tempRandom = 16
	tempSuffix = ".tmp"
)

func (s *fileStore) tempName() string {
	var random [tempRandom / 2]byte
	_, _ = rand.Read(random[:]) // never fails
	return "." + s.name + "." + hex.EncodeToString(random[:]) + tempSuffix
}

func (s *fileStore) isTemp(name string) bool {
	random, ok := strings.CutPrefix(name, "."+s.name+".")
	random, suffixed := strings.CutSuffix(random, tempSuffix)
	return ok && suffixed && len(random) == tempRandom && strings.Trim(random, "0123456789abcdef") == ""
}

// replace writes data to a temporary file, syncs it, renames it to the store's name and syncs the
// directory: a crash at any point leaves the old contents or the new ones.
func (s *fileStore) replace(d *storeDir, data []byte) (err error) {
	temp := s.tempName()
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = d.root.Remove(temp)
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o600) // whatever the umask
	}
	if err == nil {
		err = d.giveAway(temp)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = d.root.Rename(temp, s.name); err != nil {
		return err
	}
	return d.sync()
}

// sweep removes the temporary files of savers that were killed. No other process is saving: the
// caller holds the lock.
func (s *fileStore) sweep(d *storeDir) {
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return
	}
	for _, entry := range entries {
		if s.isTemp(entry.Name()) {
			_ = d.root.Remove(entry.Name())
		}
	}
}

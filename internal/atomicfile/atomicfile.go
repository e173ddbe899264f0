// Package atomicfile replaces a file as a whole: a crash at any point leaves the old contents or
// the new ones.
package atomicfile

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
)

// Temporary files are named .NAME.RANDOM.tmp with tempRandom hexadecimal digits. A file of another
// name never has a temporary file of that form, so that Sweep cannot remove a neighbor's.
const (
	tempRandom = 16
	tempSuffix = ".tmp"
)

func tempName(name string) string {
	var random [tempRandom / 2]byte
	_, _ = rand.Read(random[:]) // never fails
	return "." + name + "." + hex.EncodeToString(random[:]) + tempSuffix
}

func isTemp(name, temp string) bool {
	random, ok := strings.CutPrefix(temp, "."+name+".")
	random, suffixed := strings.CutSuffix(random, tempSuffix)
	return ok && suffixed && len(random) == tempRandom && strings.Trim(random, "0123456789abcdef") == ""
}

// Replace writes data to a temporary file in dir with mode 0600, whatever the umask, syncs it,
// renames it to name and syncs the directory. A file that root writes belongs to the directory's
// owner, see GiveAway. If Replace fails, the file is as it was.
func Replace(dir *os.Root, name string, data []byte) (err error) {
	temp := tempName(name)
	f, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = dir.Remove(temp)
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o600)
	}
	if err == nil {
		err = GiveAway(dir, temp)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = dir.Rename(temp, name); err != nil {
		return err
	}
	return syncDir(dir)
}

// Sweep removes the temporary files that killed programs have left when they replaced the file. The
// caller holds a lock that keeps other processes from replacing it.
func Sweep(dir *os.Root, name string) {
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return
	}
	for _, entry := range entries {
		if isTemp(name, entry.Name()) {
			_ = dir.Remove(entry.Name())
		}
	}
}

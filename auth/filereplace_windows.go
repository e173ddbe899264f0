package auth

import (
	"crypto/rand"
	"encoding/binary"
	"os"
	"strconv"
)

// replaceFile puts data where name is: a temporary file beside it is synced and renamed, which Windows does in one step on NTFS.
func replaceFile(root *os.Root, name string, data []byte) (err error) {
	var random [8]byte
	_, _ = rand.Read(random[:])
	temp := "." + name + strconv.FormatUint(binary.NativeEndian.Uint64(random[:]), 10)
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = root.Remove(temp)
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return root.Rename(temp, name)
}

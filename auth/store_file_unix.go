//go:build !windows

package auth

import (
	"io/fs"
	"os"
	"syscall"
)

// lockFlags open a lock file without following a symbolic link.
const lockFlags = os.O_RDWR | syscall.O_NOFOLLOW

// ownerOf returns the user id of a file's owner.
func ownerOf(info fs.FileInfo) (uid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

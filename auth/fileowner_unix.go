//go:build !windows

package auth

import (
	"io/fs"
	"os"
	"syscall"
)

// lockFlags follow no link.
const lockFlags = os.O_RDWR | syscall.O_NOFOLLOW

// ownerOf returns the user id of a file's owner.
func ownerOf(info fs.FileInfo) (uid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

// giveAway gives a file that root made to the directory's owner. A program that was run once with
// sudo would otherwise lock its user out.
func (d *storeDir) giveAway(name string) error {
	stat, ok := d.info.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 || stat.Uid == 0 {
		return nil
	}
	return d.root.Lchown(name, int(stat.Uid), int(stat.Gid))
}

// sync makes a rename durable.
func (d *storeDir) sync() error {
	dir, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

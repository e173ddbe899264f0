//go:build !windows

package atomicfile

import (
	"os"
	"syscall"
)

// GiveAway changes the owner of a file that root created to the directory's owner: a program that
// ran once with sudo must not lock its user out.
func GiveAway(dir *os.Root, name string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := dir.Stat(".")
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid == 0 {
		return nil
	}
	return dir.Lchown(name, int(stat.Uid), int(stat.Gid))
}

// syncDir makes a rename durable.
func syncDir(dir *os.Root) error {
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

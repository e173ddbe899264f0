package auth

import (
	"io/fs"
	"os"
)

const lockFlags = os.O_RDWR

// Access control lists protect the files of a Windows profile from other users; the checks of this
// package do not read them.

func ownerOf(fs.FileInfo) (uid int, known bool) { return 0, false }

package auth

import (
	"io/fs"
	"os"
)

const lockFlags = os.O_RDWR

// Windows keeps a profile's files from other users by access lists, which these checks do not read.

func ownerOf(fs.FileInfo) (uid int, known bool) { return 0, false }

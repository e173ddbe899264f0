package atomicfile

import "os"

// GiveAway does nothing: Windows gives a new file to the directory's users by access lists.
func GiveAway(*os.Root, string) error { return nil }

// syncDir does nothing: Windows has no way to sync a directory, and NTFS journals a rename.
func syncDir(*os.Root) error { return nil }

package auth_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
)

func init() {
	if os.Getenv("AUTH_TEST_CHILD") == "step" {
		exit(saveStep(os.Args[1]))
	}
}

// saveStep is a program that saves on one thread, so that its system calls after the signal can be
// counted.
func saveStep(file string) error {
	runtime.LockOSThread()
	if err := syscall.Tgkill(os.Getpid(), syscall.Gettid(), syscall.SIGURG); err != nil {
		return err
	}
	return saveOnce(file)
}

// killAt runs the program and kills it before its n-th system call after the signal. It reports
// whether the program exited first.
func killAt(t *testing.T, file string, n int) (ended bool) {
	t.Helper()
	runtime.LockOSThread() // ptrace is per thread
	defer runtime.UnlockOSThread()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self, file)
	cmd.Env = append(os.Environ(), "AUTH_TEST_CHILD=step", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		t.Skipf("no ptrace here: %v", err)
	}
	pid := cmd.Process.Pid
	defer func() { _ = cmd.Process.Release() }()
	const wall, optSysgood, optClone, optExitKill = 0x40000000, 1, 8, 1 << 20
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, wall, nil); err != nil {
		t.Fatal(err)
	}
	if err := syscall.PtraceSetOptions(pid, optSysgood|optClone|optExitKill); err != nil {
		t.Skipf("no ptrace here: %v", err)
	}
	must(t, syscall.PtraceSyscall(pid, 0))
	saver, calls, entering := 0, 0, true
	for {
		tid, err := syscall.Wait4(-pid, &status, wall, nil)
		if errors.Is(err, syscall.ECHILD) {
			tid, err = syscall.Wait4(-1, &status, wall, nil)
		}
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			t.Fatalf("waiting for the program: %v", err)
		}
		if tid == pid && (status.Exited() || status.Signaled()) {
			return status.Exited()
		}
		if !status.Stopped() {
			continue
		}
		signal := status.StopSignal()
		switch {
		case signal == syscall.SIGURG && saver == 0:
			saver, entering, signal = tid, false, 0 // the thread is in tgkill; the next stop is its exit
		case signal == syscall.SIGTRAP|0x80:
			if tid == saver {
				if entering {
					calls++
				}
				entering = !entering
			}
			signal = 0
		case signal == syscall.SIGTRAP || signal == syscall.SIGSTOP:
			signal = 0
		}
		if calls == n {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			calls++ // counted once, on entry
			continue
		}
		_ = syscall.PtraceSyscall(tid, int(signal)) // fails for a killed thread
	}
}

// A program is killed before each system call of a save. The file then holds the complete old login
// or the complete new one, and the next save works and removes temporary files.
func TestSecurity36KilledAtEveryStep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "private", "logins.json")
	must(t, saveOnce(file))
	store, err := auth.NewFileStore(file)
	must(t, err)
	have, steps, renewed, leftovers := uint64(1), 0, 0, 0
	for n := 1; ; n++ {
		ended := killAt(t, file, n)
		rec, err := store.Load(t.Context(), "default")
		if err != nil {
			t.Fatalf("killed before call %d: %v", n, err)
		}
		if rec.Generation != have && rec.Generation != have+1 ||
			rec.RefreshToken != bigToken(rec.Generation).RefreshToken {
			t.Fatalf("killed before call %d: generation %d, want %d or the next", n, rec.Generation, have)
		}
		if rec.Generation != have {
			renewed++
		}
		have = rec.Generation
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".logins.json.*.tmp")); len(left) > 0 {
			leftovers++
		}
		if ended {
			break
		}
		if steps++; steps > 2000 {
			t.Fatal("the program does not exit")
		}
	}
	must(t, saveOnce(file))
	entries, err := os.ReadDir(filepath.Dir(file))
	must(t, err)
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".tmp") {
			t.Errorf("left behind: %s", entry.Name())
		}
	}
	t.Logf(
		"killed before each of %d system calls: 0 logins lost, %d times the new login was saved, %d times "+
			"a temporary file was left and removed",
		steps,
		renewed,
		leftovers,
	)
	if steps < 20 || leftovers == 0 || renewed < 2 {
		t.Errorf("%d system calls, %d temporary files, %d new logins: the test covers too few cases", steps, leftovers,
			renewed)
	}
}

// mount mounts a file system of 64 KiB at a directory; remount makes it read-only.
func mount(t *testing.T, at string) (remount func() error) {
	t.Helper()
	if err := syscall.Mount("tmpfs", at, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("cannot mount: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(at, 0) })
	must(t, os.Chmod(at, 0o700))
	return func() error {
		return syscall.Mount("tmpfs", at, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
	}
}

// Package usage stores in a file how many calls a program has made, so that its next start and the
// other programs of the machine know how much of a quota is left.
//
//	store, err := usage.NewFile("~/.cache/myapp/spotify-usage.json")
//	if err != nil {
//		return err
//	}
//	pacer := middleware.NewPacer(middleware.PacerConfig{Usage: store})
//	defer pacer.Flush(context.Background())
package usage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/atomicfile"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// maxFile bounds the size of a file that is read. A day of all operations takes about 1 MB.
const maxFile = 8 << 20

// lockRetry is the time between two attempts to lock the file.
const lockRetry = 10 * time.Millisecond

// File is a UsageStore in a file, guarded by a lock file beside it. Each update replaces the file
// as a whole, so that a program that is killed leaves the old one or the new one.
type File struct {
	path string
	mu   sync.Mutex // one goroutine at a time: flock locks belong to the process
}

// NewFile returns a store in the file at path, whose folder it makes if there is none. The file
// does not have to exist. A "~/" at the beginning stands for the user's home folder.
func NewFile(path string) (*File, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, fmt.Errorf("usage: %w", err)
		}
		path = filepath.Join(home, rest)
	}
	if path == "" {
		return nil, argument.Errorf("usage.NewFile", path, "a file's path")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("usage: %w", err)
	}
	return &File{path: path}, nil
}

// stored is the file's content.
type stored struct {
	Version  int           `json:"version"`
	Quota    int           `json:"quota,omitempty"`
	DayQuota int           `json:"day_quota,omitempty"`
	Counts   []storedCount `json:"counts"`
}

type storedCount struct {
	At        int64  `json:"at"` // seconds since 1970
	Operation string `json:"operation"`
	Bucket    string `json:"bucket,omitempty"`
	Calls     int    `json:"calls"`
}

const version = 1

// Update adds counts to the file, see middleware.UsageStore.
func (f *File) Update(
	ctx context.Context, delta middleware.UsageRecord, since time.Time,
) (middleware.UsageRecord, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	lock := flock.New(f.path + ".lock")
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return middleware.UsageRecord{}, fmt.Errorf("usage: locking %s: %w", f.path, err)
	}
	defer lock.Close()
	record, err := f.read()
	if err != nil {
		return middleware.UsageRecord{}, err
	}
	if len(delta.Counts) > 0 || changes(delta.Quota, record.Quota) || changes(delta.DayQuota, record.DayQuota) {
		record = delta.AddTo(record, time.Now())
		if err := f.write(record); err != nil {
			return middleware.UsageRecord{}, err
		}
	}
	return record.Since(since), nil
}

func changes(quota, stored int) bool { return quota != 0 && quota != stored }

func (f *File) read() (middleware.UsageRecord, error) {
	var record middleware.UsageRecord
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return record, nil
	}
	if err != nil {
		return record, fmt.Errorf("usage: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return record, fmt.Errorf("usage: %w", err)
	}
	var s stored
	if err := json.Unmarshal(data, &s); err != nil || len(data) > maxFile {
		return record, fmt.Errorf("usage: %s is damaged, or no usage file: remove it to start anew", f.path)
	}
	if s.Version != version {
		return record, fmt.Errorf("usage: %s has the version %d: want %d", f.path, s.Version, version)
	}
	record.Quota, record.DayQuota = s.Quota, s.DayQuota
	for _, c := range s.Counts {
		at := time.Unix(c.At, 0).UTC()
		record.Counts = append(record.Counts, middleware.UsageCount{
			At: at, Operation: c.Operation, Bucket: c.Bucket, Calls: c.Calls,
		})
	}
	return record, nil
}

func (f *File) write(record middleware.UsageRecord) error {
	s := stored{Version: version, Quota: record.Quota, DayQuota: record.DayQuota, Counts: []storedCount{}}
	for _, c := range record.Counts {
		s.Counts = append(s.Counts, storedCount{c.At.Unix(), c.Operation, c.Bucket, c.Calls})
	}
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("usage: %w", err)
	}
	dir, err := os.OpenRoot(filepath.Dir(f.path))
	if err != nil {
		return fmt.Errorf("usage: %w", err)
	}
	defer dir.Close()
	name := filepath.Base(f.path)
	atomicfile.Sweep(dir, name) // the lock is held
	if err := atomicfile.Replace(dir, name, data); err != nil {
		return fmt.Errorf("usage: writing %s: %w", f.path, err)
	}
	return nil
}

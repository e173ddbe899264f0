package mock

// window.go counts calls in a rolling window, as Spotify does.

import (
	"slices"
	"sync"
	"time"
)

// window lets most calls through in any stretch of its length, for each bucket.
type window struct {
	most     int
	length   time.Duration
	rejected bool // rejected calls count too

	mu       sync.Mutex
	admitted map[string][]time.Time
}

// admit counts a call, or says after how long one more would pass.
func (w *window) admit(bucket string) (after time.Duration, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	calls := w.admitted[bucket]
	gone := 0
	for gone < len(calls) && now.Sub(calls[gone]) >= w.length {
		gone++
	}
	calls = slices.Delete(calls, 0, gone)
	ok = len(calls) < w.most
	if ok || w.rejected {
		calls = append(calls, now)
	}
	if !ok {
		calls = calls[len(calls)-w.most:] // what stands before these cannot let anybody in
		after = calls[0].Add(w.length).Sub(now)
	}
	w.admitted[bucket] = calls
	return after, ok
}

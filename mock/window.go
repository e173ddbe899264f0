package mock

// window.go counts calls in a rolling window, as Spotify does.

import (
	"math/rand/v2"
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
	rivals   []rival // of the general bucket
}

// rival is another client of the account.
type rival struct {
	rate float64 // in a window
	lump int
	dice *rand.Rand
	next time.Time
}

// hiddenBucket is a set of operations that share a quota of the day.
type hiddenBucket struct {
	exhausted, after time.Duration
	operations       []string
	until            time.Time
}

// begin fills the window with what was used before.
func (w *window) begin(now time.Time, seed uint64, used []time.Duration, rivals []rival) {
	for i, age := range used {
		if age < 0 {
			age = w.length * time.Duration(len(used)-i) / time.Duration(len(used)+1)
		}
		w.admitted[""] = append(w.admitted[""], now.Add(-age))
	}
	slices.SortFunc(w.admitted[""], time.Time.Compare)
	for i, r := range rivals {
		r.dice = rand.New(rand.NewPCG(seed, uint64(i)))
		r.next = now.Add(w.gap(&r))
		w.rivals = append(w.rivals, r)
	}
}

func (w *window) gap(r *rival) time.Duration {
	return time.Duration(r.dice.ExpFloat64() / r.rate * float64(w.length))
}

// strangers takes the slots that others have taken by now.
func (w *window) strangers(now time.Time) {
	for i := range w.rivals {
		for r := &w.rivals[i]; !r.next.After(now); r.next = r.next.Add(w.gap(r)) {
			for range r.lump {
				w.admitted[""] = append(w.admitted[""], r.next)
			}
		}
	}
	if len(w.rivals) > 1 {
		slices.SortFunc(w.admitted[""], time.Time.Compare)
	}
}

// admit counts a call, or says after how long one more would pass.
func (w *window) admit(bucket string) (after time.Duration, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.strangers(now)
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

package middleware

// The window remembers which slots of the server's rolling window are taken: one for each response,
// from its arrival until a window later.

import "time"

// windowGrain is how many records a window has at most: responses that are closer together share
// one, so that memory is bounded at any rate.
const windowGrain = 1000

// window is not safe for concurrent use; the pacer's lock guards it.
type window struct {
	length  time.Duration
	records []record // ascending; records[:head] have expired
	head    int
	used    int // slots taken
	ok      int // those whose calls the server let through
}

type record struct {
	first, last time.Time
	used, ok    int
}

// add takes a slot at now. Accepted reports whether the server let the call through, or only sent a
// response.
func (w *window) add(now time.Time, accepted bool) {
	n := len(w.records)
	if n == w.head || now.Sub(w.records[n-1].first) > w.length/windowGrain {
		w.records = append(w.records, record{first: now})
		n++
	}
	r := &w.records[n-1]
	r.last = now
	r.used++
	w.used++
	if accepted {
		r.ok++
		w.ok++
	}
}

// recall takes n slots for calls of an earlier program, which the server let through between two
// moments. They are freed a window after the second.
func (w *window) recall(from, to time.Time, n int) {
	w.records = append(w.records, record{first: from, last: to, used: n, ok: n})
	w.used += n
	w.ok += n
}

// expire frees the slots that were taken a window ago or more.
func (w *window) expire(now time.Time) {
	for w.head < len(w.records) && elapsed(w.records[w.head].last, now) >= w.length {
		w.used -= w.records[w.head].used
		w.ok -= w.records[w.head].ok
		w.head++
	}
	if w.head > 32 && w.head*2 > len(w.records) {
		w.records = w.records[:copy(w.records, w.records[w.head:])]
		w.head = 0
	}
}

// earliest returns when the first slot may be free at the server.
func (w *window) earliest(now time.Time) time.Time {
	if w.head == len(w.records) {
		return now.Add(w.length)
	}
	return w.records[w.head].first.Add(w.length)
}

// frees returns when n more slots will be free. Beyond the slots that are taken, that is a window
// from now at the earliest.
func (w *window) frees(n int, now time.Time) time.Time {
	for _, r := range w.records[w.head:] {
		if n -= r.used; n <= 0 {
			return r.last.Add(w.length)
		}
	}
	return now.Add(w.length)
}

package middleware

// The ledger remembers which slots of a rolling window are taken: one for each answer, from the moment it came until a window later.

import "time"

// ledgerGrain is how many records a window has at most: answers that are closer together share one, so that memory is bounded whatever the rate.
const ledgerGrain = 1000

// ledger is not safe for concurrent use; a lane's lock guards it.
type ledger struct {
	window  time.Duration
	records []record // ascending; records[:head] have expired
	head    int
	used    int // slots taken
	ok      int // those whose calls the server let through
}

type record struct {
	first, last time.Time
	used, ok    int
}

// add takes a slot at now. Accepted says whether the server let the call through, or only answered.
func (l *ledger) add(now time.Time, accepted bool) {
	n := len(l.records)
	if n == l.head || now.Sub(l.records[n-1].first) > l.window/ledgerGrain {
		l.records = append(l.records, record{first: now})
		n++
	}
	r := &l.records[n-1]
	r.last = now
	r.used++
	l.used++
	if accepted {
		r.ok++
		l.ok++
	}
}

// expire frees the slots that were taken a window ago or more.
func (l *ledger) expire(now time.Time) {
	for l.head < len(l.records) && now.Sub(l.records[l.head].last) >= l.window {
		l.used -= l.records[l.head].used
		l.ok -= l.records[l.head].ok
		l.head++
	}
	if l.head > 32 && l.head*2 > len(l.records) {
		l.records = l.records[:copy(l.records, l.records[l.head:])]
		l.head = 0
	}
}

// frees returns when n more slots will be free. Beyond what the ledger holds, that is a window from now at the earliest.
func (l *ledger) frees(n int, now time.Time) time.Time {
	for _, r := range l.records[l.head:] {
		if n -= r.used; n <= 0 {
			return r.last.Add(l.window)
		}
	}
	return now.Add(l.window)
}

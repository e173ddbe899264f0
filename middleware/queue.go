package middleware

// The queue decides whose turn it is: interactive calls go before bulk ones, but not every time.

import (
	"container/list"
	"time"
)

// bulkTurn is how often a bulk call goes although interactive ones wait: every tenth time.
const bulkTurn = 10

// waiter is a call that waits for its permit.
type waiter struct {
	key     Key
	latest  time.Time     // when the permit is of no more use; zero for never
	pause   time.Duration // the longest pause to sit out; 0 for any
	ready   chan struct{} // closed when permit or err is set
	permit  *permit
	err     error
	element *list.Element
}

// queue is not safe for concurrent use; a lane's lock guards it.
type queue struct {
	classes [2]list.List // interactive, bulk
	passed  int          // how many interactive calls went before the first bulk one
}

func class(bulk bool) int {
	if bulk {
		return 1
	}
	return 0
}

func (q *queue) len() int { return q.classes[0].Len() + q.classes[1].Len() }

// ahead returns how many calls would go before a new one.
func (q *queue) ahead(bulk bool) int {
	if bulk {
		return q.len()
	}
	return q.classes[0].Len()
}

func (q *queue) push(w *waiter) {
	w.element = q.classes[class(w.key.Bulk)].PushBack(w)
}

func (q *queue) remove(w *waiter) {
	q.classes[class(w.key.Bulk)].Remove(w.element)
}

// next returns who is to go, nil for nobody. Due says that it is a bulk call's turn, which then may take what is kept for interactive ones.
func (q *queue) next() (w *waiter, due bool) {
	interactive, bulk := q.classes[0].Front(), q.classes[1].Front()
	switch {
	case interactive == nil && bulk == nil:
		return nil, false
	case interactive == nil:
		return bulk.Value.(*waiter), false
	case bulk != nil && q.passed >= bulkTurn-1:
		return bulk.Value.(*waiter), true
	}
	return interactive.Value.(*waiter), false
}

// went notes that next's choice was let go, and takes it out.
func (q *queue) went(w *waiter) {
	q.remove(w)
	if w.key.Bulk || q.classes[1].Len() == 0 {
		q.passed = 0
	} else {
		q.passed++
	}
}

// each visits every waiter; visit may remove the one it is given.
func (q *queue) each(visit func(*waiter)) {
	for i := range q.classes {
		for e := q.classes[i].Front(); e != nil; {
			w := e.Value.(*waiter)
			e = e.Next()
			visit(w)
		}
	}
}

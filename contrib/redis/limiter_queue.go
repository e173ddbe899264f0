package spotifyredis

import (
	"container/list"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// turn is how often the front of a class goes although calls of a higher priority wait: every tenth
// time.
const turn = 10

// rank returns the index of a priority's class: interactive, normal, bulk.
func rank(p transport.Priority) int {
	switch p {
	case transport.PriorityInteractive:
		return 0
	case transport.PriorityBulk:
		return 2
	}
	return 1
}

// waiter is a call that waits for its permit.
type waiter struct {
	request middleware.LimitRequest
	latest  time.Time     // when the permit is of no more use; zero for never
	ready   chan struct{} // closed when permit or err is set
	permit  *permit
	err     error
	element *list.Element
}

// queue orders the calls of this process that wait: by priority, but every class gets a turn.
type queue struct {
	classes [3]list.List
	passed  [3]int // calls that went before the front of the class since it got there
}

func (q *queue) len() int { return q.classes[0].Len() + q.classes[1].Len() + q.classes[2].Len() }

// ahead returns how many calls would go before a new one.
func (q *queue) ahead(r middleware.LimitRequest) int {
	n, class := 0, rank(r.Priority)
	for c := range class {
		n += q.classes[c].Len()
	}
	if !r.Rejected {
		n += q.classes[class].Len()
	}
	return n
}

// push adds a call at the end of its class, or at the front if it was rejected before.
func (q *queue) push(w *waiter) {
	class := &q.classes[rank(w.request.Priority)]
	if w.request.Rejected {
		w.element = class.PushFront(w)
		return
	}
	w.element = class.PushBack(w)
}

func (q *queue) remove(w *waiter) {
	if w.element != nil {
		q.classes[rank(w.request.Priority)].Remove(w.element)
		w.element = nil
	}
}

// next returns the call whose turn it is, nil for none. A call that is due has let nine others
// pass.
func (q *queue) next() (w *waiter, due bool) {
	for c := len(q.classes) - 1; c >= 0; c-- {
		if front := q.classes[c].Front(); front != nil {
			if w = front.Value.(*waiter); q.passed[c] >= turn-1 {
				return w, true
			}
		}
	}
	return w, false
}

// went removes next's choice after it got its permit.
func (q *queue) went(w *waiter) {
	q.remove(w)
	class := rank(w.request.Priority)
	q.passed[class] = 0
	for c := class + 1; c < len(q.classes); c++ {
		if q.passed[c]++; q.classes[c].Len() == 0 {
			q.passed[c] = 0
		}
	}
}

// fail ends the wait of every call for which the function returns an error.
func (q *queue) fail(problem func(*waiter) error) {
	for c := range q.classes {
		for e := q.classes[c].Front(); e != nil; {
			w := e.Value.(*waiter)
			e = e.Next()
			if err := problem(w); err != nil {
				q.remove(w)
				w.err = err
				close(w.ready)
			}
		}
	}
}

package middleware

// The queue orders the calls that wait: interactive before normal before bulk ones, but every class
// gets a turn.

import (
	"container/list"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// rank returns the index of a priority's class in a queue.
func rank(p transport.Priority) int {
	switch p {
	case transport.PriorityInteractive:
		return 0
	case transport.PriorityBulk:
		return 2
	}
	return 1
}

// turn is how often the front of a class goes although calls of a higher priority wait: every tenth
// time.
const turn = 10

// waiter is a call that waits for its permit.
type waiter struct {
	forecast time.Time // of its end, when the wait began
	request  LimitRequest
	latest   time.Time     // when the permit is of no more use; zero for never
	ready    chan struct{} // closed when permit or err is set
	permit   *permit
	err      error
	element  *list.Element
}

// queue is not safe for concurrent use; the pacer's lock guards it.
type queue struct {
	classes [3]list.List // by rank
	passed  [3]int       // how many calls went before the front of the class since it got there
	n       int
}

func (q *queue) len() int { return q.n }

// ahead returns how many calls would go before a new one.
func (q *queue) ahead(r LimitRequest) int {
	n := 0
	for c := range rank(r.Priority) {
		n += q.classes[c].Len()
	}
	if r.Rejected {
		return n
	}
	return n + q.classes[rank(r.Priority)].Len()
}

// push adds a call at the end of its class, or at the front if it was rejected before.
func (q *queue) push(w *waiter) {
	class := &q.classes[rank(w.request.Priority)]
	if q.n++; w.request.Rejected {
		w.element = class.PushFront(w)
		return
	}
	w.element = class.PushBack(w)
}

func (q *queue) remove(w *waiter) {
	q.n--
	q.classes[rank(w.request.Priority)].Remove(w.element)
}

// next returns the call whose turn it is, nil for none. A call that is due has let nine others
// pass, and may take what is reserved for them.
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

// other returns the first call of another operation, nil for none.
func (q *queue) other(operation string) *waiter {
	for c := range q.classes {
		for e := q.classes[c].Front(); e != nil; e = e.Next() {
			if w := e.Value.(*waiter); w.request.Operation != operation {
				return w
			}
		}
	}
	return nil
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

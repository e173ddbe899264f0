package middleware

// A server may count an operation against a limit that it does not publish, or reject it for ever.
// Each rejection closes the bucket's gate for all operations. Such an operation therefore gets a
// bucket for itself, and its rejections close only that.

import "time"

const (
	// strikesToSeparate is the number of times in a row that an operation must be rejected right
	// after a pause, and another one pass next, before it gets a bucket of its own. A mistake costs
	// little: the two buckets then share the quota as two processes do.
	strikesToSeparate = 3
	// separateFor is the time without a call after which an operation loses its own bucket.
	separateFor = time.Hour
	// mostSeparate bounds the number of operations with a bucket of their own.
	mostSeparate = 200
)

// operationOf identifies an operation within a bucket.
type operationOf struct{ bucket, operation string }

// suspicion finds the operation of a bucket that is rejected while others pass.
type suspicion struct {
	// was rejected right after a pause, and no call has passed since; "" for none, or one without a
	// name
	operation string
	strikes   map[string]int // by operation: how often that happened, and then another operation passed
}

// rejected takes note of a 429 to a call that was the first one after a pause.
func (s *suspicion) rejected(operation string) { s.operation = operation }

// passed takes note of a call that passed.
func (s *suspicion) passed(operation string) {
	delete(s.strikes, operation)
	if s.operation != "" && s.operation != operation {
		if s.strikes == nil || len(s.strikes) >= mostSeparate {
			s.strikes = map[string]int{}
		}
		s.strikes[s.operation]++
	}
	s.operation = ""
}

// choose returns the call whose turn it is. If the first call after the last pause was rejected, a
// call of another operation is the first one after this pause.
func (b *bucket) choose(now time.Time) (w *waiter, due bool) {
	if b.suspicion.operation != "" && b.inFlight == 0 && b.passed == 0 && left(b.gate, now) <= 0 {
		if w := b.queue.other(b.suspicion.operation); w != nil {
			return w, false
		}
	}
	return b.queue.next()
}

// separate returns the bucket that an operation has for itself, nil for none.
func (p *Pacer) separate(r LimitRequest, now time.Time) *bucket {
	if len(p.separated) == 0 {
		return nil
	}
	key := operationOf{r.Bucket, r.Operation}
	b := p.separated[key]
	if b != nil && b.idle(now) && elapsed(b.ended, now) > separateFor {
		delete(p.separated, key)
		return nil
	}
	return b
}

// move assigns a rejected call to the bucket that its operation has for itself. An operation that
// was rejected strikesToSeparate times while others passed gets its bucket here.
func (p *Pacer) move(now time.Time, t *permit) {
	from, operation := t.bucket, t.request.Operation
	own := p.separate(t.request, now)
	if own == nil {
		if t.epoch != from.epoch || from.suspicion.strikes[operation] < strikesToSeparate ||
			len(p.separated) >= mostSeparate {
			return
		}
		own = p.newBucket(from.name)
		own.own = true
		own.watched, own.resumed, own.proven = now, now, now
		p.separated[operationOf{from.name, operation}] = own
		delete(from.suspicion.strikes, operation)
		from.suspicion.operation = ""
	}
	if own == from {
		return
	}
	from.inFlight--
	own.inFlight++
	t.bucket, t.epoch, t.number = own, own.epoch, own.granted+1
	from.dispatch(now)
}

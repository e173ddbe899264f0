package transport

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// ErrNotReplayable is returned by Rewind for a request whose body can be read only once: it has no
// GetBody, or one that returns no body.
var ErrNotReplayable = errors.New("transport: the request body cannot be resent: want a GetBody that returns it")

// Replayable reports whether a request can be resent: it has no body, or GetBody returns a new one.
func Replayable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// Rewind returns a copy of req, with a fresh body, that is safe to send after req has been sent.
// The copy shares req's headers.
func Rewind(req *http.Request) (*http.Request, error) {
	again := req.WithContext(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, nil
	}
	if req.GetBody == nil {
		return nil, ErrNotReplayable
	}
	body, err := req.GetBody()
	switch {
	case err != nil:
		return nil, err
	case body == nil: // the request would go out without the body that it was made with
		return nil, ErrNotReplayable
	}
	again.Body = body
	return again, nil
}

// CloseRequest closes a request's body. A middleware that returns without calling the next one must
// do so.
func CloseRequest(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

const (
	// drainLimit and drainTime bound Drain: past them a new connection is cheaper than the rest of
	// the body.
	drainLimit = 64 << 10
	drainTime  = 50 * time.Millisecond
)

// Drain drains and closes a response that is not passed on, so that its connection can be used
// again: it reads at most 64 KiB of the body, for at most 50 ms.
func Drain(resp *http.Response) {
	if resp == nil || resp.Body == nil || resp.Body == http.NoBody {
		return
	}
	switch body := resp.Body.(type) {
	case *Body: // in memory: its connection is free already
		_ = body.Close()
		return
	case *head:
		if body.drained() {
			_ = body.Close()
			return
		}
	}
	head := peek(resp.Body, drainLimit)
	head.wait(nil, drainTime)
	_ = head.Close()
}

// PeekBody returns up to limit bytes from the start of a response's body, as many as arrive within
// the time given and before the request's context ends, and leaves the body as it was: the bytes
// can be read again. An error while reading is kept for the reader of the body.
func PeekBody(resp *http.Response, limit int, within time.Duration) []byte {
	switch body := resp.Body.(type) {
	case nil:
		return nil
	case *Body:
		return body.Bytes()[:min(limit, len(body.Bytes()))]
	}
	if resp.Body == http.NoBody {
		return nil
	}
	var done <-chan struct{}
	if resp.Request != nil {
		done = resp.Request.Context().Done()
	}
	head := peek(resp.Body, limit)
	resp.Body = head
	return head.wait(done, within)
}

// PeekedAll reports whether the bytes that the last PeekBody has returned are all of a response's
// body.
func PeekedAll(resp *http.Response) bool {
	switch body := resp.Body.(type) {
	case nil, *Body:
		return true
	case *head:
		body.mu.Lock()
		defer body.mu.Unlock()
		return body.done && errors.Is(body.err, io.EOF)
	}
	return resp.Body == http.NoBody
}

// head reads the start of a body on a goroutine of its own, as a Read may take any time, and is the
// body for everybody else: first what was read that way, then the rest.
type head struct {
	body io.ReadCloser
	full chan struct{} // closed when the start was read

	mu       sync.Mutex
	more     sync.Cond
	data     []byte
	offset   int
	done     bool
	err      error // why there is no more; nil if only the start has ended
	panicked any
	close    func() error
}

func peek(body io.ReadCloser, limit int) *head {
	h := &head{body: body, full: make(chan struct{}), close: sync.OnceValue(body.Close)}
	h.more.L = &h.mu
	go h.fill(limit)
	return h
}

func (h *head) fill(limit int) {
	defer close(h.full)
	defer func() {
		panicked := recover() // it belongs to the goroutine that reads the body
		h.mu.Lock()
		defer h.mu.Unlock()
		h.done, h.panicked = true, panicked
		h.more.Broadcast()
	}()
	for chunk, n := make([]byte, min(limit, 4<<10)), 0; n < limit; {
		k, err := h.body.Read(chunk[:min(len(chunk), limit-n)])
		n += k
		h.mu.Lock()
		h.data = append(h.data, chunk[:k]...)
		h.err = err
		h.more.Broadcast()
		h.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// wait returns the start of the body, or as much of it as was read when the time is up.
func (h *head) wait(ctx <-chan struct{}, within time.Duration) []byte {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-h.full:
	case <-ctx:
	case <-timer.C:
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.panicked != nil {
		panic(h.panicked)
	}
	return h.data[:len(h.data):len(h.data)]
}

func (h *head) Read(p []byte) (int, error) {
	h.mu.Lock()
	for h.offset == len(h.data) && !h.done {
		h.more.Wait()
	}
	defer h.mu.Unlock()
	switch {
	case h.offset < len(h.data):
		n := copy(p, h.data[h.offset:])
		h.offset += n
		return n, nil
	case h.panicked != nil:
		panic(h.panicked)
	case h.err != nil:
		return 0, h.err
	}
	h.mu.Unlock()
	defer h.mu.Lock()
	return h.body.Read(p)
}

// drained reports whether reading on is of no use, or would go past what Drain may read: the body
// has ended, or it did not come within the time that PeekBody had.
func (h *head) drained() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.done || h.err != nil || len(h.data) >= drainLimit
}

// Close closes the body, which also ends a Read that is under way.
func (h *head) Close() error { return h.close() }

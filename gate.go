package spotify

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// gate has the two ends of the pipeline, gateIn and gateOut. It knows the API's origin, and whether
// the client is closed.
type gate struct {
	home    *url.URL
	closing context.Context // ends when the client is closed; its cause is ErrClosed
	close   context.CancelCauseFunc

	attempts  atomic.Int64 // in flight, response bodies included
	closeIdle func()       // closes the idle connections of a base that the client made; nil for any other
}

func newGate(home *url.URL) *gate {
	g := &gate{home: home}
	g.closing, g.close = context.WithCancelCause(context.Background())
	return g
}

// shut refuses further calls and attempts and ends all waits. Attempts in flight are not
// interrupted.
func (g *gate) shut() {
	g.close(ErrClosed)
	g.release()
}

// release closes idle connections.
func (g *gate) release() {
	if g.closeIdle == nil {
		return
	}
	g.closeIdle()
	time.AfterFunc(100*time.Millisecond, g.closeIdle) // HTTP/2 forgets a stream a moment after its body was closed
}

// in returns the first middleware: it refuses calls after Close, and sends requests to other
// origins through base.
func (g *gate) in(base http.RoundTripper) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper { return &gateIn{g, next, base} }
}

type gateIn struct {
	*gate
	next, base http.RoundTripper
}

func (g *gateIn) RoundTrip(given *http.Request) (*http.Response, error) {
	switch {
	case g.closing.Err() != nil:
		transport.CloseRequest(given)
		return nil, transport.Permanent(ErrClosed)
	case given.URL == nil || !transport.SameOrigin(g.home, given.URL):
		return g.base.RoundTrip(given)
	}
	req, call := transport.WithReport(given)
	if !call.Report.Enter(g) && given.Response == nil { // a redirect goes on with the call that was redirected
		req, call = transport.Another(given)
		call.Report.Enter(g)
	}
	call.Report.SetClosing(g.closing)
	resp, err := g.next.RoundTrip(req)
	if resp != nil {
		resp.Request = given
	}
	return resp, err
}

// out returns base with a guard: no attempt begins after Close, and base is held to the contract of
// http.RoundTripper.
func (g *gate) out(base http.RoundTripper) http.RoundTripper { return &gateOut{g, base} }

type gateOut struct {
	*gate
	base http.RoundTripper
}

func (g *gateOut) RoundTrip(req *http.Request) (*http.Response, error) {
	g.attempts.Add(1)
	if g.closing.Err() != nil {
		g.end()
		transport.CloseRequest(req)
		return nil, transport.Permanent(ErrClosed)
	}
	resp, err := transport.RoundTrip(g.base, req)
	if err != nil {
		g.end()
		return nil, transport.Advise(g.clean(err))
	}
	if resp.Body == http.NoBody || g.closeIdle == nil ||
		resp.StatusCode == http.StatusSwitchingProtocols { // whose body can be written to
		g.end()
		return resp, nil
	}
	resp.Body = &countedBody{ReadCloser: resp.Body, gate: g.gate}
	return resp, nil
}

// end is called once for each attempt, when it and its body have ended.
func (g *gate) end() {
	if g.attempts.Add(-1) == 0 && g.closing.Err() != nil {
		g.release()
	}
}

// clean removes the URL from the error of a transport that uses an http.Client: its query may have
// a secret.
func (g *gateOut) clean(err error) error {
	outer, ok := errors.AsType[*url.Error](err)
	switch {
	case !ok:
		return err
	case transport.IsPermanent(err):
		return transport.Permanent(outer.Err)
	}
	return outer.Err
}

// countedBody is a response body whose Close ends its attempt.
type countedBody struct {
	io.ReadCloser
	gate  *gate
	ended atomic.Bool
}

func (b *countedBody) Close() error {
	err := b.ReadCloser.Close()
	if !b.ended.Swap(true) {
		b.gate.end()
	}
	return err
}

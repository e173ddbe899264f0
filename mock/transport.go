package mock

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/mock/internal/api"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// RoundTrip returns the response to a request. It fails like net/http's transport: with the
// context's error, a broken connection, or the error of a rule.
func (tr *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	in, err := newRequest(req)
	if err != nil {
		return nil, err
	}
	r := tr.respond(in)
	if r.Err != nil {
		return nil, r.Err
	}
	return r.Deliver(req, &tr.open), nil
}

// respond is the way of every request: it is recorded, a rule may respond to it, and otherwise its
// route does. A browser's preflight is no call of the program and gets its response at once.
func (tr *Transport) respond(in *request) wire.Response {
	if in.isPreflight() {
		return preflight()
	}
	tr.recorder.add(in.call)
	rule, ruled := tr.rules.take(in)
	in.faults = rule.faults
	if err := in.sleep(rule.delay); err != nil {
		return wire.Response{Err: err}
	}
	var r wire.Response
	if ruled && rule.respond != nil {
		r = rule.respond(in)
	} else {
		r = tr.dispatch(in)
	}
	if in.isCrossOrigin() {
		r = r.With(crossOrigin)
	}
	r = r.With(rule.header)
	if r.Err == nil {
		tr.recorder.finish(in.call, r.Status)
	}
	if tr.log != nil {
		tr.log(tr.recorder.copy(in.call))
	}
	return r
}

func (tr *Transport) dispatch(in *request) wire.Response {
	switch {
	case in.route == nil:
		if r, ok := tr.respondImage(in); ok {
			return r
		}
		return tr.respondUnexpected(in)
	case in.route.Op == nil:
		return tr.respondAccounts(in)
	}
	return tr.respondAPI(in)
}

// respondImage responds to a request for a picture, which needs no token.
func (tr *Transport) respondImage(in *request) (wire.Response, bool) {
	if in.method != http.MethodGet && in.method != http.MethodHead {
		return wire.Response{}, false
	}
	data, ok := tr.api.Image(in.path)
	if !ok {
		return wire.Response{}, false
	}
	header := http.Header{"Content-Type": {"image/jpeg"}, "Cache-Control": {"public, max-age=604800"}}
	return wire.Response{Status: http.StatusOK, Header: header, Body: data}, true
}

// respondUnexpected responds 404 to a request without a route, 410 for a path that Spotify has
// removed, and fails the test.
func (tr *Transport) respondUnexpected(in *request) wire.Response {
	call := in.method + " " + in.path
	tr.mu.Lock()
	tr.unexpected = append(tr.unexpected, call)
	tr.mu.Unlock()
	tr.report.errorf(
		"mock: unexpected request %s (%s): the API reference has no such operation; the nearest are %s",
		call,
		in.url.Redacted(),
		nearest(in.method, in.path),
	)
	return fromAPI(api.NoRoute(in.segments))
}

package mock

// transport.go is the fake as an http.RoundTripper, and the way of a request through it.

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/api"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"

	"github.com/jarcoal/httpmock"

	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

// Transport is a fake Spotify, an [http.RoundTripper] that needs no network. It answers on any host: the Web API below /v1, the Accounts service at
// /authorize and /api/token. It is safe for concurrent use and works in synctest bubbles. Make one with New.
type Transport struct {
	report   *reporter
	rules    rulebook
	recorder recorder
	doorman  doorman
	accounts *accounts.Service
	world    *api.API
	forecast forecast
	oracle   oracle
	log      func(Call)   // nil for nobody
	served   atomic.Int64 // calls counted against the quota
	open     atomic.Int64 // response bodies not closed yet

	mu         sync.Mutex
	unexpected []string
}

// New returns a fake with an invented catalogue and a user, UserID, who is signed in: any bearer token is good.
// A request that nothing answers fails t, naming the nearest routes. t may be nil outside tests.
func New(t testing.TB, opts ...Option) *Transport {
	tr, _ := build(t, opts)
	return tr
}

func build(t testing.TB, opts []Option) (*Transport, *settings) {
	s := &settings{forecast: forecast{seed: 1, quota: -1}}
	for _, option := range opts {
		option(s)
	}
	tr := &Transport{report: newReporter(t), accounts: accounts.New(s.accounts), forecast: s.forecast, log: s.log}
	for _, problem := range s.problems {
		tr.report.fatal("mock: %v", problem)
	}
	if s.catalogue == nil {
		s.catalogue = catalogue.Invented()
	}
	tr.world = api.New(s.catalogue, s.surface)
	tr.doorman = doorman{service: tr.accounts, strict: s.strict, scopes: s.scopes, seen: map[string]accounts.State{}, given: map[string]grant{}}
	tr.oracle = oracle{forecast: &tr.forecast, sent: map[uint64]uint64{}}
	if tr.forecast.limit != nil {
		tr.forecast.limit.rejected = s.forecast.rejected
		tr.forecast.limit.begin(time.Now(), s.forecast.seed, s.forecast.used, s.forecast.rivals)
	}
	for _, h := range tr.forecast.hidden {
		h.until = time.Now().Add(h.exhausted)
	}
	tr.recorder.most = mostCalls(t, s.keep)
	return tr, s
}

// mostCalls says how many calls are kept, in the recorder's terms.
func mostCalls(t testing.TB, asked *int) int {
	_, benchmark := t.(*testing.B)
	switch {
	case asked == nil && (t == nil || benchmark):
		return keepOutsideTests
	case asked == nil || *asked < 0:
		return 0
	case *asked == 0:
		return -1
	}
	return *asked
}

// RoundTrip answers a request. It fails as net/http's transport does: with the context's error, a broken connection, or what a rule says.
func (tr *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	f, err := depart(req)
	if err != nil {
		return nil, err
	}
	r := tr.answer(f)
	if r.Err != nil {
		return nil, r.Err
	}
	return r.Deliver(req, &tr.open), nil
}

// OpenBodies returns how many responses were handed out whose bodies are not closed yet. A Server's responses are not counted.
func (tr *Transport) OpenBodies() int { return int(tr.open.Load()) }

// Reset forgets the rules, the recorded calls and what was unexpected. What calls have changed in the user's library stays.
func (tr *Transport) Reset() {
	tr.rules.reset()
	tr.recorder.reset()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.unexpected = nil
}

type flightKey struct{}

// loadMux dispatches by the routes of the API reference, for all fakes. It never sees a client's request, only the route's own: it would share
// what it answers between callers and leave request bodies open.
var loadMux = sync.OnceValue(func() *httpmock.MockTransport {
	mux := httpmock.NewMockTransport()
	for _, r := range route.Load().Routes {
		serve := (*Transport).serveAPI
		if r.Op == nil {
			serve = (*Transport).serveAccounts
		}
		mux.RegisterResponder(r.Method, r.Request.URL.String(), func(req *http.Request) (*http.Response, error) {
			f := req.Context().Value(flightKey{}).(*flight)
			f.reply = serve(f.fake, f)
			return &http.Response{Body: http.NoBody}, nil // the reply travels in the flight
		})
	}
	return mux
})

// answer is the way of every request: it is written down, then a rule may answer, else the route does.
func (tr *Transport) answer(f *flight) wire.Response {
	tr.recorder.add(f.call)
	v, ruled := tr.rules.take(f)
	if err := f.wait(v.delay); err != nil {
		return wire.Response{Err: err}
	}
	var r wire.Response
	if ruled && v.answer != nil {
		r = v.answer(f)
	} else {
		r = tr.dispatch(f)
	}
	r = r.With(v.header)
	if r.Err == nil {
		tr.recorder.finish(f.call, r.Status)
	}
	if tr.log != nil {
		tr.log(tr.recorder.copy(f.call))
	}
	return r
}

func (tr *Transport) dispatch(f *flight) wire.Response {
	to := f.route
	if to == nil {
		if r, ok := tr.serveImage(f); ok {
			return r
		}
		return tr.serveNothing(f)
	}
	// Without a way to end it, httpmock runs the responder right here; the flight's own context ends what waits.
	f.fake = tr
	ctx := context.WithValue(context.WithoutCancel(f.ctx), flightKey{}, f)
	resp, err := loadMux().RoundTrip(to.Request.WithContext(ctx))
	if err != nil {
		return wire.Response{Err: err}
	}
	_ = resp.Body.Close()
	return f.reply
}

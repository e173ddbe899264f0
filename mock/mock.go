package mock

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
	"github.com/seed-2147f1a9/spotify/mock/internal/api"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Transport is a fake Spotify: an [http.RoundTripper] that needs no network. It responds on any
// host: as the Web API below /v1, as the Accounts service at /authorize and /api/token. It is safe
// for concurrent use and works in synctest bubbles. Make one with New.
type Transport struct {
	report   *reporter
	rules    rulebook
	recorder recorder
	tokens   authorizer
	accounts *accounts.Service
	api      *api.API
	faults   faultSource
	limits   limits
	log      func(Call)   // nil for none
	served   atomic.Int64 // calls counted by WithQuota
	open     atomic.Int64 // response bodies that are not closed yet

	mu         sync.Mutex
	unexpected []string
}

// New returns a fake with an invented catalogue and a user, UserID, who is signed in: any bearer
// token is valid. A request for something that is not in the API reference fails t and names the
// most similar routes. t may be nil outside tests.
//
// New makes about 15 allocations. The first request copies what requests can change, and the first
// one of a process builds the invented catalogue, which all fakes of the process share.
func New(t testing.TB, opts ...Option) *Transport {
	tr, _ := build(t, opts)
	return tr
}

func build(t testing.TB, opts []Option) (*Transport, *settings) {
	s := &settings{limits: limits{quota: -1}}
	for _, opt := range opts {
		if opt != nil {
			opt.apply(s)
		}
	}
	tr := &Transport{report: newReporter(t), accounts: accounts.New(s.accounts), limits: s.limits, log: s.log}
	for _, problem := range s.problems {
		tr.report.fatal("mock: %v", problem)
	}
	tr.api = api.New(s.catalogue, s.api)
	tr.tokens = authorizer{
		service: tr.accounts, strict: s.strictTokens, scopes: s.scopes, seen: map[string]accounts.State{},
		issued: map[string]grant{},
	}
	tr.faults.set(s.faults)
	tr.limits.start(time.Now(), s.faults.seed())
	tr.recorder.limit = callLimit(t, s.keep)
	return tr, s
}

// NewClient returns a client whose calls a new fake responds to, and the fake. The client is signed
// in as UserID unless opts contain credentials, and is closed at the end of the test. For a fake
// with options use the method: New(t, WithFaults(Chaos(7))).NewClient().
func NewClient(t testing.TB, opts ...spotify.Option) (*spotify.Client, *Transport) {
	tr := New(t)
	tr.report.helper()
	return tr.NewClient(opts...), tr
}

// NewClient returns a client whose calls the fake responds to. It is signed in as UserID unless
// opts contain credentials, and is closed at the end of the test. Invalid options end the test, or
// panic without a test.
func (tr *Transport) NewClient(opts ...spotify.Option) *spotify.Client {
	tr.report.helper()
	// The environment may name another fake, whose paths need not be the ones of this fake.
	pinned := spotify.WithEndpoints(spotify.Endpoints{API: resources.DefaultBaseURL, Accounts: auth.DefaultAccountsURL})
	return tr.report.client(append([]spotify.Option{spotify.WithTransport(tr), pinned}, opts...))
}

// client returns a client that is closed at the end of the test.
func (r *reporter) client(opts []spotify.Option) *spotify.Client {
	r.helper()
	c, err := spotify.New(opts...)
	if errors.Is(err, spotify.ErrCredentials) {
		if signedIn, another := spotify.New(append(opts, spotify.WithAccessToken("fake"))...); another == nil {
			c, err = signedIn, nil
		}
	}
	if err != nil {
		r.fatal("mock: NewClient: %v", err)
		return nil
	}
	r.cleanup(func() { _ = c.Close() })
	return c
}

// OpenBodies returns the number of responses whose bodies are not closed yet. Responses of a Server
// are not counted.
func (tr *Transport) OpenBodies() int { return int(tr.open.Load()) }

// Reset removes the rules, the recorded calls and the unexpected requests. Changes to the user's
// library, playlists and player stay.
func (tr *Transport) Reset() {
	tr.rules.reset()
	tr.recorder.reset()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.unexpected = nil
}

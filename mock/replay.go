package mock

// replay.go answers from fixtures.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"

	"github.com/seed-2147f1a9/spotify/transport"
)

// ErrNoFixture is matched by the error of a request that Replay has no fixture for.
var ErrNoFixture = errors.New("no fixture")

// Replay returns a transport that answers from the fixtures that Record wrote into dir, without a network. A request is answered by the fixtures of the
// same method, URL and body, in the order they were recorded; the last one stays. A request without a fixture is an error that matches ErrNoFixture
// and names the nearest. What Record takes out does not matter for the match: any token will do.
func Replay(dir string, opts ...RecordOption) (http.RoundTripper, error) {
	list, err := load(dir)
	if err != nil {
		return nil, fmt.Errorf("mock: Replay: %w", err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("mock: Replay: %s: %w", dir, ErrNoFixture)
	}
	r := &replaying{opts: opts, fixtures: map[string][]*fixture{}}
	for _, f := range list {
		k := f.Request.key()
		r.fixtures[k] = append(r.fixtures[k], f)
	}
	r.all = list
	return r, nil
}

type replaying struct {
	opts []RecordOption
	all  []*fixture
	open atomic.Int64

	mu       sync.Mutex
	fixtures map[string][]*fixture // by key, those to come
}

// RoundTrip answers from the next fixture of the request's key.
func (r *replaying) RoundTrip(req *http.Request) (*http.Response, error) {
	defer transport.CloseRequest(req)
	if req.Context().Err() != nil {
		return nil, context.Cause(req.Context())
	}
	body, err := wire.ReadBody(req)
	if err != nil {
		return nil, err
	}
	var c censor // a new one each time: what one request holds is no secret in another
	for _, option := range r.opts {
		option(&c)
	}
	asked := c.request(req, body)
	f := r.next(asked.key())
	if f == nil {
		return nil, transport.Permanent(fmt.Errorf("mock: Replay: %w for %s; the nearest is %s", ErrNoFixture, &asked, r.nearest(&asked)))
	}
	return wire.Response{Status: f.Response.Status, Header: f.Response.Header.Clone(), Body: f.Response.bytes()}.Deliver(req, &r.open), nil
}

func (r *replaying) next(key string) *fixture {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.fixtures[key]
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		r.fixtures[key] = list[1:]
	}
	return list[0]
}

// nearest names the fixture that is most like what was asked, and says so where only the body differs.
func (r *replaying) nearest(asked *fixedRequest) string {
	var best *fixture
	least := 0
	for _, f := range r.all {
		if d := route.EditDistance(asked.String(), f.Request.String()); best == nil || d < least {
			best, least = f, d
		}
	}
	text := best.Request.String() + " (" + best.file + ")"
	if least == 0 {
		text += ", with another body"
	}
	return text
}

package record

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

// ErrNoFixture is matched by the error of a request for which a replayer has no fixture.
var ErrNoFixture = errors.New("no fixture")

// NewReplayer returns a transport that responds from the fixtures that a recorder wrote into dir,
// without a network. A request gets the fixtures of the same method, URL and body in the order of
// their recording, and the last one again from then on. Redacted values do not matter: any token
// will do.
//
// A request without a fixture fails with an error that matches ErrNoFixture and names the most
// similar one.
func NewReplayer(dir string, opts ...Option) (http.RoundTripper, error) {
	list, err := load(dir)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("record: %s: %w", dir, ErrNoFixture)
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
	opts []Option
	all  []*fixture
	open atomic.Int64

	mu       sync.Mutex
	fixtures map[string][]*fixture // by key, those to come
}

// RoundTrip returns the response of the next fixture of the request's key.
func (r *replaying) RoundTrip(req *http.Request) (*http.Response, error) {
	defer transport.CloseRequest(req)
	if req.Context().Err() != nil {
		return nil, context.Cause(req.Context())
	}
	body, err := wire.ReadBody(req)
	if err != nil {
		return nil, err
	}
	var c censor // one per request: a secret of one request is no secret in another
	c.set(r.opts)
	asked := c.request(req, body)
	f := r.next(asked.key())
	if f == nil {
		return nil, transport.Permanent(
			fmt.Errorf("record: %w for %s; the nearest is %s", ErrNoFixture, &asked, r.nearest(&asked)),
		)
	}
	recorded := wire.Response{Status: f.Response.Status, Header: f.Response.Header.Clone(), Body: f.Response.bytes()}
	return recorded.Deliver(req, &r.open), nil
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

// nearest names the fixture most similar to a request, and tells if only the body differs.
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

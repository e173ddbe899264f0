// Package spotify is a client for the Spotify Web API that survives what happens to one in production: tokens that expire, limits, outages.
//
// A call goes through a pipeline of small [http.RoundTripper] middlewares, which refresh the token, pace the calls, retry what can be retried and decode errors.
//
//	client, err := spotify.NewFromClientCredentials("", "") // from SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	album, err := client.Albums.Get(ctx, "spotify:album:2up3OPMp9Tb4dAKM2erWXQ", nil)
//
// One client serves any number of goroutines. Package mock holds a fake Spotify to test against.
package spotify

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Client calls the Web API. It is safe for concurrent use. Its services are fields: client.Albums, client.Playlists and so on.
type Client struct {
	*resources.Services

	steps   []string
	chain   http.RoundTripper // from Gate down
	gate    *gate
	quota   *quota
	meter   *meter
	source  *meteredSource
	limiter middleware.Limiter
	cache   *middleware.CacheCounters // nil without a cache
	close   func() error
}

// New returns a client. Exactly one of WithAccessToken, WithClientCredentials and WithTokenSource says how it authorizes its calls;
// with none or several the error matches ErrCredentials. Errors about other options match ErrInvalidArgument. Nothing is sent.
func New(opts ...Option) (*Client, error) {
	s, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	c := &Client{gate: &gate{home: s.home}, quota: &quota{}, meter: &meter{}, limiter: s.limiter}
	c.source = c.meter.source(s.source)
	c.close = sync.OnceValue(func() error { return c.shut(s.owned) })

	if s.cache != nil {
		c.cache = s.cache.Counters
	}

	stack := c.pipeline(s)
	c.chain = stack.Then(s.base)
	var private transport.Stack // errors instead of answers: for the services only, as it breaks the RoundTripper contract
	private.Append("DecodeErrors", middleware.DecodeErrors(c.decodeError))
	c.steps = append(private.Names(), stack.Names()...)
	c.Services, err = resources.New(&http.Client{Transport: private.Then(c.chain)}, s.services)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// pipeline is what a request goes through below DecodeErrors, outermost first.
// The rule behind the order: what sends again stands above what must be paid for each sending.
func (c *Client) pipeline(s *settings) *transport.Stack {
	var p transport.Stack
	p.Append("Gate", c.gate.step(s.base))                 // other origins leave the pipeline here: no token, limiter or cache for them
	s.appendTo(&p, transport.PerCall)                     // the user's, once for each call
	p.Append("Cache", s.cacheStep())                      // a hit costs neither token nor permit
	p.Append("Retry", c.retryStep(s.retry))               // sees the answers as they are
	p.Append("Refresh", middleware.Refresh(c.source))     // a 401 is replayed once, outside the count of retries
	s.appendTo(&p, transport.PerAttempt)                  // the user's, once for each sending; they never see the token
	p.Append("RateLimit", s.limitStep())                  // replays pay too
	p.Append("Timeout", middleware.Timeout(s.timeout))    // for each attempt, its body included
	p.Append("Auth", middleware.Auth(c.source, s.isHome)) // last, after all waiting, so that the token is fresh
	s.appendTo(&p, transport.OnWire)                      // the user's; they see the token
	p.Append("Observe", c.meter.step)                     // what really went out, for Stats
	p.Append("Log", s.logStep())                          // and for the log, without secrets
	return &p
}

// NewFromClientCredentials returns a client that calls the API as the app itself, which is enough for the catalogue and not for a user's data.
// Empty arguments are taken from SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET.
func NewFromClientCredentials(clientID, clientSecret string, opts ...Option) (*Client, error) {
	return New(append(slices.Clone(opts), WithClientCredentials(clientID, clientSecret))...)
}

// Pipeline returns the names of the steps that a call goes through, outermost first.
func (c *Client) Pipeline() []string { return slices.Clone(c.steps) }

// HTTPClient returns an HTTP client over the pipeline, for another SDK or for plain requests: calls to the API's origin get token, pacing, refresh and retries,
// those to any other origin are sent as they are. Answers of 400 and more are answers, as everywhere in net/http. Each call returns a new one; close the Client, not them.
func (c *Client) HTTPClient() *http.Client { return &http.Client{Transport: c.chain} }

// Close ends what the client began: it closes idle connections, and stops the background refresh of a token source that it made itself.
// What was handed to it (WithTransport, WithTokenSource) stays its owner's. Calls made afterwards fail with ErrClosed; those under way may fail.
// Closing a client again does nothing and returns the same.
func (c *Client) Close() error { return c.close() }

func (c *Client) shut(owned []io.Closer) error {
	c.gate.closed.Store(true)
	var errs []error
	for _, o := range owned {
		errs = append(errs, o.Close())
	}
	return errors.Join(errs...)
}

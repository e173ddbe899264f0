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
	c := &Client{gate: newGate(s.home), meter: &meter{}, limiter: s.limiter}
	c.gate.closeIdle = s.closeIdle
	c.source = c.meter.source(s.source)
	c.close = sync.OnceValue(func() error { return c.shut(s.owned) })

	if s.cache != nil {
		c.cache = s.cache.Counters
	}

	base := c.gate.out(s.base)
	stack := c.pipeline(s, base)
	c.chain = stack.Then(base)
	var private transport.Stack // errors instead of answers: for the services only, as it breaks the RoundTripper contract
	private.Append("DecodeErrors", middleware.DecodeErrors(c.decodeError))
	c.steps = append(private.Names(), stack.Names()...)
	c.Services, err = resources.New(&http.Client{Transport: private.Then(c.chain), CheckRedirect: transport.CheckRedirect}, s.services)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// pipeline returns the middlewares that a request goes through below DecodeErrors, outermost first.
// Middlewares that resend (Retry, Refresh) wrap the ones every attempt pays for (RateLimit, Timeout,
// Auth). Nothing else in the library resends, refuses or delays a request.
func (c *Client) pipeline(s *settings, base http.RoundTripper) *transport.Stack {
	var p transport.Stack
	p.Append("Gate", c.gate.in(base))                               // other origins leave the pipeline here: no token, limiter or cache for them
	p.Append("Describe", middleware.Describe(s.describe))           // requests that the services did not make get the same care
	p.Append("Observe", middleware.Observe(c.meter))                // begins the call's record before anything can refuse the call
	s.appendTo(&p, transport.PerCall)                               // the user's, once for each call
	p.Append("Cache", s.cacheStep())                                // a hit costs neither token nor permit
	p.Append("Retry", middleware.Retry(c.meter.on(s.retry)))        // the only one that retries
	p.Append("Buffer", s.bufferStep())                              // a body that breaks off is a failed attempt
	p.Append("Refresh", middleware.Refresh(c.source.refreshable())) // replays on 401, outside the count of retries
	s.appendTo(&p, transport.PerAttempt)                            // the user's, once for each attempt; they never see the token
	p.Append("RateLimit", s.limitStep())                            // every attempt takes a permit of its own, replays too
	p.Append("Classify", middleware.Classify(Classify))             // reads an error's body once, for all above
	p.Append("Timeout", middleware.Timeout(s.timeout))              // for each attempt, its body included
	p.Append("Auth", middleware.Auth(c.source, s.isHome))           // last, after all waiting, so that the token is fresh
	s.appendTo(&p, transport.OnWire)                                // the user's; they see the token
	p.Append("Observe", middleware.Observe(c.meter))                // each attempt, for Stats
	p.Append("Log", s.logStep())                                    // and for the log, without secrets
	return &p
}

// NewFromClientCredentials returns a client that calls the API as the app itself, which is enough for the catalogue and not for a user's data.
// Empty arguments are taken from SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET.
func NewFromClientCredentials(clientID, clientSecret string, opts ...Option) (*Client, error) {
	return New(append(slices.Clone(opts), WithClientCredentials(clientID, clientSecret))...)
}

// Pipeline returns the names of the steps that a call goes through, outermost first.
func (c *Client) Pipeline() []string { return slices.Clone(c.steps) }

// HTTPClient returns an HTTP client over the pipeline, for another SDK or for plain requests. Requests
// to the API's origin get token, pacing, refresh and retries; what is known of an operation (whether
// it is idempotent, its bucket) is looked up by method, path and body. Requests to any other origin
// are sent as they are. Redirects are followed for GET and HEAD only.
//
// A response of 400 or more is a response, not an error, as everywhere in net/http. A request that is
// not sent at all, because the limiter refuses it, the quota is exhausted or the client is closed, is
// an error. Each call returns a new http.Client; close the Client, not them.
func (c *Client) HTTPClient() *http.Client {
	return &http.Client{Transport: c.chain, CheckRedirect: transport.CheckRedirect}
}

// Close stops the client. Calls made afterwards fail with ErrClosed, and so do those that wait for a
// retry, the limiter or a token. Attempts on the wire, and response bodies that were handed out, run
// to their end. Close closes idle connections, again when the last attempt has ended, and the token
// source, of a transport and a source that the client made itself; those that were handed to it
// (WithTransport, WithTokenSource) belong to their owner.
// Closing a client again does nothing and returns the same.
func (c *Client) Close() error { return c.close() }

func (c *Client) shut(owned []io.Closer) error {
	c.gate.shut()
	var errs []error
	for _, o := range owned {
		errs = append(errs, o.Close())
	}
	return errors.Join(errs...)
}

// ClearBackoff lets calls be sent again although Spotify has told the app to back off for long: an
// exhausted quota, or a Retry-After that has not passed. If Spotify rejects a call again, that counts
// again. A limiter of one's own (WithLimiter) is asked if it has such a method.
func (c *Client) ClearBackoff() {
	if limiter, ok := c.limiter.(interface{ ClearBackoff() }); ok {
		limiter.ClearBackoff()
	}
}

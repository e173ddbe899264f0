// Package spotify is a client for the Spotify Web API.
//
// A call passes a pipeline of [http.RoundTripper] middlewares that refresh the access token, keep
// to the rate limit, retry with backoff and decode errors.
//
//	// The id and the secret are those of SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET.
//	client, err := spotify.NewFromClientCredentials("", "")
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	album, err := client.Albums.Get(ctx, "spotify:album:2up3OPMp9Tb4dAKM2erWXQ", nil)
//
// # Services
//
// A [Client] has a service for each area of the API, in fields: [resources.Albums],
// [resources.Artists], [resources.Audiobooks], [resources.Browse], [resources.Chapters],
// [resources.Episodes], [resources.Library], [resources.Markets], [resources.Player],
// [resources.Playlists], [resources.Recommendations], [resources.Search], [resources.Shows],
// [resources.Tracks] and [resources.Users]. Its method Do, see [resources.Services.Do], sends a
// request to an endpoint that they do not have, and [Client.HTTPClient] lends the pipeline to
// another SDK.
//
// # Errors
//
// A response of 400 or more is an [*Error]; a call without a response is a [*CallError]. errors.Is
// finds the sentinels, such as [ErrNotFound] and [ErrRateLimited]. The file docs/errors.md has the
// texts of all errors.
//
// # Other packages
//
// A Client is safe for concurrent use. Package auth logs users in. Package mock has a fake Spotify
// for tests. Packages transport and middleware have the parts of the pipeline, for a pipeline of
// your own.
package spotify

//go:generate go run ./internal/pictures
//go:generate go test ./internal/e2e -count=1 -run ^TestErrorTable$ -args -update

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Client calls the Web API. Its services are fields: client.Albums, client.Playlists and so on. A
// Client is safe for concurrent use.
type Client struct {
	*resources.Services

	names   []string
	chain   http.RoundTripper // from Gate down
	gate    *gate
	meter   *meter
	source  *rememberedSource
	limiter middleware.Limiter
	timeout time.Duration // of each attempt
	close   func() error
}

// New returns a client. Exactly one of WithAccessToken, WithClientCredentials and WithTokenSource
// is given; with none or several the error matches ErrCredentials. Errors about other options match
// ErrInvalidArgument. New sends nothing.
func New(opts ...Option) (*Client, error) {
	s, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	c := &Client{
		gate: newGate(s.home), meter: &meter{}, limiter: s.limiter, timeout: s.timeout,
		source: &rememberedSource{src: s.source},
	}
	c.gate.closeIdle = s.closeIdle
	c.close = sync.OnceValue(func() error { return c.shut(s.owned) })

	base := c.gate.out(s.base)
	stack := c.pipeline(s, base)
	c.chain = stack.Then(base)
	var private transport.Stack // for the services only: an error for a response breaks the contract of http.RoundTripper
	private.Append("DecodeErrors", middleware.DecodeErrors(c.decodeError))
	c.names = append(private.Names(), stack.Names()...)
	c.Services, err = resources.New(
		&http.Client{Transport: private.Then(c.chain), CheckRedirect: transport.CheckRedirect},
		s.services,
	)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// pipeline returns the middlewares that a request goes through below DecodeErrors, outermost first.
// Middlewares that resend (Retry, Refresh) wrap the ones every attempt pays for (RateLimit,
// Timeout, Auth). Nothing else in the library resends, refuses or delays a request.
func (c *Client) pipeline(s *settings, base http.RoundTripper) *transport.Stack {
	var p transport.Stack
	observe := middleware.Observe(middleware.Observers(append([]middleware.Observer{c.meter}, s.observers...)...))
	p.Append("Gate", c.gate.in(base))                               // requests to other origins bypass the rest: no token
	p.Append("Describe", middleware.Describe(s.describe))           // so HTTPClient and Do get the care that services get
	p.Append("Observe", observe)                                    // the call, before anything can refuse it
	s.appendTo(&p, transport.PerCall)                               // the user's, once for each call
	p.Append("Cache", s.cacheMiddleware())                          // a hit takes neither token nor permit
	p.Append("Retry", middleware.Retry(s.retry))                    // the only one that retries
	p.Append("Buffer", s.bufferMiddleware())                        // a body that is cut short is a failed attempt
	p.Append("Refresh", middleware.Refresh(c.source.refreshable())) // replays on 401; that is not a retry
	s.appendTo(&p, transport.PerAttempt)                            // the user's, once for each attempt; without the token
	p.Append("RateLimit", s.limitMiddleware())                      // every attempt takes a permit of its own, replays too
	p.Append("Classify", middleware.Classify(Classify))             // reads an error's body once, for all above
	p.Append("Timeout", middleware.Timeout(s.timeout))              // for each attempt, its body included
	p.Append("Auth", middleware.Auth(c.source, s.isHome))           // last, after all waits, so that the token is fresh
	s.appendTo(&p, transport.OnWire)                                // the user's; they see the token
	p.Append("Observe", observe)                                    // the attempt
	return &p
}

// NewFromClientCredentials returns a client that calls the API as the app itself, see
// WithClientCredentials. Empty arguments are taken from SPOTIFY_CLIENT_ID and
// SPOTIFY_CLIENT_SECRET.
func NewFromClientCredentials(clientID, clientSecret string, opts ...Option) (*Client, error) {
	return New(append(slices.Clone(opts), WithClientCredentials(clientID, clientSecret))...)
}

// Pipeline returns the names of the middlewares that a call passes, outermost first.
func (c *Client) Pipeline() []string { return slices.Clone(c.names) }

// HTTPClient returns an http.Client that sends requests through the pipeline, for another SDK or
// for plain requests. Requests to the API's origin get a token, permits of the limiter and retries;
// the operation, and whether it is idempotent, is found by method, path and body. Requests to any
// other origin are sent as they are. Redirects are followed for GET and HEAD only.
//
// A status code of 400 or more is a response, not an error. A request that is not sent, because the
// limiter refuses it, a quota is exhausted or the client is closed, is an error. Each call returns
// a new http.Client over the same pipeline; close the Client.
func (c *Client) HTTPClient() *http.Client {
	return &http.Client{Transport: c.chain, CheckRedirect: transport.CheckRedirect}
}

// Close closes the client. Later calls fail with ErrClosed, and so do calls that wait for a retry,
// the limiter or a token. Attempts on the wire and response bodies that the caller reads are not
// interrupted. Close also closes idle connections, again when the last attempt has ended, and the
// token source, except those given by WithTransport and WithTokenSource; and what WithCloser was
// given. A second Close does nothing and returns the same error.
func (c *Client) Close() error { return c.close() }

func (c *Client) shut(owned []io.Closer) error {
	c.gate.shut()
	return closeAll(owned)
}

// ClearBackoff ends a backoff that Spotify has asked for: a Retry-After that has not passed, or an
// exhausted quota. The next call is sent; if it is rejected, the backoff begins again. With
// WithLimiter it calls the limiter's ClearBackoff method, if there is one.
func (c *Client) ClearBackoff() {
	if limiter, ok := c.limiter.(interface{ ClearBackoff() }); ok {
		limiter.ClearBackoff()
	}
}

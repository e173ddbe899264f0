package spotify

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Option configures a client. The last of several options of a kind counts, except for
// WithMiddleware, WithObserver and WithCloser, which add to what is there, and the credentials, of
// which exactly one is given.
type Option interface{ apply(*settings) error }

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

// settings are the options of a client after checks, with defaults.
type settings struct {
	credentials []string // the options given, by name
	source      auth.TokenSource
	appID       string
	appSecret   transport.Secret

	base     http.RoundTripper
	home     *url.URL
	accounts string // Endpoints.Accounts, empty for the environment's or the real one
	services resources.Config
	address  string // the name, for errors, of the setting that services.BaseURL comes from
	timeout  time.Duration
	retry    middleware.RetryConfig
	retries  *int
	limiter  middleware.Limiter
	cache    *middleware.CacheConfig // nil for none
	logger   *slog.Logger
	// observers are those of WithObserver, and of WithLogger.
	observers []middleware.Observer
	extra     []extra
	owned     []io.Closer

	describe  func(*http.Request) *transport.Call
	closeIdle func() // of a base that the client made
}

const baseURLVariable = "SPOTIFY_BASE_URL"

// extra is a middleware of the user's.
type extra struct {
	stage transport.Stage
	mw    transport.Middleware
}

// WithAccessToken authorizes calls with an access token that the caller has. After it has expired
// (one hour) calls fail with ErrAuthentication.
func WithAccessToken(token string) Option {
	return option(func(s *settings) error {
		s.credentials = append(s.credentials, "WithAccessToken")
		s.source = auth.Static(token)
		return auth.CheckToken(argument.Pasted(token))
	})
}

// WithClientCredentials authorizes calls as the app itself (RFC 6749 section 4.4). That permits the
// catalogue, and no user's data. Empty arguments are taken from SPOTIFY_CLIENT_ID and
// SPOTIFY_CLIENT_SECRET. Tokens are fetched with the client's base transport, outside the pipeline.
func WithClientCredentials(clientID, clientSecret string) Option {
	return option(func(s *settings) error {
		s.credentials = append(s.credentials, "WithClientCredentials")
		s.appID, s.appSecret = argument.Pasted(clientID), transport.Secret(argument.Pasted(clientSecret))
		return nil
	})
}

// WithTokenSource authorizes calls with the tokens of src: one of package auth, such as a user's
// login, or the caller's own. Client.Close does not close it, because other clients may use it: the
// caller does, after the last client, or WithCloser.
func WithTokenSource(src auth.TokenSource) Option {
	return option(func(s *settings) error {
		s.credentials = append(s.credentials, "WithTokenSource")
		if s.source = src; isNil(src) {
			return argument.Errorf("WithTokenSource", nil, "a token source; see the error of the function that made it").
				Because(ErrCredentials)
		}
		return nil
	})
}

// WithCloser makes Client.Close close c too: a login, a limiter or a store that no other client
// uses. New closes c if it returns an error, so that a function can make a login and return only
// the client:
//
//	return spotify.New(spotify.WithTokenSource(user), spotify.WithCloser(user))
//
// Several closers are closed in the order of the options.
func WithCloser(c io.Closer) Option {
	return option(func(s *settings) error {
		if isNil(c) {
			return argument.Errorf("WithCloser", nil, "an io.Closer")
		}
		s.owned = append(s.owned, c)
		return nil
	})
}

// WithTimeout sets the timeout of each attempt, from the connection to the end of the body. The
// default is 30 s. The context of a call bounds the call as a whole.
func WithTimeout(d time.Duration) Option {
	return option(func(s *settings) error {
		if s.timeout = d; d <= 0 {
			return argument.Errorf("WithTimeout", d, "more than 0; leave it out for 30s")
		}
		return nil
	})
}

// WithMaxRetries sets how many times a call is retried at most. The default is 3; 0 turns retries
// off.
func WithMaxRetries(n int) Option {
	return option(func(s *settings) error {
		if s.retries = &n; n < 0 {
			return argument.Errorf("WithMaxRetries", n, "0 or more")
		}
		return nil
	})
}

// WithRetry configures retries. The zero RetryConfig has the defaults.
func WithRetry(cfg middleware.RetryConfig) Option {
	return option(func(s *settings) error {
		s.retry = cfg
		return cfg.Validate()
	})
}

// WithLimiter sets the limiter, in place of the client's own Pacer: a Pacer with another
// configuration, one that several clients share, or one that several processes share. Nil turns
// limiting off.
func WithLimiter(l middleware.Limiter) Option {
	return option(func(s *settings) error {
		s.limiter = l
		if checked, ok := l.(interface{ Validate() error }); ok {
			return checked.Validate()
		}
		return nil
	})
}

// WithCache caches responses in memory by their Cache-Control and ETag (RFC 9111). A call whose
// response is fresh takes neither a token nor a permit. Spotify permits caching most of
// the catalogue; a user's own data is revalidated each time. Without this option nothing is cached.
func WithCache(cfg middleware.CacheConfig) Option {
	return option(func(s *settings) error {
		s.cache = &cfg
		return cfg.Validate()
	})
}

// WithTransport sets the base transport below the pipeline, in place of one from transport.NewBase:
// for a proxy or for tests. It sees every request with its token.
func WithTransport(rt http.RoundTripper) Option {
	return option(func(s *settings) error {
		if s.base = rt; isNil(rt) {
			return argument.Errorf("WithTransport", nil, "an http.RoundTripper; leave it out for the default")
		}
		return nil
	})
}

// WithMiddleware adds middlewares to the pipeline at a stage, outermost first.
func WithMiddleware(stage transport.Stage, mws ...transport.Middleware) Option {
	return option(func(s *settings) error {
		if stage > transport.OnWire {
			return argument.Errorf("WithMiddleware", stage, "transport.PerCall, transport.PerAttempt or transport.OnWire")
		}
		for _, mw := range mws {
			if mw == nil {
				return argument.Errorf("WithMiddleware", mw, "a middleware")
			}
			s.extra = append(s.extra, extra{stage, mw})
		}
		return nil
	})
}

// Endpoints are the addresses of one Spotify: the real one, a fake, or a proxy of both.
type Endpoints struct {
	// API is where the Web API's paths begin: "https://api.spotify.com/v1".
	API string
	// Accounts is where the Accounts service's paths, /authorize and /api/token, begin:
	// "https://accounts.spotify.com".
	Accounts string
}

// WithEndpoints sets the addresses of the Web API and of the Accounts service: calls are sent to
// e.API, and the client id and secret of WithClientCredentials to e.Accounts. Both are https, or
// http on loopback. The defaults are SPOTIFY_BASE_URL and SPOTIFY_ACCOUNTS_URL, or else the real
// ones.
func WithEndpoints(e Endpoints) Option {
	return option(func(s *settings) error {
		s.services.BaseURL, s.accounts = e.API, e.Accounts
		switch {
		case e.API == "":
			return argument.Errorf("Endpoints.API", e.API, "an address such as %s", resources.DefaultBaseURL)
		case e.Accounts == "":
			return argument.Errorf(
				"Endpoints.Accounts",
				e.Accounts,
				"an address such as %s; for the API alone use WithBaseURL",
				auth.DefaultAccountsURL,
			)
		}
		return nil
	})
}

// WithBaseURL sets the address of the Web API, in place of https://api.spotify.com/v1: https, or
// http on loopback. The token is sent to its origin only. An address on loopback, such as a fake's,
// is refused together with WithClientCredentials, whose secret would be sent to the real Accounts
// service: use WithEndpoints there.
func WithBaseURL(address string) Option {
	return option(func(s *settings) error {
		if s.services.BaseURL = argument.Pasted(address); s.services.BaseURL == "" {
			return argument.Errorf("BaseURL", address, "an address such as %s", resources.DefaultBaseURL)
		}
		return nil
	})
}

// app returns the source of WithClientCredentials, or an error if the API is on loopback, most
// likely a fake, and the client secret would be sent to the real Accounts service.
func (s *settings) app() (*auth.ClientCredentials, error) {
	c := auth.Config{ClientID: s.appID, ClientSecret: string(s.appSecret), AccountsURL: s.accounts, Transport: s.base}
	if transport.IsLoopback(s.home) && c.AtSpotify() {
		return nil, argument.Errorf(s.address, s.home.Redacted(),
			"WithEndpoints (or SPOTIFY_ACCOUNTS_URL) for an API on loopback, "+
				"because WithClientCredentials would send the client secret to %s", auth.DefaultAccountsURL)
	}
	return auth.NewClientCredentials(c)
}

// WithUserAgent sets the User-Agent of every call.
func WithUserAgent(agent string) Option {
	return option(func(s *settings) error { s.services.UserAgent = agent; return nil })
}

// WithUserAgentSuffix adds text to the User-Agent of every call, after a space: the name and the
// version of the program, such as "party-wall/1.4".
func WithUserAgentSuffix(suffix string) Option {
	return option(func(s *settings) error { s.services.UserAgentSuffix = suffix; return nil })
}

// WithWindow sets the number of pages that an All… iterator keeps in flight at most. The default is
// 8; 1 fetches each page when the items before it are used up.
func WithWindow(pages int) Option {
	return option(func(s *settings) error {
		if s.services.Window = pages; pages < 1 {
			return argument.Errorf("WithWindow", pages, "1 or more pages; leave it out for 8")
		}
		return nil
	})
}

// WithConcurrency sets the number of requests that GetMany keeps in flight at most. The default is
// 64. The limiter may allow fewer.
func WithConcurrency(requests int) Option {
	return option(func(s *settings) error {
		if s.services.Concurrency = requests; requests < 1 {
			return argument.Errorf("WithConcurrency", requests, "1 or more requests; leave it out for 64")
		}
		return nil
	})
}

// WithMaxBody sets the size of the largest response body that is read, in bytes after
// decompression. The default is 8 MiB. A larger one is an error that matches ErrTooLarge.
func WithMaxBody(bytes int64) Option {
	return option(func(s *settings) error {
		if s.services.MaxBody = bytes; bytes < 1 {
			return argument.Errorf("WithMaxBody", bytes, "1 or more bytes; leave it out for 8 MiB")
		}
		return nil
	})
}

// WithMarket sets the default market of calls that take one: an ISO 3166-1 alpha-2 code, or
// MarketFromToken for the country of the user's account.
func WithMarket(market string) Option {
	return option(func(s *settings) error { s.services.Market = argument.Pasted(market); return nil })
}

// WithLanguage sets the Accept-Language header of every call. Spotify returns names in that
// language where it has them.
func WithLanguage(language string) Option {
	return option(func(s *settings) error { s.services.Language = language; return nil })
}

// WithLogger logs each call, without secrets, see middleware.Log. Nil logs nothing. For other
// levels or attribute names use WithObserver(middleware.Log(logger, cfg)).
func WithLogger(l *slog.Logger) Option {
	return option(func(s *settings) error { s.logger = l; return nil })
}

// WithObserver adds an observer of calls and attempts, such as a tracer, to those that the client
// has.
func WithObserver(o middleware.Observer) Option {
	return option(func(s *settings) error {
		if isNil(o) {
			return argument.Errorf("WithObserver", nil, "a middleware.Observer")
		}
		s.observers = append(s.observers, o)
		return nil
	})
}

// WithExtendedQuota tells the client that the app has extended quota, see
// https://developer.spotify.com/documentation/web-api/concepts/quota-modes. GetMany then uses the
// batch operations, and iterators request the largest pages.
func WithExtendedQuota() Option {
	return option(func(s *settings) error { s.services.ExtendedQuota = true; return nil })
}

// isNil reports whether v is nil, or a nil pointer in an interface, such as a constructor returns
// with an error that the caller has not looked at.
func isNil(v any) bool {
	value := reflect.ValueOf(v)
	return v == nil || value.Kind() == reflect.Pointer && value.IsNil()
}

// newSettings applies the options, checks them together, and sets defaults. If it returns an error,
// what New has to close is closed.
func newSettings(opts []Option) (*settings, error) {
	s := &settings{timeout: 30 * time.Second, limiter: middleware.NewPacer(middleware.PacerConfig{})}
	var first error
	for _, opt := range opts { // all of them, because a WithCloser may follow the one that fails
		if opt == nil {
			continue
		}
		if err := opt.apply(s); first == nil {
			first = err
		}
	}
	if first == nil {
		first = s.complete()
	}
	if first == nil {
		return s, nil
	}
	if err := closeAll(s.owned); err != nil {
		return nil, errors.Join(first, err)
	}
	return nil, first
}

// closeAll closes all of them, whatever the others return.
func closeAll(closers []io.Closer) error {
	var errs []error
	for _, c := range closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// complete checks the settings together and sets defaults.
func (s *settings) complete() error {
	const sources = "WithAccessToken, WithClientCredentials and WithTokenSource"
	switch len(s.credentials) {
	case 0:
		return argument.Missing("credentials", "pass one of "+sources).Because(ErrCredentials)
	case 1:
	default:
		return argument.Described("credentials", strings.Join(s.credentials, " and "), "exactly one of "+sources).
			Because(ErrCredentials)
	}
	s.address = "BaseURL"
	if fromEnv := os.Getenv(baseURLVariable); s.services.BaseURL == "" && fromEnv != "" {
		s.services.BaseURL, s.address = fromEnv, baseURLVariable
	}
	services, err := s.services.WithDefaults()
	if refused, ok := errors.AsType[*ArgumentError](err); ok && refused.Name == "BaseURL" {
		refused.Name = s.address
	}
	if err != nil {
		return err
	}
	s.services = services
	s.home, _ = url.Parse(services.BaseURL) // WithDefaults has checked it
	if s.logger != nil {
		s.observers = append(s.observers, middleware.Log(s.logger, middleware.LogConfig{}))
	}
	s.describe = operations.Describer(s.home.EscapedPath())
	if s.base == nil {
		own := transport.NewBase()
		s.base = own
		s.closeIdle = own.CloseIdleConnections
	}
	if s.source == nil {
		app, err := s.app()
		if err != nil {
			return err
		}
		s.source = app
		s.owned = append(s.owned, app)
	}
	if s.retries != nil {
		if s.retry.MaxRetries = *s.retries; *s.retries == 0 {
			s.retry.MaxRetries = -1
		}
	}
	return nil
}

// isHome reports whether the token may be sent to an address.
func (s *settings) isHome(u *url.URL) bool { return transport.SameOrigin(s.home, u) }

// appendTo adds the user's middlewares of a stage to a pipeline.
func (s *settings) appendTo(p *transport.Stack, stage transport.Stage) {
	for _, e := range s.extra {
		if e.stage == stage {
			p.Append(stage.String(), guarded(stage, e.mw))
		}
	}
}

// guarded returns mw with a check: if it returns neither a response nor an error, the call fails
// with an error that names the stage.
func guarded(stage transport.Stage, mw transport.Middleware) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		own := mw(next)
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			resp, err := own.RoundTrip(req)
			if err == nil && resp == nil {
				return nil, transport.Permanent(
					fmt.Errorf("a middleware of WithMiddleware(transport.%v) returned neither a response nor an error", stage),
				)
			}
			return resp, err
		})
	}
}

// cacheMiddleware returns nil, which Stack.Append leaves out, without WithCache.
func (s *settings) cacheMiddleware() transport.Middleware {
	if s.cache == nil {
		return nil
	}
	return middleware.Cache(*s.cache)
}

func (s *settings) bufferMiddleware() transport.Middleware {
	return middleware.Buffer(middleware.BufferConfig{MaxBody: s.services.MaxBody, Classify: Classify})
}

// limitMiddleware returns nil if WithLimiter turned limiting off.
func (s *settings) limitMiddleware() transport.Middleware {
	if s.limiter == nil {
		return nil
	}
	return middleware.RateLimit(s.limiter)
}

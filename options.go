package spotify

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Option sets a client up. One that is given twice counts as the last, except for WithMiddleware, which adds, and the credentials, of which there is exactly one.
type Option func(*settings) error

// settings are a client's options, checked and with their defaults.
type settings struct {
	credentials []string // the options given, by name
	source      auth.TokenSource
	appID       string
	appSecret   transport.Secret

	base     http.RoundTripper
	home     *url.URL
	accounts string // Endpoints.Accounts, empty for the environment's or the real one
	services resources.Config
	timeout  time.Duration
	retry    middleware.RetryConfig
	retries  *int
	limiter  middleware.Limiter
	cache    *middleware.CacheConfig // nil for none
	logger   *slog.Logger
	extra    []extra
	owned    []io.Closer

	describe  func(*http.Request) *transport.Call
	closeIdle func() // of a base that the client made
}

// extra is a middleware of the user's.
type extra struct {
	stage transport.Stage
	mw    transport.Middleware
}

// WithAccessToken authorizes calls with a token that was got elsewhere. When it expires calls fail with ErrAuthentication.
func WithAccessToken(token string) Option {
	return func(s *settings) error {
		s.credentials = append(s.credentials, "WithAccessToken")
		s.source = auth.Static(token)
		return auth.CheckToken(argument.Pasted(token))
	}
}

// WithClientCredentials authorizes calls as the app itself, which is enough for the catalogue and not for a user's data.
// Empty arguments are taken from SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET. Tokens are fetched over the client's base transport, past the rest of the pipeline.
func WithClientCredentials(clientID, clientSecret string) Option {
	return func(s *settings) error {
		s.credentials = append(s.credentials, "WithClientCredentials")
		s.appID, s.appSecret = argument.Pasted(clientID), transport.Secret(argument.Pasted(clientSecret))
		return nil
	}
}

// WithTokenSource authorizes calls with the tokens of src: one of package auth's, such as a user's login, or the caller's own.
// Closing it remains the caller's business.
func WithTokenSource(src auth.TokenSource) Option {
	return func(s *settings) error {
		s.credentials = append(s.credentials, "WithTokenSource")
		if s.source = src; isNil(src) {
			return argument.Errorf("WithTokenSource", nil, "a token source; see the error of the function that made it").Because(ErrCredentials)
		}
		return nil
	}
}

// WithTimeout bounds each attempt, from the connection to the end of the body: 30 s unless given. The context of a call bounds the call as a whole.
func WithTimeout(d time.Duration) Option {
	return func(s *settings) error {
		if s.timeout = d; d <= 0 {
			return argument.Errorf("WithTimeout", d, "more than 0; leave it out for 30s")
		}
		return nil
	}
}

// WithMaxRetries sets how often a call is sent again: 3 unless given, 0 for never.
func WithMaxRetries(n int) Option {
	return func(s *settings) error {
		if s.retries = &n; n < 0 {
			return argument.Errorf("WithMaxRetries", n, "0 or more")
		}
		return nil
	}
}

// WithRetry sets everything about retries. Its zero value is the default.
func WithRetry(cfg middleware.RetryConfig) Option {
	return func(s *settings) error {
		s.retry = cfg
		return cfg.Validate()
	}
}

// WithLimiter puts a limiter in place of the client's own Pacer: a Pacer with another configuration, one that several clients share, or one that knows
// of other processes. Nil turns limiting off.
func WithLimiter(l middleware.Limiter) Option {
	return func(s *settings) error {
		s.limiter = l
		if checked, ok := l.(interface{ Validate() error }); ok {
			return checked.Validate()
		}
		return nil
	}
}

// WithCache keeps answers in memory for as long as Spotify allows, and answers calls from there: those cost neither a token nor a place in the rate limit.
// Most of the catalogue may be kept for a while; what is a user's own is asked for again each time, and sent only if it has changed.
// Without this option nothing is kept.
func WithCache(cfg middleware.CacheConfig) Option {
	return func(s *settings) error {
		if cfg.Counters == nil {
			cfg.Counters = new(middleware.CacheCounters)
		}
		s.cache = &cfg
		return cfg.Validate()
	}
}

// WithTransport puts a transport below the pipeline in place of one from transport.NewBase: for a proxy, for tests. It gets every request with its token.
func WithTransport(rt http.RoundTripper) Option {
	return func(s *settings) error {
		if s.base = rt; isNil(rt) {
			return argument.Errorf("WithTransport", nil, "an http.RoundTripper; leave it out for the default")
		}
		return nil
	}
}

// WithMiddleware adds middlewares to the pipeline at a stage, the outermost first.
func WithMiddleware(stage transport.Stage, mws ...transport.Middleware) Option {
	return func(s *settings) error {
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
	}
}

// Endpoints are the addresses of one Spotify: the real one, a fake, or a proxy of both.
type Endpoints struct {
	// API is where the Web API's paths begin: "https://api.spotify.com/v1".
	API string
	// Accounts is where the Accounts service's paths, /authorize and /api/token, begin:
	// "https://accounts.spotify.com".
	Accounts string
}

// WithEndpoints points the client at another Spotify as a whole: its calls go to e.API, and the
// client id and secret of WithClientCredentials to e.Accounts. Both are https, or http on loopback.
// Without it they are taken from SPOTIFY_BASE_URL and SPOTIFY_ACCOUNTS_URL, and are the real ones
// where those are not set.
func WithEndpoints(e Endpoints) Option {
	return func(s *settings) error {
		s.services.BaseURL, s.accounts = e.API, e.Accounts
		switch {
		case e.API == "":
			return argument.Errorf("Endpoints.API", e.API, "an address such as %s", resources.DefaultBaseURL)
		case e.Accounts == "":
			return argument.Errorf("Endpoints.Accounts", e.Accounts, "an address such as %s; for the API alone use WithBaseURL", auth.DefaultAccountsURL)
		}
		return nil
	}
}

// WithBaseURL puts another address in place of https://api.spotify.com/v1: https, or http on
// loopback. The token goes to its origin only. It is for tokens that come from elsewhere: on
// loopback, as for a fake, it is refused with WithClientCredentials, whose secret would go to the
// real Accounts service; use WithEndpoints there.
func WithBaseURL(address string) Option {
	return func(s *settings) error {
		if s.services.BaseURL = argument.Pasted(address); s.services.BaseURL == "" {
			return argument.Errorf("BaseURL", address, "an address such as %s", resources.DefaultBaseURL)
		}
		return nil
	}
}

// app returns the source of WithClientCredentials. It is refused where the API is on loopback, a
// fake most likely, and the client secret would leave for the real Accounts service.
func (s *settings) app() (*auth.ClientCredentials, error) {
	c := auth.Config{ClientID: s.appID, ClientSecret: string(s.appSecret), AccountsURL: s.accounts, Transport: s.base}
	if transport.IsLoopback(s.home) && c.AtSpotify() {
		return nil, argument.Errorf("BaseURL", s.home.Redacted(),
			"with WithClientCredentials, an address that is not on loopback, or WithEndpoints (or SPOTIFY_ACCOUNTS_URL) to name the Accounts service that belongs to it: the client secret would go to %s", auth.DefaultAccountsURL)
	}
	return auth.NewClientCredentials(c)
}

// WithUserAgent sets the User-Agent of every call.
func WithUserAgent(agent string) Option {
	return func(s *settings) error { s.services.UserAgent = agent; return nil }
}

// WithMarket sets the market of every call that takes one and is given none: two capital letters (ISO 3166-1 alpha-2), or "from_token".
func WithMarket(market string) Option {
	return func(s *settings) error { s.services.Market = argument.Pasted(market); return nil }
}

// WithLanguage sets the Accept-Language of every call, in which names come where Spotify has them.
func WithLanguage(language string) Option {
	return func(s *settings) error { s.services.Language = language; return nil }
}

// WithLogger logs each request that goes out, without secrets: see middleware.Log.
func WithLogger(l *slog.Logger) Option {
	return func(s *settings) error { s.logger = l; return nil }
}

// WithExtendedQuota says that the app has extended quota (https://developer.spotify.com/documentation/web-api/concepts/quota-modes): GetMany uses the batch operations,
// and walks take the largest pages.
func WithExtendedQuota() Option {
	return func(s *settings) error { s.services.ExtendedQuota = true; return nil }
}

// isNil also finds a nil pointer in an interface: what a constructor returned beside an error that was not looked at.
func isNil(v any) bool {
	value := reflect.ValueOf(v)
	return v == nil || value.Kind() == reflect.Pointer && value.IsNil()
}

package spotify

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

// newSettings applies the options, refuses what cannot work and fills the defaults in.
func newSettings(opts []Option) (*settings, error) {
	s := &settings{timeout: 30 * time.Second, limiter: middleware.NewPacer(middleware.PacerConfig{})}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(s); err != nil {
			return nil, err
		}
	}
	if len(s.credentials) != 1 {
		return nil, argument.Secret("credentials", cmp.Or(strings.Join(s.credentials, " and "), "none"), "exactly one of WithAccessToken, WithClientCredentials and WithTokenSource").Because(ErrCredentials)
	}
	s.services.BaseURL = cmp.Or(s.services.BaseURL, os.Getenv("SPOTIFY_BASE_URL"))
	services, err := s.services.WithDefaults()
	if err != nil {
		return nil, err
	}
	s.services = services
	s.home, _ = url.Parse(services.BaseURL) // checked just now
	s.describe = operations.Describer(s.home.EscapedPath())
	if s.base == nil {
		own := transport.NewBase()
		s.base = own
		s.closeIdle = own.CloseIdleConnections
	}
	if s.source == nil {
		app, err := s.app()
		if err != nil {
			return nil, err
		}
		s.source = app
		s.owned = append(s.owned, app)
	}
	if s.retries != nil {
		if s.retry.MaxRetries = *s.retries; *s.retries == 0 {
			s.retry.MaxRetries = -1
		}
	}
	return s, nil
}

// isHome reports whether the token may go to an address.
func (s *settings) isHome(u *url.URL) bool { return transport.SameOrigin(s.home, u) }

// appendTo adds the user's middlewares of a stage to a pipeline.
func (s *settings) appendTo(p *transport.Stack, stage transport.Stage) {
	for _, e := range s.extra {
		if e.stage == stage {
			p.Append(stage.String(), guarded(stage, e.mw))
		}
	}
}

// guarded holds a middleware of the user's to the contract of http.RoundTripper: one that returns
// neither a response nor an error is an error that names its stage.
func guarded(stage transport.Stage, mw transport.Middleware) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		own := mw(next)
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			resp, err := own.RoundTrip(req)
			if err == nil && resp == nil {
				return nil, transport.Permanent(fmt.Errorf("a middleware of WithMiddleware(transport.%v) returned neither a response nor an error", stage))
			}
			return resp, err
		})
	}
}

// The steps below are nil, and so left out, where an option says so.

func (s *settings) cacheStep() transport.Middleware {
	if s.cache == nil {
		return nil
	}
	return middleware.Cache(*s.cache)
}

func (s *settings) bufferStep() transport.Middleware {
	return middleware.Buffer(middleware.BufferConfig{MaxBody: s.services.MaxBody, Classify: Classify})
}

func (s *settings) limitStep() transport.Middleware {
	if s.limiter == nil {
		return nil
	}
	return middleware.RateLimit(s.limiter)
}

func (s *settings) logStep() transport.Middleware {
	if s.logger == nil {
		return nil
	}
	return middleware.Log(s.logger, middleware.LogConfig{})
}

package middleware

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

func logAt(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: level}))
}

// decodeSome neither reads nor closes the body.
func decodeSome(resp *http.Response) error {
	if resp.StatusCode == http.StatusNotFound {
		return nil
	}
	return errors.New("decoded")
}

// discardEvents is an Observer that gives every call a context of its own.
type discardEvents struct{}

type discardKey struct{}

func (discardEvents) Begin(ctx context.Context, _ Event) context.Context {
	return context.WithValue(ctx, discardKey{}, true)
}
func (discardEvents) Note(context.Context, Event) {}

// headersOnly is discardEvents with the events until the headers.
type headersOnly struct{ discardEvents }

func (headersOnly) HeadersOnly() bool { return true }

// bothPlaces puts observe where it observes a call, and where it observes an attempt.
func bothPlaces(observe transport.Middleware) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper { return observe(observe(next)) }
}

// captured puts mw below a middleware that captures every call.
func captured(mw transport.Middleware) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		below := mw(next)
		return transport.RoundTripperFunc(func(given *http.Request) (*http.Response, error) {
			call := *transport.CallFrom(given.Context())
			call.Capture = &transport.Captured{}
			resp, err := below.RoundTrip(given.WithContext(transport.WithCall(given.Context(), &call)))
			if resp != nil {
				resp.Request = given
			}
			return resp, err
		})
	}
}

func classifyBody(_ *http.Response, body []byte) transport.Class {
	return transport.Class{Message: string(body)}
}

// returning puts mw below a Describe that sets transport.Call.Returns for every request.
func returning(mw transport.Middleware) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.Chain(next, Describe(func(*http.Request) *transport.Call {
			return &transport.Call{Route: "/thing", Returns: true}
		}), mw)
	}
}

// middlewares holds every exported middleware in its variants.
var middlewares = map[string][]func() transport.Middleware{
	"Auth": {
		func() transport.Middleware { return Auth(auth.Static("secret-token"), anywhere) },
		func() transport.Middleware { return Auth(nil, nil) },
	},
	"Buffer": {
		func() transport.Middleware { return Buffer(BufferConfig{}) },
		func() transport.Middleware { return Buffer(BufferConfig{MaxBody: 2}) },
		func() transport.Middleware { return Buffer(BufferConfig{MaxBody: -1}) },
		func() transport.Middleware { return transport.Middleware(returning(Buffer(BufferConfig{MaxBody: 2}))) },
		func() transport.Middleware { return transport.Middleware(returning(Buffer(BufferConfig{}))) },
	},
	"Cache": {
		func() transport.Middleware { return Cache(CacheConfig{}) },
		func() transport.Middleware { return Cache(CacheConfig{MaxBytes: -1}) },
	},
	"Classify": {
		func() transport.Middleware { return Classify(nil) },
		func() transport.Middleware { return Classify(classifyBody) },
	},
	"DecodeErrors": {
		func() transport.Middleware { return DecodeErrors(decodeSome) },
		func() transport.Middleware { return DecodeErrors(nil) },
	},
	"Coalesce": {func() transport.Middleware { return Coalesce(CoalesceConfig{}) }},
	"Describe": {
		func() transport.Middleware { return Describe(nil) },
		func() transport.Middleware { return Describe(func(*http.Request) *transport.Call { return nil }) },
		func() transport.Middleware {
			return Describe(func(*http.Request) *transport.Call {
				return &transport.Call{Route: "/thing",
					Returns: true}
			})
		},
	},
	"Observe": {
		func() transport.Middleware { return Observe(Log(logAt(slog.LevelDebug), LogConfig{})) },
		func() transport.Middleware { return Observe(Log(logAt(slog.LevelError+1), LogConfig{})) },
		func() transport.Middleware { return Observe(Log(nil, LogConfig{})) },
		func() transport.Middleware { return Observe(nil) },
		func() transport.Middleware { return Observe(discardEvents{}) },
		func() transport.Middleware { return bothPlaces(Observe(discardEvents{})) },
		func() transport.Middleware { return bothPlaces(Observe(headersOnly{})) },
		func() transport.Middleware {
			return captured(bothPlaces(Observe(Observers(headersOnly{}, headersOnly{}))))
		},
	},
	"RateLimit": {
		func() transport.Middleware { return RateLimit(NewPacer(PacerConfig{})) },
		func() transport.Middleware { return RateLimit(NewPacer(PacerConfig{Quota: 3, Window: time.Second})) },
		func() transport.Middleware { return RateLimit(nil) },
	},
	"Refresh": {
		func() transport.Middleware { return refreshing(&rotating{}) },
		func() transport.Middleware { return refreshing(auth.Static("secret-token")) },
		func() transport.Middleware { return refreshing(&rotating{err: auth.ErrReauthorize}) },
		func() transport.Middleware { return Refresh(nil) },
	},
	"Retry": {
		func() transport.Middleware { return Retry(RetryConfig{}) },
		func() transport.Middleware { return Retry(RetryConfig{MaxRetries: -1}) },
		func() transport.Middleware { return paced(NewPacer(PacerConfig{})) },
	},
	"Timeout": {
		func() transport.Middleware { return Timeout(2 * time.Second) },
		func() transport.Middleware { return Timeout(0) },
	},
}

func TestMiddlewaresConform(t *testing.T) {
	for name, variants := range middlewares {
		t.Run(name, func(t *testing.T) {
			for _, variant := range variants {
				transporttest.Run(t, variant)
			}
		})
	}
}

// A pipeline of all middlewares conforms too.
func TestPipelineConforms(t *testing.T) {
	transporttest.Run(t, func() transport.Middleware {
		src := &rotating{}
		return func(next http.RoundTripper) http.RoundTripper {
			return transport.Chain(next,
				Describe(func(*http.Request) *transport.Call {
					return &transport.Call{Route: "/thing",
						Returns: true}
				}),
				Observe(discardEvents{}), Coalesce(CoalesceConfig{}), Cache(CacheConfig{}), Retry(RetryConfig{}),
				Buffer(BufferConfig{}), Refresh(src),
				RateLimit(NewPacer(PacerConfig{})), Classify(classifyBody), Timeout(time.Minute),
				Auth(src, anywhere), Observe(discardEvents{}),
				Observe(Log(logAt(slog.LevelDebug), LogConfig{})))
		}
	})
}

// The map of middlewares holds each function of the package that returns a transport.Middleware.
func TestMiddlewaresAreComplete(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil || len(f.Type.Results.List) != 1 {
				continue
			}
			result, ok := f.Type.Results.List[0].Type.(*ast.SelectorExpr)
			if !ok || result.Sel.Name != "Middleware" {
				continue
			}
			if found++; middlewares[f.Name.Name] == nil {
				t.Errorf("%s in %s is not in the map of middlewares", f.Name.Name, file)
			}
		}
	}
	if found != len(middlewares) {
		t.Errorf("found %d middlewares, the map has %d", found, len(middlewares))
	}
}

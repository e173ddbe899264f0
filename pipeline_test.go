package spotify_test

import (
	"errors"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

func pass(next http.RoundTripper) http.RoundTripper { return next }

// TestPipelineOrder holds the order of the middlewares: users' middlewares depend on what is above
// and below their stage.
func TestPipelineOrder(t *testing.T) {
	for name, tc := range map[string]struct {
		opts []spotify.Option
		want string
	}{
		"default": {nil, "DecodeErrors Gate Describe Observe Retry Buffer Refresh RateLimit Classify Timeout Auth Observe"},
		"everything": {[]spotify.Option{
			spotify.WithLogger(slog.New(slog.DiscardHandler)), spotify.WithCache(middleware.CacheConfig{}),
			spotify.WithMiddleware(transport.OnWire, pass), spotify.WithMiddleware(transport.PerAttempt, pass, pass),
			spotify.WithMiddleware(transport.PerCall, pass),
		}, "DecodeErrors Gate Describe Observe PerCall Cache Retry Buffer Refresh PerAttempt PerAttempt " +
			"RateLimit Classify Timeout Auth OnWire Observe"},
		"no limiter": {
			[]spotify.Option{spotify.WithLimiter(nil)},
			"DecodeErrors Gate Describe Observe Retry Buffer Refresh Classify Timeout Auth Observe",
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := spotify.New(append(tc.opts, spotify.WithAccessToken("token"))...)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			if got := strings.Join(client.Pipeline(), " "); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
			client.Pipeline()[0] = "changed"
			if client.Pipeline()[0] != "DecodeErrors" {
				t.Error("a caller can change the pipeline's names")
			}
		})
	}
}

// TestPipelineMatchesStackTrace: a stack trace from the base has the middlewares that Pipeline
// returns.
func TestPipelineMatchesStackTrace(t *testing.T) {
	var shown []string
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		shown = middlewaresOnStack()
		return testutil.Respond(200, `{"name":"An album"}`)(req)
	})
	mine := func(stage transport.Stage) transport.Middleware {
		return func(next http.RoundTripper) http.RoundTripper {
			return map[transport.Stage]http.RoundTripper{
				transport.PerCall: stagePerCall{next}, transport.PerAttempt: stagePerAttempt{next},
				transport.OnWire: stageOnWire{next},
			}[stage]
		}
	}
	for name, opts := range map[string][]spotify.Option{
		"default":    nil,
		"no limiter": {spotify.WithLimiter(nil)},
		"everything": {
			spotify.WithLogger(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}))),
			spotify.WithCache(middleware.CacheConfig{}),
			spotify.WithMiddleware(transport.PerCall, mine(transport.PerCall)),
			spotify.WithMiddleware(transport.PerAttempt, mine(transport.PerAttempt)),
			spotify.WithMiddleware(transport.OnWire, mine(transport.OnWire)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, base, opts...)
			if _, err := client.Albums.Get(t.Context(), albumID, nil); err != nil {
				t.Fatal(err)
			}
			if want := client.Pipeline(); !slices.Equal(shown, want) {
				t.Errorf("services:\n the stack has %s\nPipeline has %s", shown, want)
			}
			resp, err := client.HTTPClient().Get("https://api.spotify.com/v1/tracks/" + albumID)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if want := client.Pipeline()[1:]; !slices.Equal(shown, want) {
				t.Errorf("HTTPClient:\n the stack has %s\nPipeline has %s", shown, want)
			}
			resp, err = client.HTTPClient().Get("https://i.scdn.co/image/x")
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if !slices.Equal(shown, []string{"Gate"}) {
				t.Errorf("another origin: the stack has %s", shown)
			}
		})
	}
}

type (
	stagePerCall    struct{ http.RoundTripper }
	stagePerAttempt struct{ http.RoundTripper }
	stageOnWire     struct{ http.RoundTripper }
)

func (s stagePerCall) RoundTrip(r *http.Request) (*http.Response, error) {
	return s.RoundTripper.RoundTrip(r)
}
func (s stagePerAttempt) RoundTrip(r *http.Request) (*http.Response, error) {
	return s.RoundTripper.RoundTrip(r)
}
func (s stageOnWire) RoundTrip(r *http.Request) (*http.Response, error) {
	return s.RoundTripper.RoundTrip(r)
}

// middlewaresOnStack returns the middlewares on the call stack, outermost first, by the types of
// their RoundTrip methods.
func middlewaresOnStack() []string {
	names := map[string]string{"gateIn": "Gate", "authorize": "Auth"}
	method := regexp.MustCompile(`\.\(?\*?(\w+)\)?\.RoundTrip$`)
	pcs := make([]uintptr, 200)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var found []string
	for {
		frame, more := frames.Next()
		if m := method.FindStringSubmatch(frame.Function); m != nil && strings.Contains(frame.Function, "seed-2147f1a9") {
			name := m[1]
			switch {
			case names[name] != "":
				found = append(found, names[name])
			case strings.HasPrefix(name, "stage"):
				found = append(found, strings.TrimPrefix(name, "stage"))
			case name != "RoundTripperFunc" && name != "gateOut" && name != "roundTrip": // functions, gateOut, and the base
				found = append(found, strings.ToUpper(name[:1])+name[1:])
			}
		}
		if !more {
			slices.Reverse(found)
			return found
		}
	}
}

// TestNothingHiddenResendsOrWaits: with all middlewares off that can be, a request is sent exactly
// once and at once, whatever the response.
func TestNothingHiddenResendsOrWaits(t *testing.T) {
	reset := errors.New("connection reset")
	for name, answer := range map[string]func(*http.Request) (*http.Response, error){
		"200": testutil.Respond(200, `{"name":"An album"}`), "401": testutil.Respond(401, ""),
		"408": testutil.Respond(408, ""), "429": testutil.Respond(429, "", "Retry-After", "5"),
		"503":             testutil.Respond(503, ""),
		"302":             testutil.Respond(302, "", "Location", "https://elsewhere.example/x"),
		"304":             testutil.Respond(304, ""),
		"a reset":         func(*http.Request) (*http.Response, error) { return nil, reset },
		"a quota":         testutil.Respond(429, `{"error":{"status":429,"reason":"QUOTA_EXCEEDED"}}`, "Retry-After", "5"),
		"an error in 200": testutil.Respond(200, `{"error":{"status":503}}`),
		"half a body":     testutil.Respond(200, `{"name":"An al`), "no JSON": testutil.Respond(200, "<html>"),
		"nothing": testutil.Respond(200, ""),
	} {
		for maker, do := range map[string]func(*testing.T, *spotify.Client){
			"Albums.Get": func(t *testing.T, c *spotify.Client) { _, _ = c.Albums.Get(t.Context(), albumID, nil) },
			"AddItems": func(t *testing.T, c *spotify.Client) {
				_, _ = c.Playlists.AddItems(t.Context(), albumID, []string{"spotify:track:" + albumID}, nil)
			},
			"Do": func(t *testing.T, c *spotify.Client) { _ = c.Do(t.Context(), "PUT", "/me/new", nil, 1, nil) },
			"HTTPClient": func(t *testing.T, c *spotify.Client) {
				if resp, err := c.HTTPClient().Post(
					"https://api.spotify.com/v1/me/player/next",
					"",
					strings.NewReader("{}"),
				); err == nil {
					_ = resp.Body.Close()
				}
			},
		} {
			synctest.Test(t, func(t *testing.T) {
				sent := 0
				client, err := spotify.New(
					spotify.WithAccessToken("token"),
					spotify.WithMaxRetries(0),
					spotify.WithLimiter(nil),
					spotify.WithTransport(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
						transport.CloseRequest(req)
						if req.URL.Host == "api.spotify.com" {
							sent++
						}
						return answer(req)
					})),
				)
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				for n := range 3 { // the second and third call send once, too
					do(t, client)
					if sent != n+1 || time.Since(start) != 0 {
						t.Errorf("%s, %s: sent %d times in %v for %d calls", maker, name, sent, time.Since(start), n+1)
					}
				}
				_ = client.Close()
			})
		}
	}
}

// TestImportGraph: imports have one direction, and a package does not bring in the dependencies of
// another.
func TestImportGraph(t *testing.T) {
	const module = "github.com/seed-2147f1a9/spotify"
	allowed := map[string][]string{
		"/transport":               {},
		"/transport/transporttest": {"/transport"},
		"/internal/atomicfile":     {},
		"/internal/clock":          {},
		"/auth/token":              {"/internal/argument"},
		"/auth": {
			"/transport",
			"/auth/token",
			"/internal/argument",
			"/internal/atomicfile",
			"/internal/clock",
			"/internal/redact",
		},
		"/auth/storetest": {
			"/transport",
			"/auth/token",
			"/auth",
			"/internal/argument",
			"/internal/atomicfile",
			"/internal/clock",
			"/internal/redact",
		},
		"/middleware": {"/transport", "/auth/token", "/internal/argument", "/internal/redact"}, // never /auth
		"/middleware/usage": {
			"/transport",
			"/auth/token",
			"/middleware",
			"/internal/argument",
			"/internal/atomicfile",
			"/internal/redact",
		},
		"/resources": {"/transport", "/internal/argument", "/internal/operations", "/internal/redact"},
		"": {
			"/transport", "/auth", "/auth/token", "/middleware", "/resources",
			"/internal/argument", "/internal/atomicfile", "/internal/clock", "/internal/operations", "/internal/redact",
		},
	}
	foreign := map[string]string{ // dependencies, each with the only packages that may reach it
		"github.com/go-resty/resty/v2":                 " /resources ",
		"github.com/go-json-experiment/json":           " /resources ",
		"golang.org/x/time/rate":                       " /middleware /middleware/usage ",
		"github.com/jarcoal/httpmock":                  " ",
		"github.com/hashicorp/golang-lru/v2/simplelru": " /middleware /middleware/usage ",
		"github.com/gofrs/flock":                       " /auth /auth/storetest /middleware/usage ",
		"github.com/cli/browser":                       " /auth /auth/storetest ",

		"golang.org/x/oauth2": " /auth /auth/token /auth/storetest /middleware /middleware/usage ",

		"github.com/seed-2147f1a9/spotify/mock":              " ",
		"github.com/seed-2147f1a9/spotify/internal/accounts": " ",
	}
	for pkg, may := range allowed {
		out, err := exec.Command("go", "list", "-deps", module+pkg).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", module+pkg, err)
		}
		for dep := range strings.FieldsSeq(string(out)) {
			if own, ok := strings.CutPrefix(dep, module); ok && dep != module+pkg && !slices.Contains(may, own) {
				t.Errorf("%s imports %s", module+pkg, dep)
			}
			if who, known := foreign[dep]; known && pkg != "" && !strings.Contains(who, " "+pkg+" ") {
				t.Errorf("%s reaches %s", module+pkg, dep)
			}
			if strings.HasPrefix(pkg, "/transport") && strings.Contains(strings.SplitN(dep, "/", 2)[0], ".") &&
				!strings.HasPrefix(dep, module) {
				t.Errorf("%s may import the standard library only, and imports %s", pkg, dep)
			}
		}
	}
}

// A nested module that programs import (contrib/...) uses the public packages in its list and no
// internal one; nothing outside of a nested module imports it. The files are parsed, not built, so
// that files of every operating system count and no dependency is downloaded.
func TestImportGraphOfNestedModules(t *testing.T) {
	const module = "github.com/seed-2147f1a9/spotify"
	allowed := map[string][]string{ // "*": programs and tests of the project itself
		".ci/releasetools":     {},
		".ci/tools":            {},
		"bench":                {"*"},
		"conformance":          {"*"},
		"conformance/clients":  {"*"},
		"contrib/breaker":      {"/middleware", "/transport"},
		"contrib/keyring":      {"/auth"},
		"contrib/otel":         {"", "/middleware", "/transport"},
		"contrib/prometheus":   {"", "/middleware"},
		"contrib/redis":        {"", "/auth", "/middleware", "/transport"},
		"examples/apps":        {"*"},
		"examples/downstream":  {"", "/auth", "/mock"}, // like a project of somebody else
		"internal/browsertest": {},
	}
	var nested []string
	imports := map[string]map[string]string{} // by folder: this module's packages, and a file that imports each
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata"):
			return filepath.SkipDir
		case entry.Name() == "go.mod" && path != "go.mod":
			nested = append(nested, filepath.ToSlash(filepath.Dir(path)))
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(path))
		for _, spec := range file.Imports {
			if own, ok := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module); ok {
				if imports[folder] == nil {
					imports[folder] = map[string]string{}
				}
				imports[folder][own] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range nested {
		may, known := allowed[root]
		if !known {
			t.Errorf("the nested module %s has no list of the packages that it may import", root)
			continue
		}
		for folder, packages := range imports {
			inside := folder == root || strings.HasPrefix(folder, root+"/")
			for own, path := range packages {
				itself := own == "/"+root || strings.HasPrefix(own, "/"+root+"/")
				if inside && !itself && !slices.Contains(may, own) && !slices.Contains(may, "*") {
					t.Errorf("%s imports %s", path, module+own)
				}
				if !inside && itself && !strings.HasPrefix(folder, "examples/apps/") {
					t.Errorf("%s imports %s of a nested module", path, module+own)
				}
			}
		}
	}
	if len(nested) != len(allowed) {
		t.Errorf("found %d nested modules (%v), want %d", len(nested), nested, len(allowed))
	}
}

package spotify_test

import (
	"log/slog"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

func pass(next http.RoundTripper) http.RoundTripper { return next }

// The order of the steps is a promise: users' middlewares rely on what they see where they stand.
func TestPipelineOrder(t *testing.T) {
	for name, tc := range map[string]struct {
		opts []spotify.Option
		want string
	}{
		"default": {nil, "DecodeErrors Gate Describe Observe Retry Buffer Refresh RateLimit Classify Timeout Auth Observe"},
		"everything": {[]spotify.Option{
			spotify.WithLogger(slog.New(slog.DiscardHandler)), spotify.WithCache(middleware.CacheConfig{}),
			spotify.WithMiddleware(transport.OnWire, pass), spotify.WithMiddleware(transport.PerAttempt, pass, pass), spotify.WithMiddleware(transport.PerCall, pass),
		}, "DecodeErrors Gate Describe Observe PerCall Cache Retry Buffer Refresh PerAttempt PerAttempt RateLimit Classify Timeout Auth OnWire Observe Log"},
		"no limiter": {[]spotify.Option{spotify.WithLimiter(nil)}, "DecodeErrors Gate Describe Observe Retry Buffer Refresh Classify Timeout Auth Observe"},
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

// Imports point one way, and a consumer of one part does not get the dependencies of another.
func TestImportGraph(t *testing.T) {
	const module = "github.com/seed-2147f1a9/spotify"
	allowed := map[string][]string{
		"/transport":               {},
		"/transport/transporttest": {"/transport"},
		"/auth":                    {"/transport", "/internal/argument", "/internal/redact"},
		"/middleware":              {"/transport", "/auth", "/internal/argument", "/internal/redact"},
		"/resources":               {"/transport", "/internal/argument", "/internal/operations", "/internal/redact"},
		"":                         {"/transport", "/auth", "/middleware", "/resources", "/internal/argument", "/internal/operations", "/internal/redact"},
	}
	foreign := map[string]string{ // a dependency, and the only packages that may reach it
		"github.com/go-resty/resty/v2":                       " /resources ",
		"github.com/go-json-experiment/json":                 " /resources ",
		"golang.org/x/time/rate":                             " /middleware ",
		"github.com/jarcoal/httpmock":                        " ",
		"github.com/hashicorp/golang-lru/v2/simplelru":       " /middleware ",
		"github.com/google/renameio/v2":                      " /auth /middleware ",
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
			if strings.HasPrefix(pkg, "/transport") && strings.Contains(strings.SplitN(dep, "/", 2)[0], ".") && !strings.HasPrefix(dep, module) {
				t.Errorf("%s is for the standard library only, and imports %s", pkg, dep)
			}
		}
	}
}

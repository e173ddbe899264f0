package resources

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// A panic of a middleware reaches the goroutine of the caller, also if the request was sent from
// another goroutine.
func TestFaultsPanicReachesCaller(t *testing.T) {
	for name, call := range map[string]func(context.Context, *Services){
		"GetMany":  func(ctx context.Context, s *Services) { _, _ = s.Tracks.GetMany(ctx, []string{trackA, trackB}, nil) },
		"Contains": func(ctx context.Context, s *Services) { _, _ = s.Library.Contains(ctx, manyURIs(100)...) },
		"a walk": func(ctx context.Context, s *Services) {
			for range s.Albums.AllTracks(ctx, trackA, nil) {
			}
		},
		"a walk that is left early": func(ctx context.Context, s *Services) {
			for range s.Albums.AllTracks(ctx, trackA, nil) {
				break
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			chain := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				if req.URL.Query().Get("limit") != "" && req.URL.Query().Get("offset") == "" {
					return responseTo(
						req,
						200,
						`{"items":[{"name":"1"}],"limit":50,"total":300,"next":"`+DefaultBaseURL+`/albums/x/tracks?offset=50"}`,
					), nil
				}
				panic("the user's middleware")
			})
			s, err := New(&http.Client{Transport: chain}, Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if got := recover(); got != "the user's middleware" {
					t.Errorf("recovered %v, want the panic of the middleware", got)
				}
			}()
			call(t.Context(), s)
		})
	}
}

func manyURIs(n int) []string {
	uris := make([]string, n)
	for i := range uris {
		uris[i] = fmt.Sprintf("spotify:track:%022d", i)
	}
	return uris
}

package e2e_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestErrorResponseWithoutABody: a transport may return a nil Body, as http.Client permits. It
// counts as an empty body.
func TestErrorResponseWithoutABody(t *testing.T) {
	for status, want := range map[int]error{404: spotify.ErrNotFound, 429: spotify.ErrRateLimited} {
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Request: req}, nil
		})
		client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(base), spotify.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Albums.Get(t.Context(), "2up3OPMp9Tb4dAKM2erWXQ", nil); !errors.Is(err, want) {
			t.Errorf("a response of %d without a body: %v, want %v", status, err, want)
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
}

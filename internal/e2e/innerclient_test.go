package e2e_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestErrorOfAnInnerClient: an http.Client inside a base transport puts the whole URL into its
// errors. The URL is removed; IsTransient of the error still applies.
func TestErrorOfAnInnerClient(t *testing.T) {
	broken := errors.New("broken")
	sent := 0
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		sent++
		return nil, transport.Permanent(&url.Error{Op: "Get", URL: "https://api.spotify.com/v1/me?code=hush", Err: broken})
	})
	client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(base))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Users.Me(t.Context()); !errors.Is(err, broken) || strings.Contains(err.Error(), "hush") ||
		sent != 1 {
		t.Errorf("sent %d times: %v", sent, err)
	}
}

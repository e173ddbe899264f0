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

// A transport with an http.Client in it names the whole address in its errors. The address is taken out, and what the error says about retries stays.
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
	if _, err := client.Users.Me(t.Context()); !errors.Is(err, broken) || strings.Contains(err.Error(), "hush") || sent != 1 {
		t.Errorf("sent %d times: %v", sent, err)
	}
}

package spotify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	linkedTrack = "https://open.spotify.com/track/" + mock.TrackID
	trackURI    = "spotify:track:" + mock.TrackID
)

// redirects is a base transport that knows where short links lead: an address, or a page.
type redirects map[string]string

func (r redirects) RoundTrip(req *http.Request) (*http.Response, error) {
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: req, Body: http.NoBody}
	switch target := r[req.URL.String()]; {
	case req.Header.Get("Authorization") != "":
		return nil, errors.New("the token was sent to " + req.URL.Host)
	case strings.HasPrefix(target, "http"):
		resp.StatusCode = http.StatusTemporaryRedirect
		resp.Header.Set("Location", target)
	case target == "":
		resp.StatusCode = http.StatusNotFound
	default:
		resp.Body = io.NopCloser(strings.NewReader(target))
	}
	return resp, nil
}

func TestResolveLink(t *testing.T) {
	base := redirects{
		"https://spotify.link/direct": linkedTrack + "?si=x",
		"https://spotify.link/Twice":  "https://spotify.app.link/Twice?_p=1",
		"https://spotify.app.link/Twice?_p=1": `<html><script>open("https://open.spotify.com/")</script>` +
			`<a href="` + linkedTrack + `?si=y">`,
		"https://open.spotify.com/s/abc": "https://open.spotify.com/intl-de/track/" + mock.TrackID,
		"https://spotify.link/away":      "https://example.com/login",
		"https://spotify.link/around":    "https://spotify.link/around",
		"https://spotify.link/page":      "<html>nothing here</html>",
	}
	client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(base))
	if err != nil {
		t.Fatal(err)
	}
	for link, want := range map[string]string{
		trackURI:                            trackURI,
		linkedTrack:                         trackURI,
		"https://spotify.link/direct":       trackURI,
		" <http://SPOTIFY.link/direct> ":    trackURI,
		"spotify.link/Twice":                trackURI,
		"https://open.spotify.com/s/abc":    trackURI,
		"https://spotify.link/away":         `leads to "https://example.com/login": want an open.spotify.com link`,
		"https://spotify.link/around":       "more than 3 redirects",
		"https://spotify.link/page":         "a page without an open.spotify.com link",
		"https://spotify.link/gone":         "404 Not Found: want a redirect",
		"https://spotify.link/":             "invalid",
		"https://spotify.link:8080/direct":  "invalid",
		"https://a@spotify.link/direct":     "invalid",
		"https://spotify.link.example.com/": "invalid",
		"ftp://spotify.link/direct":         "invalid",
		"":                                  "invalid",
	} {
		uri, err := client.ResolveLink(t.Context(), link)
		switch {
		case want == trackURI:
			if uri != want || err != nil {
				t.Errorf("%s: %q, %v", link, uri, err)
			}
		case uri != "" || err == nil || !strings.Contains(err.Error(), want):
			t.Errorf("%s: %q, %v, want %s", link, uri, err, want)
		case (want == "invalid") != errors.Is(err, spotify.ErrInvalidArgument):
			t.Errorf("%s: %v", link, err)
		}
	}
	_ = client.Close()
	if _, err := client.ResolveLink(t.Context(), "https://spotify.link/direct"); !errors.Is(err, spotify.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestResolveLinkTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		client, err := spotify.New(
			spotify.WithAccessToken("token"), spotify.WithTransport(hangs), spotify.WithTimeout(3*time.Second),
		)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		began := time.Now()
		_, err = client.ResolveLink(t.Context(), "https://spotify.link/x")
		if took := time.Since(began); took != 3*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

// A short link is resolved with one request, without the token.
func ExampleClient_ResolveLink() {
	base := redirects{"https://spotify.link/Pz1JqmBvEHb": "https://open.spotify.com/track/3Xq1w0pDiEHkbCsy7mWxGJ?si=1"}
	client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(base))
	if err != nil {
		panic(err)
	}
	defer client.Close()

	uri, err := client.ResolveLink(context.Background(), "https://spotify.link/Pz1JqmBvEHb")
	fmt.Println(uri, err)

	// Output:
	// spotify:track:3Xq1w0pDiEHkbCsy7mWxGJ <nil>
}

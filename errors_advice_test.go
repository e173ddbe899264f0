package spotify_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// refusing is a base whose token endpoint issues tokens, and whose API responds with an error.
func refusing(status int, message string) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		transport.CloseRequest(req)
		resp := &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{}, Request: req,
			Body: io.NopCloser(strings.NewReader(`{"access_token":"issued","expires_in":3600}`)),
		}
		if req.URL.Host == "api.spotify.com" {
			resp.StatusCode = status
			resp.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"error":{"status":%d,"message":%q}}`, status, message)))
		}
		return resp, nil
	})
}

// TestAdviceIsAboutTheTokenThatWasSent: the advice of a 401 depends on the token of the call, which
// may be another one than the client's.
func TestAdviceIsAboutTheTokenThatWasSent(t *testing.T) {
	const noUser, expired = "Valid user authentication required", "The access token expired"
	const ofApp, fixed = "belongs to the app", "is not refreshed"
	app := spotify.WithClientCredentials("id", "secret")
	until := &oauth2.Token{AccessToken: "token", Expiry: time.Now().Add(time.Hour)}
	for _, c := range []struct {
		name        string
		credentials spotify.Option
		call        []spotify.CallOption
		message     string
		want        string // "" for no advice
	}{
		{"an app", app, nil, noUser, ofApp},
		{"an app whose token has expired", app, nil, expired, ""},
		{"a user's token for one call of an app", app, []spotify.CallOption{spotify.Token("of-a-user")}, noUser, ""},
		{"an expired token for one call of an app", app, []spotify.CallOption{spotify.Token("of-a-user")}, expired, fixed},
		{
			"a header field of the caller's", app,
			[]spotify.CallOption{spotify.Header("Authorization", "Bearer of-a-user")}, noUser, "",
		},
		{"a fixed token", spotify.WithAccessToken("token"), nil, expired, fixed},
		{"a fixed token that lacks a user", spotify.WithAccessToken("token"), nil, noUser, ""},
		{
			"a source that expires", spotify.WithTokenSource(auth.FromOAuth2(oauth2.StaticTokenSource(until))),
			nil, expired, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, err := spotify.New(c.credentials, spotify.WithMaxRetries(0), spotify.WithTransport(refusing(401, c.message)))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			_, _ = client.Users.Me(t.Context()) // from now on the client has a token of its own
			_, err = client.Users.Me(spotify.WithCall(t.Context(), c.call...))
			if err == nil {
				t.Fatal("no error")
			}
			for _, advice := range []string{ofApp, fixed} {
				if got := strings.Contains(err.Error(), advice); got != (advice == c.want) {
					t.Errorf("%v: says %q: %v", err, advice, got)
				}
			}
		})
	}
}

// TestGrantedScopesAreOfA403: the scopes of the token explain a 403, and are in no other error.
func TestGrantedScopesAreOfA403(t *testing.T) {
	token := (&oauth2.Token{AccessToken: "token"}).WithExtra(map[string]any{"scope": "user-read-email"})
	for status, want := range map[int]string{http.StatusForbidden: "[user-read-email]", http.StatusNotFound: "[]"} {
		client, err := spotify.New(spotify.WithTokenSource(auth.FromOAuth2(oauth2.StaticTokenSource(token))),
			spotify.WithTransport(refusing(status, "")))
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		_, err = client.Users.Me(t.Context())
		if e, ok := errors.AsType[*spotify.Error](err); !ok || fmt.Sprint(e.Granted) != want {
			t.Errorf("%d: %v, want the scopes %s", status, err, want)
		}
	}
}

// TestNoticeOfA404: where the path has an id, the id may be wrong, so the error has no notice.
func TestNoticeOfA404(t *testing.T) {
	client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(refusing(404, "Not found")))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for path, noticed := range map[string]bool{
		"/recommendations": true, "/artists/4Z8W4fKeB5YxbusRsdQVPb/related-artists": false, "/me": false,
	} {
		err := client.Do(t.Context(), http.MethodGet, path, nil, nil, new(any))
		if e, ok := errors.AsType[*spotify.Error](err); !ok || (e.Notice != "") != noticed {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestAdviceOnTheBaseURL: a path that the API reference does not have may be wrong itself.
func TestAdviceOnTheBaseURL(t *testing.T) {
	client, err := spotify.New(spotify.WithAccessToken("token"), spotify.WithTransport(refusing(404, "Service not found")))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for path, advised := range map[string]bool{"/me": true, "/mee": false} {
		err := client.Do(t.Context(), http.MethodGet, path, nil, nil, new(any))
		if err == nil || strings.Contains(err.Error(), "base URL") != advised {
			t.Errorf("%s: %v", path, err)
		}
	}
}

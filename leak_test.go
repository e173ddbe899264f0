package spotify_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// secrets are what must never be read anywhere but on the wire.
var secrets = []string{"s3cr3t-token", "s3cr3t-client", "s3cr3t-own", "s3cr3t-query"}

// leaks returns the first secret in what can be printed of a value, and of every error it wraps.
func leaks(v any) string {
	texts := []string{fmt.Sprint(v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%q", v)}
	if encoded, err := json.Marshal(v); err == nil {
		texts = append(texts, string(encoded))
	}
	for _, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				return text
			}
		}
	}
	switch err := v.(type) {
	case interface{ Unwrap() error }:
		if inner := err.Unwrap(); inner != nil {
			return leaks(inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range err.Unwrap() {
			if found := leaks(inner); found != "" {
				return found
			}
		}
	}
	return ""
}

// Whatever goes wrong, and however it is printed or logged, no secret is told.
func TestNoErrorTellsASecret(t *testing.T) {
	echo := func(status int) func(*http.Request) (*http.Response, error) { // a server that repeats what it was sent
		return func(req *http.Request) (*http.Response, error) {
			form, _ := io.ReadAll(req.Body)
			basic, _, _ := req.BasicAuth()
			return respond(status, fmt.Sprintf(`{"error":"invalid_client","error_description":"%s %s"}`, basic, form))(req)
		}
	}
	failures := map[string]func(*http.Request) (*http.Response, error){
		"no connection": func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		},
		"an url.Error": func(req *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: "https://x/?code=s3cr3t-query", Err: io.EOF}
		},
		"unauthorized":   respond(401, `{"error":{"status":401,"message":"Invalid access token"}}`),
		"forbidden":      respond(403, ""),
		"rate limited":   respond(429, "", "Retry-After", "7200"),
		"down":           respond(503, "<html>"),
		"not JSON":       respond(200, "<html>"),
		"empty":          respond(200, ""),
		"redirect":       respond(302, "", "Location", "https://evil.example/?code=s3cr3t-query"),
		"redirect loop":  respond(302, "", "Location", "https://api.spotify.com/v1/albums/"+albumID),
		"hostile tokens": nil,
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				base := roundTrip(func(req *http.Request) (*http.Response, error) {
					if req.URL.Host == "accounts.spotify.com" {
						if failure == nil {
							return echo(400)(req)
						}
						return respond(200, `{"access_token":"s3cr3t-token","token_type":"Bearer","expires_in":3600}`)(req)
					}
					if failure == nil {
						return respond(500, "")(req)
					}
					return failure(req)
				})
				client, err := spotify.New(spotify.WithClientCredentials("id", "s3cr3t-client"), spotify.WithTransport(base),
					spotify.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
				if err != nil {
					t.Fatal(err)
				}
				defer client.Close()
				for _, ctx := range []spotify.CallOption{spotify.NoRetry(), spotify.Token("s3cr3t-own"), spotify.MaxWait(1)} {
					_, err := client.Albums.Get(spotify.WithCall(t.Context(), ctx), albumID, nil)
					if err == nil {
						t.Fatal("nothing failed")
					}
					if found := leaks(err); found != "" {
						t.Errorf("a secret is in %T: %s", err, found)
					}
				}
				if err := client.Do(t.Context(), "GET", "/x", url.Values{"code": {"s3cr3t-query"}}, nil, new(any)); err == nil || leaks(err) != "" {
					t.Errorf("a secret is in %T: %s", err, leaks(err))
				}
				if found := leaks(client); found != "" {
					t.Errorf("a secret is in the client: %.200s", found)
				}
				if found := leaks(log.String()); found != "" {
					t.Errorf("a secret is in the log:\n%s", log.String())
				}
				if log.Len() == 0 {
					t.Error("nothing was logged")
				}
			})
		})
	}
	if leaks(fmt.Errorf("x: %w", errors.Join(errors.New("y"), &url.Error{Err: errors.New("s3cr3t-own")}))) == "" {
		t.Error("the test finds nothing at all")
	}
	if leaks(middleware.RetryConfig{}) != "" {
		t.Error("the test finds too much")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	} else {
		req = req.Clone(req.Context())
		req.Body = http.NoBody
	}
	return f(req)
}

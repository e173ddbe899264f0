package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"testing"
	"testing/synctest"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/transport"
)

// secrets must not occur anywhere but on the wire.
var secrets = testutil.Secrets{"s3cr3t-token", "s3cr3t-client", "s3cr3t-own", "s3cr3t-query"}

// TestNoTypePrintsASecret: every exported type of the package, found in its source, has a value
// full of secrets here that prints none.
func TestNoTypePrintsASecret(t *testing.T) {
	base := roundTrip(func(req *http.Request) (*http.Response, error) {
		if req.URL.Host == "accounts.spotify.com" {
			return testutil.Respond(200, `{"access_token":"s3cr3t-token","token_type":"Bearer","expires_in":3600}`)(req)
		}
		return testutil.Respond(403, `{"error":{"status":403,"message":"Insufficient client scope"}}`)(req)
	})
	options := map[string]spotify.Option{
		"a token": spotify.WithAccessToken("s3cr3t-token"),
		"an app":  spotify.WithClientCredentials("id", "s3cr3t-client"),
		"a source": spotify.WithTokenSource(
			auth.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "s3cr3t-token"})),
		),
		"an unsafe": spotify.WithTokenSource(&plainSource{AccessToken: "s3cr3t-token"}),
	}
	own := spotify.Token("s3cr3t-own")
	call := transport.Call{}
	own(&call)
	values := map[string][]any{
		"CallOption":    {own, call, &call},
		"Captured":      {spotify.Captured{Status: 200}},
		"ArgumentError": {},
		"CallError":     {},
		"Stats":         {},
		"Endpoints":     {spotify.Endpoints{API: "https://api.example/v1", Accounts: "https://accounts.example"}},
	}
	for name, option := range options {
		client, err := spotify.New(
			option,
			spotify.WithTransport(base),
			spotify.WithLogger(slog.New(slog.DiscardHandler)),
			spotify.WithMaxRetries(0),
		)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		ctx := spotify.WithCall(t.Context(), own)
		_, refused := client.Albums.Saved(t.Context(), nil)
		if !errors.Is(refused, spotify.ErrForbidden) {
			t.Fatalf("%s: %v", name, refused)
		}
		_, ownRefused := client.Albums.Saved(ctx, nil)
		_, invalid := client.Albums.Get(spotify.WithCall(ctx, spotify.Token("s3cr3t-own\n")), albumID, nil)
		values["Option"] = append(values["Option"], option)
		values["Client"] = append(
			values["Client"],
			client,
			client.Services,
			client.HTTPClient(),
			client.HTTPClient().Transport,
		) // a copy of a Client is not a Client
		values["Error"] = append(values["Error"], refused, ownRefused)
		var unsent *spotify.CallError
		if !errors.As(invalid, &unsent) {
			t.Fatalf("%s: %v", name, invalid)
		}
		values["CallError"] = append(values["CallError"], unsent)
		values["ArgumentError"] = append(values["ArgumentError"], unsent.Err)
		values["Stats"] = append(values["Stats"], client.Stats())
	}
	secrets.CheckTypes(t, os.DirFS("."), values)
}

// TestNoErrorHoldsASecret: no error holds a secret at any depth, and no log line has one.
func TestNoErrorHoldsASecret(t *testing.T) {
	echo := func(status int) func(*http.Request) (*http.Response, error) { // a server that echoes the request
		return func(req *http.Request) (*http.Response, error) {
			form, _ := io.ReadAll(req.Body)
			_, password, _ := req.BasicAuth()
			return testutil.Respond(
				status,
				fmt.Sprintf(
					`{"error":"invalid_client","error_description":"%s %s %s"}`,
					req.Header.Get("Authorization"),
					password,
					form,
				),
			)(
				req,
			)
		}
	}
	failures := map[string]func(*http.Request) (*http.Response, error){
		"no connection": func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		},
		"an url.Error": func(req *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: "https://x/?code=s3cr3t-query", Err: io.EOF}
		},
		"unauthorized":   testutil.Respond(401, `{"error":{"status":401,"message":"Invalid access token"}}`),
		"forbidden":      testutil.Respond(403, ""),
		"rate limited":   testutil.Respond(429, "", "Retry-After", "7200"),
		"down":           testutil.Respond(503, "<html>"),
		"not JSON":       testutil.Respond(200, "<html>"),
		"empty":          testutil.Respond(200, ""),
		"redirect":       testutil.Respond(302, "", "Location", "https://evil.example/?code=s3cr3t-query"),
		"redirect loop":  testutil.Respond(302, "", "Location", "https://api.spotify.com/v1/albums/"+albumID),
		"echo":           echo(400),
		"echo of a 401":  echo(401),
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
						return testutil.Respond(200, `{"access_token":"s3cr3t-token","token_type":"Bearer","expires_in":3600}`)(req)
					}
					if failure == nil {
						return testutil.Respond(500, "")(req)
					}
					return failure(req)
				})
				client, err := spotify.New(spotify.WithClientCredentials("id", "s3cr3t-client"), spotify.WithTransport(base),
					spotify.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
				if err != nil {
					t.Fatal(err)
				}
				defer client.Close()
				for _, setting := range []spotify.CallOption{spotify.NoRetry(), spotify.Token("s3cr3t-own"), spotify.MaxWait(1)} {
					_, err := client.Albums.Get(spotify.WithCall(t.Context(), setting), albumID, nil)
					if err == nil {
						t.Fatal("nothing failed")
					}
					if found := secrets.HeldBy(err); found != "" {
						t.Errorf("%T holds %q: %v", err, found, err)
					}
				}
				if err := client.Do(t.Context(), "GET", "/x", url.Values{"code": {"s3cr3t-query"}}, nil, new(any)); err == nil ||
					secrets.HeldBy(err) != "" {
					t.Errorf("%T holds %q: %v", err, secrets.HeldBy(err), err)
				}
				if found := secrets.PrintedBy(client); found != "" {
					t.Errorf("the client prints %q", found)
				}
				if found := secrets.PrintedBy(log.String()); found != "" || log.Len() == 0 {
					t.Errorf("%q is in the log:\n%s", found, log.String())
				}
			})
		})
	}
}

// TestEchoedTokenIsRedacted: the token is removed from an error response that echoes it, for tokens
// of any length and in a pipeline without the client.
func TestEchoedTokenIsRedacted(t *testing.T) {
	token := "s3cr3t-own" + string(bytes.Repeat([]byte("x"), 500))
	resp := testutil.Response(400, `{"error":{"status":400,"message":"bad header: Bearer `+token+`!"}}`)
	resp.Request = resp.Request.WithContext(
		transport.WithCall(t.Context(), &transport.Call{Token: transport.Secret(token)}),
	)
	var e *spotify.Error
	if err := spotify.DecodeError(resp); !errors.As(err, &e) || e.Message != "bad header: Bearer [redacted]!" {
		t.Errorf("%v", err)
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

// plainSource is a caller's token source whose String returns the token.
type plainSource oauth2.Token

func (s *plainSource) Token(context.Context) (*oauth2.Token, error) { return (*oauth2.Token)(s), nil }

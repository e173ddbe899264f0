package spotify_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

func TestNewRefuses(t *testing.T) {
	t.Setenv("SPOTIFY_CLIENT_ID", "")
	t.Setenv("SPOTIFY_CLIENT_SECRET", "")
	token := spotify.WithAccessToken("token")
	cases := map[string]struct {
		opts  []spotify.Option
		is    error
		names string // text that the message must contain
	}{
		"no credentials": {
			nil,
			spotify.ErrCredentials,
			"no credentials: pass one of WithAccessToken, WithClientCredentials",
		},
		"two kinds": {
			[]spotify.Option{token, spotify.WithClientCredentials("id", "secret")},
			spotify.ErrCredentials,
			"WithAccessToken and WithClientCredentials",
		},
		"one kind twice": {[]spotify.Option{token, token}, spotify.ErrCredentials, "exactly one"},
		"empty token":    {[]spotify.Option{spotify.WithAccessToken("")}, spotify.ErrCredentials, "access token"},
		"token with line break": {
			[]spotify.Option{spotify.WithAccessToken("sesame\r\nX: y")},
			spotify.ErrCredentials,
			"access token",
		},
		"no client id": {
			[]spotify.Option{spotify.WithClientCredentials("", "sesame")},
			spotify.ErrCredentials,
			"ClientID",
		},
		"no client secret": {
			[]spotify.Option{spotify.WithClientCredentials("id", "")},
			spotify.ErrCredentials,
			"ClientSecret",
		},
		"nil source": {[]spotify.Option{spotify.WithTokenSource(nil)}, spotify.ErrCredentials, "WithTokenSource"},
		"a source not made": {
			[]spotify.Option{spotify.WithTokenSource((*auth.PKCE)(nil))},
			spotify.ErrCredentials,
			"WithTokenSource",
		},
		"no timeout":       {[]spotify.Option{token, spotify.WithTimeout(0)}, nil, "WithTimeout"},
		"negative timeout": {[]spotify.Option{token, spotify.WithTimeout(-time.Second)}, nil, "-1s"},
		"no window":        {[]spotify.Option{token, spotify.WithWindow(0)}, nil, "WithWindow"},
		"no concurrency":   {[]spotify.Option{token, spotify.WithConcurrency(-1)}, nil, "WithConcurrency"},
		"no body":          {[]spotify.Option{token, spotify.WithMaxBody(0)}, nil, "WithMaxBody"},
		"a suffix of two lines": {
			[]spotify.Option{token, spotify.WithUserAgentSuffix("a\r\nX: y")},
			nil,
			"UserAgentSuffix",
		},
		"negative retries": {[]spotify.Option{token, spotify.WithMaxRetries(-1)}, nil, "WithMaxRetries"},
		"negative delay": {
			[]spotify.Option{token, spotify.WithRetry(middleware.RetryConfig{InitialDelay: -1})},
			nil,
			"InitialDelay",
		},
		"multiplier below 1": {
			[]spotify.Option{token, spotify.WithRetry(middleware.RetryConfig{Multiplier: 0.5})},
			nil,
			"Multiplier",
		},
		"nil transport": {[]spotify.Option{token, spotify.WithTransport(nil)}, nil, "WithTransport"},
		"a transport not made": {
			[]spotify.Option{token, spotify.WithTransport((*http.Transport)(nil))},
			nil,
			"WithTransport",
		},
		"nil middleware": {
			[]spotify.Option{token, spotify.WithMiddleware(transport.PerCall, nil)},
			nil,
			"WithMiddleware",
		},
		"no such stage":         {[]spotify.Option{token, spotify.WithMiddleware(7, pass)}, nil, "WithMiddleware"},
		"empty base":            {[]spotify.Option{token, spotify.WithBaseURL("")}, nil, "BaseURL"},
		"plain http":            {[]spotify.Option{token, spotify.WithBaseURL("http://api.spotify.com/v1")}, nil, "https"},
		"http, almost loopback": {[]spotify.Option{token, spotify.WithBaseURL("http://127.0.0.1.example/v1")}, nil, "https"},
		"no host":               {[]spotify.Option{token, spotify.WithBaseURL("https:///v1")}, nil, "BaseURL"},
		"a port and no host":    {[]spotify.Option{token, spotify.WithBaseURL("https://:8443/v1")}, nil, "BaseURL"},
		"no slashes":            {[]spotify.Option{token, spotify.WithBaseURL("https:api.spotify.com/v1")}, nil, "BaseURL"},
		"no scheme":             {[]spotify.Option{token, spotify.WithBaseURL("api.spotify.com/v1")}, nil, "BaseURL"},
		"not a port": {
			[]spotify.Option{token, spotify.WithBaseURL("https://api.spotify.com:https/v1")},
			nil,
			"BaseURL",
		},
		"fragment in the base": {
			[]spotify.Option{token, spotify.WithBaseURL("https://api.spotify.com/v1#x")},
			nil,
			"BaseURL",
		},
		"a route for a base": {
			[]spotify.Option{token, spotify.WithBaseURL("https://api.spotify.com/v1/{id}")},
			nil,
			"BaseURL",
		},
		"line break in the base": {
			[]spotify.Option{token, spotify.WithBaseURL("https://api.spotify.com\r\n/v1")},
			nil,
			"BaseURL",
		},
		"small letters": {[]spotify.Option{token, spotify.WithMarket("se")}, nil, "Market"},
		"secret with line break": {
			[]spotify.Option{spotify.WithClientCredentials("id", "sesame\nx")},
			spotify.ErrCredentials,
			"ClientSecret",
		},
		"id with a space": {
			[]spotify.Option{spotify.WithClientCredentials("i d", "sesame")},
			spotify.ErrCredentials,
			"ClientID",
		},
		"three kinds": {
			[]spotify.Option{
				token,
				spotify.WithClientCredentials("id", "sesame"),
				spotify.WithTokenSource(auth.Static("sesame")),
			},
			spotify.ErrCredentials,
			"exactly one",
		},
		"relative":     {[]spotify.Option{token, spotify.WithBaseURL("/v1")}, nil, "BaseURL"},
		"other scheme": {[]spotify.Option{token, spotify.WithBaseURL("ftp://api.spotify.com")}, nil, "BaseURL"},
		"no address":   {[]spotify.Option{token, spotify.WithBaseURL("https://a b/")}, nil, "BaseURL"},
		"user in the base": {
			[]spotify.Option{token, spotify.WithBaseURL("https://me:sesame@api.spotify.com/v1")},
			nil,
			"BaseURL",
		},
		"query in the base": {
			[]spotify.Option{token, spotify.WithBaseURL("https://api.spotify.com/v1?x=y")},
			nil,
			"BaseURL",
		},
		"market":     {[]spotify.Option{token, spotify.WithMarket("Sweden")}, nil, "Market"},
		"language":   {[]spotify.Option{token, spotify.WithLanguage("de\r\nX: y")}, nil, "Language"},
		"user agent": {[]spotify.Option{token, spotify.WithUserAgent("a\nb")}, nil, "UserAgent"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			client, err := spotify.New(tc.opts...)
			if err == nil {
				_ = client.Close()
				t.Fatal("got no error")
			}
			if !errors.Is(err, spotify.ErrInvalidArgument) || tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%v matches the wrong errors", err)
			}
			if !strings.Contains(err.Error(), tc.names) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("%q does not name %q, or has a secret", err, tc.names)
			}
		})
	}
}

func TestNewAccepts(t *testing.T) {
	for name, opts := range map[string][]spotify.Option{
		"a token":           {spotify.WithAccessToken("token"), nil},
		"an app":            {spotify.WithClientCredentials("id", "secret")},
		"a source":          {spotify.WithTokenSource(auth.Static("token"))},
		"an invalid source": {spotify.WithTokenSource(auth.Static(""))}, // its calls fail, New does not
		"loopback":          {spotify.WithAccessToken("token"), spotify.WithBaseURL("http://[::1]:8080/v1/")},
		"no retries":        {spotify.WithAccessToken("token"), spotify.WithMaxRetries(0)},
	} {
		client, err := spotify.New(opts...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = client.Close()
	}
	t.Setenv("SPOTIFY_CLIENT_ID", "id")
	t.Setenv("SPOTIFY_CLIENT_SECRET", "secret")
	client, err := spotify.NewFromClientCredentials("", "", spotify.WithTimeout(time.Second))
	if err != nil {
		t.Fatal("credentials from the environment:", err)
	}
	_ = client.Close()
}

// TestClientPrintsNoSecret: no verb of package fmt prints a client's secrets.
func TestClientPrintsNoSecret(t *testing.T) {
	for _, opt := range []spotify.Option{
		spotify.WithAccessToken("sesame"), spotify.WithClientCredentials("id", "sesame"),
	} {
		client, err := spotify.New(opt, spotify.WithTransport(http.DefaultTransport))
		if err != nil {
			t.Fatal(err)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, client); strings.Contains(text, "sesame") {
				t.Errorf("%s prints the secret", verb)
			}
		}
		_ = client.Close()
	}
}

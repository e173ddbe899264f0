package auth

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

func TestClientCredentialsOnTheWire(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, secret, ok := r.BasicAuth()
		if r.Method != http.MethodPost || r.URL.String() != "/api/token" || !ok || id != "id" || secret != "se%2Fcret" ||
			r.FormValue("grant_type") != "client_credentials" ||
			r.PostForm.Has("client_id") || r.PostForm.Has("client_secret") {
			t.Errorf("%s %s %v", r.Method, r.URL, r.PostForm)
		}
		fmt.Fprint(w, `{"access_token":"abc","token_type":"Bearer","expires_in":3.6e3,"scope":""}`)
	}))
	defer srv.Close()
	s, err := NewClientCredentials(Config{ClientID: "id", ClientSecret: "se/cret", TokenURL: srv.URL + "/api/token"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	before := time.Now()
	token, err := s.Token(t.Context())
	if err != nil || token.AccessToken != "abc" || token.Expiry.Before(before.Add(time.Hour)) ||
		token.Expiry.After(time.Now().Add(time.Hour)) {
		t.Fatalf("%v, %v", token, err)
	}
}

// responses is a token endpoint that sends each response of its list once, and then the last one
// again.
type responses struct {
	list  []canned
	calls atomic.Int32
}

type canned struct {
	status int // 0 is a connection error
	header string
	body   string
}

func (a *responses) RoundTrip(req *http.Request) (*http.Response, error) {
	transport.CloseRequest(req)
	n := int(a.calls.Add(1))
	next := a.list[min(n, len(a.list))-1]
	if next.status == 0 {
		return nil, errors.New("connection reset")
	}
	rec := httptest.NewRecorder()
	if name, value, ok := strings.Cut(next.header, ": "); ok {
		rec.Header().Set(name, value)
	}
	rec.WriteHeader(next.status)
	rec.WriteString(next.body)
	return rec.Result(), nil
}

const (
	good   = `{"access_token":"abc","token_type":"Bearer","expires_in":3600}`
	secret = "f00dfeedf00dfeedf00dfeedf00dfeed"
)

func TestTokenEndpointResponses(t *testing.T) {
	for name, c := range map[string]struct {
		list  []canned
		want  string // of the error; empty for success
		is    error
		calls int32

		transient bool // Retry retries the error
	}{
		"invalid client": {
			list: []canned{{400, "", `{"error":"invalid_client","error_description":"Invalid client"}`}},
			want: "status 400: invalid_client: Invalid client", is: ErrCredentials, calls: 1,
		},
		"invalid client, 503": {
			list: []canned{{503, "", `{"error":"invalid_client"}`}}, want: "invalid_client", is: ErrCredentials, calls: 1,
		},
		"gateway's shape": {
			list: []canned{{403, "", `{"error":{"status":403,"message":"Not allowed"}}`}},
			want: "status 403: Not allowed", calls: 1,
		},
		"secret echoed": {
			list: []canned{{400, "", `{"error":"` + secret + `","error_description":"no such secret: ` + secret + `"}`}},
			want: "[redacted]: no such secret: [redacted]", calls: 1,
		},
		"line breaks": {
			list: []canned{{400, "", `{"error":"a\nb","error_description":"c\u001b[31m` + strings.Repeat("é", 500) + `"}`}},
			want: "a b: c\ufffd[31mé", calls: 1,
		},
		"HTML": {
			list: []canned{{404, "Content-Type: text/html; charset=utf-8", `<html>` + secret}},
			want: "status 404: a body that is not JSON but text/html", calls: 1,
		},
		"HTML with 200": {
			list: []canned{{200, "Content-Type: text/html", `<html>log in to the wifi`}},
			want: "status 200: a body that is not JSON but text/html", calls: 1,
		},
		"empty": {list: []canned{{200, "", ""}}, want: "an empty body", calls: 1},
		"error with 200": {
			list: []canned{{200, "", `{"error":"invalid_request"}`}}, want: "invalid_request", calls: 1,
		},
		"no token": {
			list: []canned{{200, "", `{"token_type":"Bearer"}`}}, want: "without a usable access token", calls: 1,
		},
		"line break in a token": {
			list: []canned{{200, "", `{"access_token":"a\r\nb"}`}}, want: "without a usable access token", calls: 1,
		},
		"redirect": {
			list: []canned{{307, "Location: https://evil.example", ""}}, want: "a redirect, which is not followed", calls: 1,
		},
		"body too large": {
			list: []canned{{200, "", strings.Repeat(" ", maxResponse) + good}}, want: "more than 64 KiB", calls: 1,
		},
		"501": {list: []canned{{501, "", ""}}, want: "status 501", calls: 1},
		"502": {
			list: []canned{{502, "", ""}}, want: "status 502: an empty body", calls: 1, transient: true,
		},
		"reset": {
			list: []canned{{0, "", ""}}, want: "requesting a token: connection reset", calls: 1, transient: true,
		},
		"Retry-After of 2 s": {
			list: []canned{{429, "Retry-After: 2", ""}}, want: "retry in 2s", calls: 1, transient: true,
		},
		"Retry-After of 60 s": {
			list: []canned{{429, "Retry-After: 60", ""}}, want: "retry in 1m0s", calls: 1, transient: true,
		},
		"Retry-After in the year 9999": {
			list: []canned{{429, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", ""}}, want: "retry in 8760h0m0s",
			calls: 1, transient: true,
		},
		"Retry-After NaN": {
			list: []canned{{429, "Retry-After: NaN", ""}}, want: "status 429: an empty body", calls: 1, transient: true,
		},
		"Retry-After in the past": {
			list: []canned{{503, "Retry-After: Sat, 01 Jan 2000 00:00:05 GMT", ""}}, want: "retry in 5s", calls: 1,
			transient: true,
		},
		"negative Retry-After": {
			list: []canned{{429, "Retry-After: -5", ""}, {200, "", good}}, want: "status 429: an empty body", calls: 1,
			transient: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &responses{list: c.list}
				s, err := NewClientCredentials(Config{ClientID: "id", ClientSecret: secret, Transport: fake})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				token, err := s.Token(t.Context())
				if c.want == "" {
					if err != nil || token.AccessToken != "abc" {
						t.Fatalf("%v, %v", token, err)
					}
				} else if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
					t.Fatalf("got %v, want ...%s...", err, c.want)
				}
				if c.is != nil && (!errors.Is(err, c.is) || !transport.IsPermanent(err)) {
					t.Errorf("%v is not a permanent %v", err, c.is)
				}
				if len(fmt.Sprint(err)) > 1000 || strings.ContainsAny(fmt.Sprint(err), "\n\x1b") {
					t.Errorf("not safe to log: %q", err)
				}
				if n := fake.calls.Load(); n != c.calls {
					t.Errorf("%d requests, want %d", n, c.calls)
				}
				if transport.IsTransient(err) != c.transient {
					t.Errorf("%v is transient: %v", err, !c.transient)
				}
			})
		})
	}
}

// A redirect would resend the secret, the code or the refresh token.
func TestTokenEndpointRedirects(t *testing.T) {
	evil := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was sent to the target of a redirect", r.Method, r.URL)
	}))
	defer evil.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		srv := httptest.NewServer(
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, evil.URL, status) }))
		defer srv.Close()
		for _, form := range []url.Values{
			{"grant_type": {"client_credentials"}}, {"grant_type": {"refresh_token"}, "refresh_token": {secret}},
			{"grant_type": {"authorization_code"}, "code": {secret}, "code_verifier": {secret}},
		} {
			for _, withSecret := range []bool{true, false} {
				e := newEndpoint(Config{ClientID: "id", ClientSecret: secret, TokenURL: srv.URL}, withSecret)
				_, err := e.fetch(t.Context(), form)
				if refused, ok := errors.AsType[*Error](err); !ok || refused.Status != status ||
					!strings.Contains(err.Error(), "redirect") ||
					!transport.IsPermanent(err) {
					t.Errorf("%d: %v", status, err)
				}
				e.close()
			}
		}
	}
}

// The limit on a response counts decompressed bytes, and a response that is sent slowly ends with
// the context.
func TestHostileEndpoint(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/drip" {
			drops := time.NewTicker(time.Millisecond)
			defer drops.Stop()
			for {
				if _, err := io.WriteString(w, " "); err != nil || http.NewResponseController(w).Flush() != nil {
					return
				}
				<-drops.C
			}
		}
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		defer packed.Close()
		for zeros := bytes.Repeat([]byte(" "), 1<<20); ; {
			if _, err := packed.Write(zeros); err != nil {
				return
			}
		}
	}))
	defer srv.Close()
	for path, c := range map[string]struct {
		timeout time.Duration
		want    string
	}{"/bomb": {time.Minute, "more than 64 KiB"}, "/drip": {100 * time.Millisecond, context.DeadlineExceeded.Error()}} {
		s, err := NewClientCredentials(Config{ClientID: "id", ClientSecret: secret, TokenURL: srv.URL + path})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), c.timeout)
		if _, err := s.Token(ctx); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", path, err)
		}
		cancel()
		s.Close()
	}
}

func TestClientCredentialsInvalidConfig(t *testing.T) {
	for _, env := range []string{"ID", "SECRET"} {
		t.Setenv("SPOTIFY_CLIENT_"+env, "")
	}
	for name, c := range map[string]struct {
		config Config
		want   string
		login  bool // the error matches ErrCredentials
	}{
		"no id":                    {Config{ClientSecret: secret}, "set it, or SPOTIFY_CLIENT_ID", true},
		"no secret":                {Config{ClientID: "id"}, "set it, or SPOTIFY_CLIENT_SECRET", true},
		"line break in the secret": {Config{ClientID: "id", ClientSecret: secret + "\n" + secret}, "line break", true},
		"plain http": {
			Config{ClientID: "id", ClientSecret: secret, TokenURL: "http://accounts.spotify.com/api/token"}, "loopback", false,
		},
		"user in the URL": {
			Config{ClientID: "id", ClientSecret: secret, TokenURL: "https://u:" + secret + "@a.example"},
			"user information", false,
		},
		"no URL": {
			Config{ClientID: "id", ClientSecret: secret, TokenURL: "https://%zz" + secret}, "not a URL", false,
		},
		"no host": {Config{ClientID: "id", ClientSecret: secret, TokenURL: "/api/token"}, "absolute", false},
	} {
		_, err := NewClientCredentials(c.config)
		if !errors.Is(err, ErrInvalidArgument) || errors.Is(err, ErrCredentials) != c.login {
			t.Errorf("%s: %v", name, err)
		} else if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want ...%s...", name, err, c.want)
		}
	}
	t.Setenv("SPOTIFY_CLIENT_ID", "id")
	t.Setenv("SPOTIFY_CLIENT_SECRET", secret)
	if _, err := NewClientCredentials(Config{}); err != nil {
		t.Errorf("credentials from the environment: %v", err)
	}
}

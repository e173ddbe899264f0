package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

func TestAuth(t *testing.T) {
	atHome := func(u *url.URL) bool {
		return transport.SameOrigin(u, &url.URL{Scheme: "https", Host: "api.example.com"})
	}
	static := auth.Static("secret-token")
	for _, test := range []struct {
		name   string
		src    auth.TokenSource
		allow  func(*url.URL) bool
		url    string
		header http.Header
		call   transport.Secret
		want   []string // the Authorization header that arrives
	}{
		{name: "allowed", src: static, allow: atHome, url: "https://api.example.com/v1/x",
			want: []string{"Bearer secret-token"}},
		{name: "another host", src: static, allow: atHome, url: "https://evil.example/v1/x"},
		{name: "a subdomain", src: static, allow: atHome, url: "https://x.api.example.com/v1/x"},
		{name: "another port", src: static, allow: atHome, url: "https://api.example.com:8443/v1/x"},
		{name: "user information", src: static, allow: atHome, url: "https://api.example.com@evil.example/v1/x"},
		{name: "http", src: static, allow: anywhere, url: "http://api.example.com/v1/x"},
		{name: "ftp", src: static, allow: anywhere, url: "ftp://api.example.com/v1/x"},
		{name: "http to a loopback address", src: static, allow: anywhere, url: "http://127.0.0.1:8080/v1/x",
			want: []string{"Bearer secret-token"}},
		{name: "a host that begins like a loopback address", src: static, allow: anywhere,
			url: "http://127.0.0.1.evil.example/v1/x"},
		{name: "nil allow", src: static, url: "https://api.example.com/v1/x"},
		{name: "the caller's own header", src: static, allow: atHome, url: "https://api.example.com/v1/x",
			header: http.Header{"Authorization": {"Basic b3du"}}, want: []string{"Basic b3du"}},
		{name: "the caller's own header, in lower case", src: static, allow: atHome,
			url:    "https://api.example.com/v1/x",
			header: http.Header{"authorization": {"Basic b3du"}}, want: []string{"Basic b3du"}},
		{name: "the caller's own header, empty", src: static, allow: atHome, url: "https://api.example.com/v1/x",
			header: http.Header{"Authorization": nil}},
		{name: "the call's own token", src: static, allow: atHome, url: "https://api.example.com/v1/x",
			call: "mine", want: []string{"Bearer mine"}},
		{name: "the call's own token, another host", src: static, allow: atHome, url: "https://evil.example/v1/x",
			call: "mine"},
		{name: "the call's own token and header", src: static, allow: atHome, url: "https://api.example.com/v1/x",
			call:   "mine",
			header: http.Header{"Authorization": {"Basic b3du"}}, want: []string{"Basic b3du"}},
		{name: "nil source", allow: atHome, url: "https://api.example.com/v1/x"},
		{name: "nil source, the call's own token", allow: atHome, url: "https://api.example.com/v1/x", call: "mine",
			want: []string{"Bearer mine"}},
		{name: "no headers", src: static, allow: atHome, url: "https://api.example.com/v1/x", header: nil,
			want: []string{"Bearer secret-token"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var arrived []string
			base := respond(func(req *http.Request) (int, string) {
				for name, values := range req.Header {
					if strings.EqualFold(name, "Authorization") {
						arrived = append(arrived, values...)
					}
				}
				return 200, ""
			})
			req := newRequest(t, transport.WithCall(t.Context(), &transport.Call{Token: test.call}), "GET",
				test.url, "")
			req.Header = test.header
			before := fmt.Sprint(req.Header)
			resp, _, err := send(t, Auth(test.src, test.allow)(base), req)
			if err != nil || fmt.Sprint(arrived) != fmt.Sprint(test.want) {
				t.Errorf("Authorization %q arrived (%v), want %q", arrived, err, test.want)
			}
			if err == nil && resp.Request != req {
				t.Error("the response's Request is not the request that was sent")
			}
			if after := fmt.Sprint(req.Header); after != before {
				t.Errorf("the request's headers changed from %s to %s", before, after)
			}
		})
	}
}

func TestAuthErrors(t *testing.T) {
	refused := &auth.Error{Status: 400, Code: "invalid_grant"}
	source := func(tok *oauth2.Token, err error) auth.TokenSource {
		return sourceFunc(func(context.Context) (*oauth2.Token, error) { return tok, err })
	}
	for _, test := range []struct {
		name string
		src  auth.TokenSource
		call transport.Secret
		want error
	}{
		{"the error of the source", source(nil, fmt.Errorf("wrapped: %w", refused)), "", auth.ErrReauthorize},
		{"neither a token nor an error", source(nil, nil), "", auth.ErrCredentials},
		{"an empty token", source(&oauth2.Token{}, nil), "", auth.ErrCredentials},
		{"a line break", source(&oauth2.Token{AccessToken: "secret\r\nX-Evil: 1"}, nil), "", auth.ErrCredentials},
		{"a line break in the call's token", nil, "secret\r\nX-Evil: 1", auth.ErrCredentials},
		{"a NUL", auth.Static("secret\x00"), "", auth.ErrCredentials},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := &transporttest.Base{Script: []int{200}}
			closed := false
			req := newRequest(t, transport.WithCall(t.Context(), &transport.Call{Token: test.call}), "PUT",
				"https://api.example.com/x", "")
			req.Body = struct {
				*strings.Reader
				closerFunc
			}{strings.NewReader("body"), func() { closed = true }}
			resp, err := Auth(test.src, anywhere)(base).RoundTrip(req)
			if resp != nil || !errors.Is(err, test.want) {
				t.Fatalf("got %v, %v, want %v", resp, err, test.want)
			}
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "secret") ||
				strings.Contains(text, "Evil") {
				t.Errorf("the error contains the token: %s", text)
			}
			if !closed || len(base.Bodies()) > 0 {
				t.Error("the request was sent, or its body is still open")
			}
		})
	}
}

// Auth uses a new token of the source at once, and its own text does not contain the token.
func TestAuthUsesANewToken(t *testing.T) {
	src := &rotating{}
	var arrived []string
	rt := Auth(src, anywhere)(respond(func(req *http.Request) (int, string) {
		arrived = append(arrived, req.Header.Get("Authorization"))
		return 200, ""
	}))
	for range 2 {
		for range 2 {
			if _, _, err := send(t, rt, newRequest(t, t.Context(), "GET", "https://api.example.com/x",
				"")); err != nil {
				t.Fatal(err)
			}
		}
		src.Invalidate(&oauth2.Token{AccessToken: "token-1"})
	}
	if got := strings.Join(arrived, " "); got != "Bearer token-1 Bearer token-1 Bearer token-2 Bearer token-2" {
		t.Errorf("arrived: %s", got)
	}
	if text := fmt.Sprintf("%v %+v %#v", rt, rt, rt); strings.Contains(text, "token-") {
		t.Errorf("the text contains the token: %s", text)
	}
}

// Auth adds the token for the allowed origin only, also when http.Client follows a redirect.
func TestAuthRedirects(t *testing.T) {
	evil := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "%q", r.Header.Values("Authorization"))
	}))
	t.Cleanup(evil.Close)
	onWire(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret-token" {
			t.Errorf("the allowed origin got %q", r.Header.Get("Authorization"))
		}
		http.Redirect(w, r, evil.URL, http.StatusTemporaryRedirect)
	}, func(t *testing.T, base http.RoundTripper, home string) {
		own, _ := url.Parse(home)
		client := &http.Client{Transport: Auth(auth.Static("secret-token"),
			func(u *url.URL) bool { return transport.SameOrigin(u, own) })(base)}
		resp, err := client.Get(home)
		if err != nil {
			t.Fatal(err)
		}
		defer transport.Drain(resp)
		if got := string(transport.PeekBody(resp, 100, time.Minute)); got != "[]" {
			t.Errorf("the other origin got %s", got)
		}
	})
}

// Auth removes a token that a redirect's Location repeats, so http.Client does not send it to the
// other origin. The body and the other headers are left as the server sent them.
func TestSecurity1LocationWithTheToken(t *testing.T) {
	const secret = "an-access-token-of-32-characters"
	var elsewhere *http.Request
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		authorization := req.Header.Get("Authorization")
		body := io.NopCloser(strings.NewReader(authorization))
		resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: body, Request: req}
		if req.URL.Host == "api.example" {
			resp.StatusCode = 302
			resp.Header.Set("Location",
				"https://elsewhere.example/"+secret+"?token="+url.QueryEscape(authorization)+"&next=1")
			resp.Header.Set("X-Echo", secret)
		} else {
			elsewhere = req
		}
		return resp, nil
	})
	atHome := func(u *url.URL) bool { return u.Host == "api.example" }
	hc := &http.Client{Transport: Auth(auth.Static(secret), atHome)(base)}
	resp, err := hc.Get("https://api.example/v1/me")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if elsewhere == nil || elsewhere.URL.Query().Get("next") != "1" ||
		strings.Contains(elsewhere.URL.String()+elsewhere.Referer()+elsewhere.Header.Get("Authorization"), secret) {
		t.Errorf("the other origin got %v", elsewhere)
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err = hc.Get("https://api.example/v1/me")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "Bearer "+secret || resp.Header.Get("X-Echo") != secret {
		t.Errorf("%q, %q: want the body and the header as the server sent them", body, resp.Header.Get("X-Echo"))
	}
}

package spotify_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/transport"
)

func answer(status int, body string, header http.Header) *http.Response {
	ctx := transport.WithCall(context.Background(), &transport.Call{
		Operation: "get-an-album", Route: "/albums/{id}", Scopes: []string{"user-library-read"},
		Notice: "only the chosen few may call it",
	})
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://api.spotify.com/v1/albums/x?code=secret", nil)
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}
}

// TestDecodeErrorBodies decodes every form of error body that has been seen from the API, the
// Accounts service and proxies.
func TestDecodeErrorBodies(t *testing.T) {
	cases := map[string]struct {
		body            string
		message, reason string
	}{
		"as the reference has it": {`{"error":{"status":404,"message":"Resource not found"}}`, "Resource not found", ""},
		"with a reason": {
			`{"error":{"status":404,"message":"Player command failed","reason":"NO_ACTIVE_DEVICE"}}`,
			"Player command failed",
			"NO_ACTIVE_DEVICE",
		},
		"bare": {`{"status":403,"message":"Forbidden area"}`, "Forbidden area", ""},
		"OAuth": {
			`{"error":"invalid_grant","error_description":"Refresh token revoked"}`,
			"invalid_grant: Refresh token revoked",
			"",
		},
		"OAuth without a word": {`{"error":"invalid_client"}`, "invalid_client", ""},
		"status as text":       {`{"error":{"status":"400","message":"Invalid id"}}`, "Invalid id", ""},
		"plain text": {
			"User not registered in the Developer Dashboard\n",
			"User not registered in the Developer Dashboard",
			"",
		},
		"HTML": {
			"<html><head><title>502 Bad\nGateway</title></head><body>…</body></html>",
			"502 Bad Gateway",
			"",
		},
		"HTML without a title": {"<html><body>oops</body></html>", "", ""},
		"empty":                {"", "", ""},
		"null":                 {"null", "", ""},
		"a list":               {"[1,2]", "[1,2]", ""},
		"broken UTF-8":         {"bad \xff thing", "bad \ufffd thing", ""},
		"long":                 {strings.Repeat("x", 1000), strings.Repeat("x", 300) + "…", ""},
		"deep":                 {strings.Repeat("[", 20000), strings.Repeat("[", 300) + "…", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var e *spotify.Error
			if err := spotify.DecodeError(answer(404, tc.body, nil)); !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.Message != tc.message || e.Reason != tc.reason || e.Status != 404 || e.Path != "/albums/{id}" ||
				e.Operation != "get-an-album" {
				t.Errorf("got %+v", e)
			}
			if !strings.Contains(e.Error(), "GET /albums/{id}: 404 Not Found") || strings.Contains(e.Error(), "secret") ||
				strings.Contains(e.Error(), "\n") {
				t.Errorf("reads %q", e)
			}
		})
	}
}

func TestErrorMatchesItsStatus(t *testing.T) {
	all := map[error]func(status int) bool{
		spotify.ErrBadRequest:     func(s int) bool { return s == 400 },
		spotify.ErrAuthentication: func(s int) bool { return s == 401 },
		spotify.ErrForbidden:      func(s int) bool { return s == 403 },
		spotify.ErrNotFound:       func(s int) bool { return s == 404 },
		spotify.ErrRateLimited:    func(s int) bool { return s == 429 },
		spotify.ErrServer:         func(s int) bool { return s >= 500 },
	}
	for _, status := range []int{400, 401, 402, 403, 404, 405, 411, 413, 429, 500, 501, 502, 503, 504} {
		err := spotify.DecodeError(answer(status, "", nil))
		for sentinel, matches := range all {
			if got := errors.Is(err, sentinel); got != matches(status) {
				t.Errorf("errors.Is(%d, %v) = %v", status, sentinel, got)
			}
		}
		if errors.Is(err, spotify.ErrQuotaExceeded) {
			t.Errorf("%d without a reason is ErrQuotaExceeded", status)
		}
	}
	if err := spotify.DecodeError(answer(399, "", nil)); err != nil {
		t.Error("399 is an error:", err)
	}
}

func TestErrorNamesTheRemedy(t *testing.T) {
	limited := spotify.DecodeError(
		answer(
			429,
			`{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}`,
			http.Header{"Retry-After": {"7200"}},
		),
	)
	var e *spotify.Error
	if !errors.Is(limited, spotify.ErrQuotaExceeded) || !errors.Is(limited, spotify.ErrRateLimited) ||
		!errors.As(limited, &e) ||
		e.RetryAfter != 2*time.Hour {
		t.Errorf("got %+v", limited)
	}
	if text := limited.Error(); !strings.Contains(text, "2h0m0s") {
		t.Errorf("reads %q", text)
	}
	forbidden := spotify.DecodeError(answer(403, `{"error":{"status":403,"message":"Insufficient client scope"}}`, nil))
	for _, part := range []string{"Insufficient client scope", "only the chosen few", "user-library-read"} {
		if !strings.Contains(forbidden.Error(), part) {
			t.Errorf("%q does not say %q", forbidden, part)
		}
	}
}

func FuzzDecodeError(f *testing.F) {
	for _, seed := range []string{
		`{"error":{"status":404,"message":"x","reason":"y"}}`, `{"error":"a","error_description":"b"}`,
		"<title>x</title>", "", "null", `{"error":{"message":{}}}`,
	} {
		f.Add([]byte(seed), "3")
	}
	f.Fuzz(func(t *testing.T, body []byte, retryAfter string) {
		err := spotify.DecodeError(answer(429, string(body), http.Header{"Retry-After": {retryAfter}}))
		var e *spotify.Error
		if !errors.As(err, &e) || e.RetryAfter < 0 || len(e.Message) > 2000 || e.Error() == "" {
			t.Fatalf("%q: %+v", body, err)
		}
	})
}

func TestErrorText(t *testing.T) {
	refused := spotify.Error{Status: 403, Method: "GET", Path: "/me"}
	for want, change := range map[string]func(*spotify.Error){
		"spotify: GET /me: 403 Forbidden": func(*spotify.Error) {},
		"spotify: GET /me: 403 Forbidden: no (UNKNOWN)": func(e *spotify.Error) {
			e.Message, e.Reason = "no", "UNKNOWN"
		},
		"spotify: GET /me: 403 Forbidden; after 2 attempts in 1.5s": func(e *spotify.Error) {
			e.Attempts, e.Elapsed = 2, 1500*time.Millisecond
		},
		"spotify: GET /me: 403 Forbidden: Premium required (PREMIUM_REQUIRED)": func(e *spotify.Error) {
			e.Message, e.Reason, e.Scopes, e.Granted = "Premium required", "PREMIUM_REQUIRED", []string{"a"}, []string{"a"}
		},
		"spotify: GET /me: 403 Forbidden: unknown": func(e *spotify.Error) {
			e.Message, e.Scopes = "unknown", []string{"a"}
		},
		"spotify: GET /me: 403 Forbidden: one of two": func(e *spotify.Error) {
			e.Message, e.Scopes, e.Granted = "one of two", []string{"a", "b"}, []string{"b"}
		},
		"spotify: GET /me: 403 Forbidden: Insufficient client scope; the token lacks the scope a": func(e *spotify.Error) {
			e.Message, e.Scopes, e.Granted = "Insufficient client scope", []string{"a", "b"}, []string{"b"}
		},
		"spotify: GET /me: 403 Forbidden: Insufficient client scope; it takes the scope a": func(e *spotify.Error) {
			e.Message, e.Scopes = "Insufficient client scope", []string{"a"}
		},
		"spotify: GET /me: 403 Forbidden; the token lacks the scopes a, b": func(e *spotify.Error) {
			e.Scopes, e.Granted = []string{"a", "b"}, []string{}
		},
		"spotify: GET /me: 400 Bad Request: Invalid limit; an app in development mode gets pages of at most 10: " +
			"set Limit to 10 or less; with extended quota it is 50": func(e *spotify.Error) {
			e.Status, e.Message, e.Operation = 400, "Invalid limit", "search"
		},
		"spotify: GET /me: 400 Bad Request: Invalid limit": func(e *spotify.Error) {
			e.Status, e.Message, e.Operation = 400, "Invalid limit", "get-queue"
		},
		"spotify: GET /me: 404 Not Found (NO_ACTIVE_DEVICE); " +
			"start playback in a Spotify app, or name a device of Player.Devices in " +
			"DeviceParams.DeviceID": func(e *spotify.Error) {
			e.Status, e.Reason = 404, "NO_ACTIVE_DEVICE"
		},
		"spotify: GET /me: 511 Network Authentication Required; " +
			"the network wants a login: open any page in a browser": func(e *spotify.Error) { e.Status = 511 },
		"spotify: GET /me: 407 Proxy Authentication Required; " +
			"a proxy wants a user and a password in its URL, see HTTPS_PROXY": func(e *spotify.Error) { e.Status = 407 },
	} {
		e := refused
		if change(&e); e.Error() != want {
			t.Errorf("\n got %s\nwant %s", &e, want)
		}
	}
}

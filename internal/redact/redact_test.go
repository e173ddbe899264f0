package redact_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/transport"
)

func TestFaultsSecrets(t *testing.T) {
	s := redact.Of("a-long-secret", "short")
	s.KeepBasic("id", "client/secret+1")
	s.Add("rotated-1", "rotated-1-and-more")
	s.AddAuthorization("Bearer bearer-token")
	s.AddAuthorization("Basic " + base64.StdEncoding.EncodeToString([]byte("me:pass%2Fword")))
	for text, want := range map[string]string{
		"a-long-secret!":               "[redacted]!",
		"a short text":                 "a short text",
		"rotated-1-and-more":           "[redacted]",
		"rotated-1 rotated-1-and-more": "[redacted] [redacted]",
		"x=" + url.QueryEscape("client/secret+1") + "&y":                                               "x=[redacted]&y",
		"Basic " + base64.StdEncoding.EncodeToString([]byte("id:client/secret+1")):                     "Basic [redacted]",
		"Basic " + base64.StdEncoding.EncodeToString([]byte("id:"+url.QueryEscape("client/secret+1"))): "Basic [redacted]",

		"bearer-token, pass/word, pass%2Fword": "[redacted], [redacted], [redacted]",
	} {
		if got := s.Remove(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for i := range 200 {
		s.Add(fmt.Sprintf("access-token-%d", i))
	}
	if got := s.Remove(
		"a-long-secret access-token-199 access-token-150 access-token-0",
	); got != "[redacted] [redacted] [redacted] access-token-0" {
		t.Errorf("after 200 tokens: %q", got)
	}
	if got := fmt.Sprintf("%v %+v %#v %s %x", s, s, s, s, s); strings.Contains(got, "secret") ||
		got != strings.Join([]string{redact.Mark, redact.Mark, redact.Mark, redact.Mark, redact.Mark}, " ") {
		t.Error(got)
	}
	var none *redact.Secrets
	if got := none.Remove("a-long-secret"); got != "a-long-secret" {
		t.Error(got)
	}
}

func TestURL(t *testing.T) {
	shown := func(name string) bool { return name != "market" }
	for given, want := range map[string]string{
		"https://u:p@x.example/a?code=c&limit=5&market=SE#f": "https://x.example/a?code=[redacted]&limit=5&market=[redacted]",
		"https://x.example/?CODE=c&a;b=1&lonely":             "https://x.example/?CODE=[redacted]&[redacted]&[redacted]",
		"mailto:someone":                                     "mailto:[redacted]",
	} {
		u, err := url.Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		if got := redact.URL(u, shown); got != want {
			t.Errorf("%s became %s, want %s", given, got, want)
		}
	}
	if redact.URL(nil, nil) != "" || redact.Query("a=b", nil) != "a=[redacted]" {
		t.Error("nil")
	}
	for _, name := range redact.Names() {
		if !redact.IsSecretName(strings.ToUpper(name)) {
			t.Error(name)
		}
	}
	for _, name := range redact.Headers() {
		if !redact.IsSecretHeader(strings.ToLower(name)) {
			t.Error(name)
		}
	}
}

// TestFaultsCutSecrets: a truncated secret is removed at the end of a text and before "…".
func TestFaultsCutSecrets(t *testing.T) {
	s := redact.Of("a-long/secret", "another-one")
	for text, want := range map[string]string{
		"the token a-long/s":               "the token [redacted]",
		"[a-long/secre…]: want JSON":       "[[redacted]…]: want JSON",
		"another-on… and a-long/secr":      "[redacted]… and [redacted]",
		"a-long/ is too short to be told…": "a-long/ is too short to be told…",
		`{"message":"a-long\/secret"}`:     `{"message":"[redacted]"}`,
		"a-long/secret":                    "[redacted]",
		"…":                                "…",
	} {
		if got := s.Remove(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://x.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header["authorization"] = []string{"Bearer of-the-request"}
	if got := redact.OfRequest(req).Remove("of-the-request"); got != redact.Mark {
		t.Errorf("%q, want the request's own token removed", got)
	}
	if got := redact.OfRequest(nil).Remove("a text"); got != "a text" {
		t.Error(got)
	}
}

// TestSecurity7QuotedErrors: an error that quotes a secret is replaced by one without it that leads
// to the same retry decision; every other error is returned unchanged.
func TestSecurity7QuotedErrors(t *testing.T) {
	remove := redact.Of("a-long-secret").Remove
	sentinel, other := errors.New("a sentinel"), errors.New("another one")
	plain := fmt.Errorf("reset: %w", sentinel)
	if err := redact.Error(plain, remove); err != plain || redact.Error(nil, remove) != nil {
		t.Errorf("%v, want the error as it was", err)
	}
	dial := &net.OpError{Op: "dial", Err: errors.New("a-long-secret")}
	for name, err := range map[string]error{
		"wrapped":   fmt.Errorf("a-long-secret: %w", sentinel),
		"ended":     fmt.Errorf("a-long-secret: %w", context.DeadlineExceeded),
		"cut":       fmt.Errorf("a-long-secret: %w", io.ErrUnexpectedEOF),
		"dial":      dial,
		"permanent": transport.Permanent(errors.New("a-long-secret")),
	} {
		got := redact.Error(err, remove, sentinel)
		if held := (testutil.Secrets{"a-long-secret"}).HeldBy(got); held != "" ||
			!strings.Contains(got.Error(), redact.Mark) {
			t.Errorf("%s: %v holds the secret", name, got)
		}
		for _, target := range []error{sentinel, other, context.DeadlineExceeded, context.Canceled, io.ErrUnexpectedEOF} {
			if errors.Is(got, target) != errors.Is(err, target) {
				t.Errorf("%s: Is(%v) is %v", name, target, errors.Is(got, target))
			}
		}
		if transport.NotSent(got) != transport.NotSent(err) || transport.IsTransient(got) != transport.IsTransient(err) ||
			transport.IsTimeout(got) != transport.IsTimeout(err) || transport.IsPermanent(got) != transport.IsPermanent(err) {
			t.Errorf("%s: %v is classified differently from the error that it replaces", name, got)
		}
	}
}

func TestEnds(t *testing.T) {
	long := strings.Repeat("a", 300) + strings.Repeat("é", 300)
	got := redact.Ends(long, 100)
	if !strings.HasPrefix(got, "aaaa") || !strings.HasSuffix(got, "é") || !strings.Contains(got, "…") || len(got) > 103 {
		t.Errorf("%d bytes: %s", len(got), got)
	}
	if got := redact.Ends("short\ntext", 100); got != "short text" {
		t.Error(got)
	}
}

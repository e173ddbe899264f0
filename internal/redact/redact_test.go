package redact_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/redact"
)

func TestFaultsK8Secrets(t *testing.T) {
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
		"bearer-token, pass/word, pass%2Fword":                                                         "[redacted], [redacted], [redacted]",
	} {
		if got := s.Remove(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for i := range 200 {
		s.Add(fmt.Sprintf("access-token-%d", i))
	}
	if got := s.Remove("a-long-secret access-token-199 access-token-150 access-token-0"); got != "[redacted] [redacted] [redacted] access-token-0" {
		t.Errorf("after 200 tokens: %q", got)
	}
	if got := fmt.Sprintf("%v %+v %#v %s %x", s, s, s, s, s); strings.Contains(got, "secret") || got != strings.Join([]string{redact.Mark, redact.Mark, redact.Mark, redact.Mark, redact.Mark}, " ") {
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

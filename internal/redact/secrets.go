package redact

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Secrets are values to take out of texts: those of one token source, or of one request. Secrets
// are safe for concurrent use and print as "[redacted]"; nil has no values.
type Secrets struct {
	mu     sync.Mutex
	kept   []string // permanent; with encoded forms
	recent []string // oldest first
}

// mostRecent bounds the values of Add: two tokens for each of about 30 refreshes, with their
// encoded forms where those differ.
const mostRecent = 64

// Of returns Secrets with permanent values.
func Of(values ...string) *Secrets {
	s := &Secrets{}
	s.Keep(values...)
	return s
}

// Clone returns Secrets with the same values.
func (s *Secrets) Clone() *Secrets {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Secrets{kept: slices.Clone(s.kept), recent: slices.Clone(s.recent)}
}

// Keep adds values of 8 bytes or more, and their encoded forms in URLs and JSON, permanently.
func (s *Secrets) Keep(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, s.unknown(values)...)
}

// Add adds values of 8 bytes or more, and their encoded forms in URLs and JSON, until 64 newer ones
// are added.
func (s *Secrets) Add(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent = append(s.recent, s.unknown(values)...)
	s.recent = slices.Delete(s.recent, 0, max(0, len(s.recent)-mostRecent))
}

func (s *Secrets) unknown(values []string) []string {
	var forms []string
	for _, value := range values {
		for _, form := range []string{
			value, url.QueryEscape(value), url.PathEscape(value), strings.ReplaceAll(value, "/", `\/`),
		} {
			if len(value) >= shortest && !slices.Contains(forms, form) && !slices.Contains(s.kept, form) &&
				!slices.Contains(s.recent, form) {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

// KeepBasic adds a client id and secret permanently, in every form of a Basic Authorization header
// (RFC 7617, RFC 6749 section 2.3.1).
func (s *Secrets) KeepBasic(id, secret string) {
	if secret == "" {
		return
	}
	s.Keep(secret)
	for _, pair := range []string{id + ":" + secret, url.QueryEscape(id) + ":" + url.QueryEscape(secret)} {
		s.Keep(base64.StdEncoding.EncodeToString([]byte(pair)), base64.RawStdEncoding.EncodeToString([]byte(pair)),
			base64.URLEncoding.EncodeToString([]byte(pair)), base64.RawURLEncoding.EncodeToString([]byte(pair)))
	}
}

// AddAuthorization adds the value of an Authorization header, with and without its scheme.
func (s *Secrets) AddAuthorization(value string) {
	scheme, credentials, ok := strings.Cut(value, " ")
	if !ok {
		s.Add(value)
		return
	}
	s.Add(credentials)
	if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil && strings.EqualFold(scheme, "Basic") {
		if _, secret, ok := strings.Cut(string(pair), ":"); ok {
			plain, err := url.QueryUnescape(secret)
			s.Add(secret)
			if err == nil {
				s.Add(plain)
			}
		}
	}
}

// OfRequest returns the secrets in a request's Authorization header.
func OfRequest(req *http.Request) *Secrets {
	s := &Secrets{}
	if req == nil {
		return s
	}
	for name, values := range req.Header {
		if strings.EqualFold(name, "Authorization") {
			for _, value := range values {
				s.AddAuthorization(value)
			}
		}
	}
	return s
}

// Remove returns text without the secrets. If text was truncated at its end or before "…", the
// first 8 or more bytes of a secret are removed there too. The end of a secret after a cut is not
// found: call Remove before the middle of a text is left out.
func (s *Secrets) Remove(text string) string {
	if s == nil {
		return text
	}
	s.mu.Lock()
	known := slices.Concat(s.kept, s.recent)
	s.mu.Unlock()
	// A secret can be the prefix of another one: the longest is replaced first.
	slices.SortStableFunc(known, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, secret := range known {
		text = strings.ReplaceAll(text, secret, Mark)
	}
	pieces := strings.Split(text, cut)
	for i, piece := range pieces {
		for _, secret := range known {
			if n := overlap(piece, secret); n > 0 {
				pieces[i] = piece[:len(piece)-n] + Mark
				break
			}
		}
	}
	return strings.Join(pieces, cut)
}

// overlap returns how many bytes at the end of text are the beginning of a secret; 0 if they are
// fewer than shortest.
func overlap(text, secret string) int {
	for n := min(len(text), len(secret)-1); n >= shortest; n-- {
		if strings.HasSuffix(text, secret[:n]) {
			return n
		}
	}
	return 0
}

// String hides the secrets.
func (*Secrets) String() string { return Mark }

// Format hides the secrets from every verb.
func (*Secrets) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, Mark) }

// LogValue hides the secrets from structured logs.
func (*Secrets) LogValue() slog.Value { return slog.StringValue(Mark) }

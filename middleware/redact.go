package middleware

// redact.go takes the secrets out of what Log writes: what is not known to be harmless in a URL, and what is known to be secret elsewhere.

import (
	"log/slog"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const redacted = "[redacted]"

// secretHeaders and secretParameters are never written, whatever the configuration says (RFC 6749, RFC 6750, RFC 7636).
var (
	secretHeaders    = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"}
	secretParameters = []string{
		"access_token", "refresh_token", "id_token", "token", "code", "code_verifier", "state",
		"client_secret", "client_assertion", "assertion", "password",
	}
)

type redactor struct {
	hidden map[string]bool // headers, in their canonical form
	shown  map[string]bool // query parameters
	urls   *regexp.Regexp
}

func newRedactor(headers, query []string) *redactor {
	r := &redactor{hidden: map[string]bool{}, shown: map[string]bool{}, urls: regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s"'<>\\]+`)}
	for _, name := range slices.Concat(secretHeaders, headers) {
		r.hidden[textproto.CanonicalMIMEHeaderKey(name)] = true
	}
	for _, name := range query {
		r.shown[name] = !slices.Contains(secretParameters, strings.ToLower(name))
	}
	return r
}

// url prints a URL without user information, fragment and the query's values, but for those that may be shown.
func (r *redactor) url(u *url.URL) string {
	if u == nil {
		return ""
	}
	shown := *u
	shown.User, shown.Fragment, shown.RawFragment = nil, "", ""
	if shown.Opaque != "" {
		shown.Opaque = redacted
	}
	shown.RawQuery = r.query(u.RawQuery)
	return shown.String()
}

func (r *redactor) query(raw string) string {
	if raw == "" {
		return ""
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, _, hasValue := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		switch {
		case !hasValue || err != nil || strings.Contains(pair, ";"): // a value without a name, or what some take for several pairs
			pairs[i] = redacted
		case !r.shown[plain]:
			pairs[i] = name + "=" + redacted
		}
	}
	return strings.Join(pairs, "&")
}

// headers prints all of them, sorted, with the values of those that are secret left out.
func (r *redactor) headers(key string, h http.Header, req *http.Request) slog.Attr {
	attrs := make([]any, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := redacted
		if !r.hidden[textproto.CanonicalMIMEHeaderKey(name)] {
			value = r.text(strings.Join(h[name], ", "), req)
		}
		attrs = append(attrs, slog.String(name, value))
	}
	return slog.Group(key, attrs...)
}

// error prints an error that may quote the request.
func (r *redactor) error(err error, req *http.Request) string { return r.text(err.Error(), req) }

// text leaves out what a text says that the request's secret headers and query say, and whatever is secret in a URL.
func (r *redactor) text(text string, req *http.Request) string {
	for name, values := range req.Header {
		if r.hidden[textproto.CanonicalMIMEHeaderKey(name)] {
			for _, v := range values {
				text = withoutSecret(text, v)
			}
		}
	}
	text = r.urls.ReplaceAllStringFunc(text, func(found string) string {
		u, err := url.Parse(found)
		if err != nil {
			return redacted
		}
		return r.url(u)
	})
	if req.URL != nil && req.URL.RawQuery != "" {
		text = strings.ReplaceAll(text, "?"+req.URL.RawQuery, "?"+r.query(req.URL.RawQuery))
	}
	return text
}

// withoutSecret takes a header's value out of a text, whole or without its scheme ("Bearer").
func withoutSecret(text, value string) string {
	if _, credentials, ok := strings.Cut(value, " "); ok && credentials != "" {
		value = credentials
	}
	if value == "" {
		return text
	}
	return strings.ReplaceAll(text, value, redacted)
}

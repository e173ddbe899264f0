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

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

type redactor struct {
	hidden map[string]bool // headers, in their canonical form
	shown  map[string]bool // query parameters
	urls   *regexp.Regexp
}

func newRedactor(headers, query []string) *redactor {
	r := &redactor{hidden: map[string]bool{}, shown: map[string]bool{}, urls: regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s"'<>\\]+`)}
	for _, name := range slices.Concat(redact.Headers(), headers) {
		r.hidden[textproto.CanonicalMIMEHeaderKey(name)] = true
	}
	for _, name := range query {
		r.shown[name] = true
	}
	return r
}

// url prints a URL without user information, fragment and the query's values, except for those that
// may be shown.
func (r *redactor) url(u *url.URL) string { return redact.URL(u, r.show) }

func (r *redactor) show(name string) bool { return r.shown[name] }

// headers prints all of them, sorted, with the values of those that are secret left out.
func (r *redactor) headers(key string, h http.Header, req *http.Request) slog.Attr {
	attrs := make([]any, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := redact.Mark
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
	secrets := &redact.Secrets{}
	for name, values := range req.Header {
		if r.hidden[textproto.CanonicalMIMEHeaderKey(name)] {
			for _, v := range values {
				secrets.AddAuthorization(v)
			}
		}
	}
	text = transport.CallFrom(req.Context()).Report.Redact(secrets.Remove(text))
	text = r.urls.ReplaceAllStringFunc(text, func(found string) string {
		u, err := url.Parse(found)
		if err != nil {
			return redact.Mark
		}
		return r.url(u)
	})
	if req.URL != nil && req.URL.RawQuery != "" {
		text = strings.ReplaceAll(text, "?"+req.URL.RawQuery, "?"+redact.Query(req.URL.RawQuery, r.show))
	}
	return text
}

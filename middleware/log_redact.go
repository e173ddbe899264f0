package middleware

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

// redactor removes secrets from the text that Log writes.
type redactor struct {
	hidden map[string]bool // headers, in canonical form
	shown  map[string]bool // query parameters
	urls   *regexp.Regexp
}

func newRedactor(headers, query []string) *redactor {
	r := &redactor{hidden: map[string]bool{}, shown: map[string]bool{}, urls: regexp.MustCompile(urlPattern)}
	for _, name := range slices.Concat(redact.Headers(), headers) {
		r.hidden[textproto.CanonicalMIMEHeaderKey(name)] = true
	}
	for _, name := range query {
		r.shown[name] = true
	}
	return r
}

// url returns a URL without user information and fragment, and with the values of the query
// parameters redacted that are not in shown.
func (r *redactor) url(u *url.URL) string { return redact.URL(u, r.show) }

func (r *redactor) show(name string) bool { return r.shown[name] }

// headers returns all headers, sorted by name, with the values of secret ones redacted.
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

// error returns the text of an error, which may quote the request, without secrets.
func (r *redactor) error(err error, req *http.Request) string { return r.text(err.Error(), req) }

// text returns a text without the values of the request's secret headers and query parameters, and
// with the URLs in it redacted as by url.
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

package otelspotify

import (
	"net/url"
	"strings"

	"github.com/seed-2147f1a9/spotify/middleware"
)

// redacted is the text that OpenTelemetry's conventions put in the place of a secret.
const redacted = "REDACTED"

// harmless reports whether the values of a query parameter say nothing about a person: no id, no
// search text.
func harmless(name string) bool {
	switch name {
	case "limit", "offset", "market", "type", "fields":
		return true
	}
	return false
}

// fullURL returns the URL of a request without secrets and, unless the observer shows them, without
// ids.
func (o *Observer) fullURL(e middleware.Event) string {
	if o.showIDs {
		return e.URL(func(string) bool { return true })
	}
	text := e.URL(harmless)
	u, err := url.Parse(text)
	if err != nil {
		return redacted
	}
	address := u.Scheme + "://" + u.Host + e.Path(redacted)
	if u.RawQuery != "" {
		address += "?" + strings.ReplaceAll(u.RawQuery, "[redacted]", redacted)
	}
	return address
}

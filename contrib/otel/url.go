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
	path, _ := splitPath(u.EscapedPath(), e.Route)
	address := u.Scheme + "://" + u.Host + path
	if u.RawQuery != "" {
		address += "?" + strings.ReplaceAll(u.RawQuery, "[redacted]", redacted)
	}
	return address
}

// withoutIDs returns the text of an error without the ids of the request's path, unless the
// observer shows them.
func (o *Observer) withoutIDs(text string, e middleware.Event) string {
	if o.showIDs {
		return text
	}
	u, err := url.Parse(e.URL(nil))
	if err != nil {
		return redacted
	}
	_, ids := splitPath(u.EscapedPath(), e.Route)
	for _, id := range ids {
		text = strings.ReplaceAll(text, id, redacted)
		if plain, err := url.PathUnescape(id); err == nil && plain != id {
			text = strings.ReplaceAll(text, plain, redacted)
		}
	}
	return text
}

// splitPath returns a path with "REDACTED" for what the placeholders of its route stand for, and
// what stood there. The route is the end of the path. In a path of an unknown route every part
// could be an id.
func splitPath(path, route string) (public string, ids []string) {
	parts, pattern := strings.Split(path, "/"), strings.Split(strings.TrimPrefix(route, "/"), "/")
	if route == "" || len(parts) < len(pattern) {
		pattern = make([]string, len(parts)) // nothing of the path is known
	}
	base := len(parts) - len(pattern)
	for i, part := range parts[base:] {
		if part != "" && part != pattern[i] {
			ids = append(ids, part)
			parts[base+i] = redacted
		}
	}
	return strings.Join(parts, "/"), ids
}

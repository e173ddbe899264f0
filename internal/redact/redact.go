// Package redact takes secrets out of texts, URLs and headers, and makes foreign text printable,
// for errors, logs and terminals. It has the one list of the names of secrets.
package redact

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Mark replaces a secret.
const Mark = "[redacted]"

// shortest is the minimum length in bytes of a value that is searched for in other texts. Spotify's
// secrets are longer; a shorter one, such as a test's token "x", occurs in ordinary words.
const shortest = 8

var (
	secretHeaders = []string{"Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie"}
	// RFC 6749, RFC 6750, RFC 7523 and RFC 7636.
	secretNames = []string{
		"access_token", "assertion", "client_assertion", "client_secret", "code", "code_verifier", "id_token", "password",
		"refresh_token", "state", "token",
	}
)

// Headers returns the canonical names of the headers that carry secrets.
func Headers() []string { return slices.Clone(secretHeaders) }

// Names returns the names of the query parameters, form fields and JSON members that carry secrets.
func Names() []string { return slices.Clone(secretNames) }

// IsSecretHeader reports whether a header carries a secret.
func IsSecretHeader(name string) bool {
	return slices.Contains(secretHeaders, http.CanonicalHeaderKey(name))
}

// IsSecretName reports whether a query parameter, form field or JSON member carries a secret.
func IsSecretName(name string) bool { return slices.Contains(secretNames, strings.ToLower(name)) }

// URL returns a URL's text without user information, fragment and the values of its query, except
// for the parameters that shown reports.
func URL(u *url.URL, shown func(name string) bool) string {
	if u == nil {
		return ""
	}
	clean := *u
	clean.User, clean.Fragment, clean.RawFragment = nil, "", ""
	if clean.Opaque != "" {
		clean.Opaque = Mark
	}
	clean.RawQuery = Query(u.RawQuery, shown)
	return clean.String()
}

// Query returns an encoded query without its values, except for the parameters that shown reports.
// A secret's name is never shown.
func Query(raw string, shown func(name string) bool) string {
	if raw == "" {
		return ""
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, _, hasValue := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		switch {
		// a value without a name, or several pairs to some readers
		case !hasValue || err != nil || strings.Contains(pair, ";"):
			pairs[i] = Mark
		case IsSecretName(plain) || shown == nil || !shown(plain):
			pairs[i] = name + "=" + Mark
		}
	}
	return strings.Join(pairs, "&")
}

package transport

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Gate returns a middleware that passes requests to the origin of base (scheme, host and port) to
// the next one, and sends all others through outside. The middlewares below Gate never see a
// redirect, an image or a hostile link to another origin, so it gets no token.
func Gate(base *url.URL, outside http.RoundTripper) Middleware {
	home := *base
	return func(next http.RoundTripper) http.RoundTripper {
		return RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if req.URL != nil && SameOrigin(&home, req.URL) {
				return next.RoundTrip(req)
			}
			return outside.RoundTrip(req)
		})
	}
}

// SameOrigin reports whether two URLs have the same scheme, host and port (RFC 6454 section 5), a
// scheme's default port being the same as none. A URL with user information has
// no origin in common with any: `https://api.example@evil` is a known way to imitate one.
func SameOrigin(a, b *url.URL) bool {
	if a.User != nil || b.User != nil {
		return false
	}
	if a.Scheme == b.Scheme && a.Host == b.Host { // nearly every request
		return a.Host != ""
	}
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && a.Hostname() != "" &&
		port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	switch strings.ToLower(u.Scheme) {
	case "https":
		return "443"
	case "http":
		return "80"
	}
	return ""
}

// IsLoopback reports whether a URL's host is this machine: localhost, 127.0.0.0/8 or ::1. A token
// is sent over plain http only there.
func IsLoopback(u *url.URL) bool {
	addr, err := netip.ParseAddr(u.Hostname())
	return err == nil && addr.IsLoopback() || strings.EqualFold(u.Hostname(), "localhost")
}

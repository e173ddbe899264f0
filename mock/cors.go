package mock

import (
	"net/http"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// crossOrigin are the headers with which programs in a browser may read a response. They may read
// Retry-After, which is not among the headers that every script can read.
var crossOrigin = http.Header{
	"Access-Control-Allow-Origin":   {"*"},
	"Access-Control-Expose-Headers": {"Retry-After"},
}

// isCrossOrigin reports whether a request comes from a page of another origin and is for something
// that such pages may read: everything except /authorize, which is a page of its own.
func (in *request) isCrossOrigin() bool {
	return in.header.Get("Origin") != "" && !strings.HasPrefix(in.path, "/authorize")
}

// isPreflight reports whether a browser asks whether a page may send a request (CORS).
func (in *request) isPreflight() bool {
	return in.method == http.MethodOptions && in.isCrossOrigin() &&
		in.header.Get("Access-Control-Request-Method") != ""
}

// preflight permits every request of the Web API and of /api/token. The browser asks again after a
// week.
func preflight() wire.Response {
	r := wire.Response{Status: http.StatusNoContent, Header: http.Header{
		"Access-Control-Allow-Methods": {"GET, POST, OPTIONS, PUT, DELETE, PATCH"},
		"Access-Control-Allow-Headers": {"Accept, Authorization, Content-Type, If-None-Match, Origin"},
		"Access-Control-Max-Age":       {"604800"},
	}}
	return r.With(crossOrigin)
}

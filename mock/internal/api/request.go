package api

import (
	"net/http"
	"net/url"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Request is a request to the Web API whose route, body and user are known.
type Request struct {
	Op     *operations.Operation
	Base   string            // begins all links, such as "https://api.spotify.com/v1"
	Vars   map[string]string // path parameters, unescaped
	Query  url.Values
	Header http.Header
	Body   []byte
	Length int64    // Content-Length as sent, -1 if chunked
	User   string   // the user of the token; empty for a token without a user (client credentials)
	Scopes []string // the scopes of the token; nil for all
	Now    time.Time
}

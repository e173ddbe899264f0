package api

import (
	"net/http"
	"net/url"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// exchange is one request to the Web API as the world sees it: routed, its body read, its sender known.
type Request struct {
	Op     *operations.Operation
	Base   string            // what addresses in the answer begin with, as the sender sees the API: "https://api.spotify.com/v1"
	Vars   map[string]string // path parameters, unescaped
	Query  url.Values
	Header http.Header
	Body   []byte
	Length int64    // Content-Length as sent, -1 if chunked
	User   string   // whose data it is about; empty for a token without a user (client credentials)
	Scopes []string // what the token was granted; nil for a token of which nothing is known, which may do everything
	Now    time.Time
}

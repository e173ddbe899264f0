package mock

import (
	"net/http"
	"net/url"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// exchange is one request to the Web API as the world sees it: routed, its body read, its sender known.
type exchange struct {
	op     *operations.Operation
	base   string            // what addresses in the answer begin with, as the sender sees the API: "https://api.spotify.com/v1"
	vars   map[string]string // path parameters, unescaped
	query  url.Values
	header http.Header
	body   []byte
	length int64    // Content-Length as sent, -1 if chunked
	user   string   // whose data it is about; empty for a token without a user (client credentials)
	scopes []string // what the token was granted; nil for a token of which nothing is known, which may do everything
	now    time.Time
}

// answer is what the world says to an exchange: body is JSON-encoded unless it is nil, a string or a []byte.
type answer struct {
	status int
	header http.Header
	body   any
}

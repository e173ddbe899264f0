package mock

import (
	"net/http"
	"strconv"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/api"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// refusal is an error as the Web API writes it. An empty reason is left out.
func refusal(status int, message, reason string) wire.Response {
	p := api.Problem(status, message, reason)
	r, err := wire.New(p.Status, p.Body)
	if err != nil {
		panic(err) // only for a status that no caller here has
	}
	return r
}

// tooMany is the 429 of the rolling window, without a Retry-After if after is negative.
func tooMany(after time.Duration) wire.Response {
	r := refusal(http.StatusTooManyRequests, "API rate limit exceeded", "")
	if after >= 0 {
		seconds := (after + time.Second - 1) / time.Second
		r.Header.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	return r
}

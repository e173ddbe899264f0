package spotify

import (
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// CallOption is a setting of the calls that are made with one context.
type CallOption func(*transport.Call)

// WithCall returns a context with settings for the calls that are made with it, added to those of
// ctx:
//
//	var meta spotify.Captured
//	ctx = spotify.WithCall(ctx, spotify.NoRetry(), spotify.Capture(&meta))
//	album, err := client.Albums.Get(ctx, id, nil)
func WithCall(ctx context.Context, opts ...CallOption) context.Context {
	call := *transport.CallFrom(ctx)
	for _, opt := range opts {
		opt(&call)
	}
	return transport.WithCall(ctx, &call)
}

// Captured is a response as it was received: status code, headers and body.
type Captured = transport.Captured

// Capture copies the response of a call into into, also if the call returns an *Error. It also
// records where the time of the call went, see Captured.Timeline. Several calls with the context
// overwrite it; do not share it between concurrent calls.
func Capture(into *Captured) CallOption { return func(c *transport.Call) { c.Capture = into } }

// Total stores the number of items of a list into into: before an All… iterator yields the first
// item, and again with each page, as lists grow. 0 means that Spotify does not say.
//
//	var total int
//	n := 0
//	ctx = spotify.WithCall(ctx, spotify.Total(&total))
//	for track, err := range client.Tracks.AllSaved(ctx, nil) {
//		n++
//		fmt.Printf("%d of %d: %s\n", n, total, track.Track.Name)
//	}
//
// The iterating goroutine stores it. Do not share it between concurrent iterators.
func Total(into *int) CallOption { return func(c *transport.Call) { c.Total = into } }

// NoRetry turns retries of a call off. A replay with a new token after a 401 remains.
func NoRetry() CallOption { return func(c *transport.Call) { c.NoRetry = true } }

// Token authorizes a call with an access token in place of the client's, so that one client serves
// many users. The token is not refreshed. A token that a header cannot carry fails the call with
// ErrCredentials.
func Token(accessToken string) CallOption {
	return func(c *transport.Call) { c.Token = transport.Secret(accessToken) }
}

// MaxWait bounds the time that a call waits for a permit of the limiter. A call that would have to
// wait longer is not sent and fails at once with ErrRateLimited.
func MaxWait(d time.Duration) CallOption { return func(c *transport.Call) { c.MaxWait = d } }

// Bulk gives a call the lowest priority in the limiter's queue. The calls of All… iterators and of
// GetMany have it by default.
func Bulk() CallOption { return func(c *transport.Call) { c.Priority = transport.PriorityBulk } }

// Interactive gives a call, or the calls of an iterator or of GetMany, the highest priority in the
// limiter's queue: a person waits for them.
func Interactive() CallOption {
	return func(c *transport.Call) { c.Priority = transport.PriorityInteractive }
}

package spotify

import (
	"context"
	"net/http"
	"net/url"
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
		if opt != nil {
			opt(&call)
		}
	}
	return transport.WithCall(ctx, &call)
}

// Captured is a response as it was received: status code, headers and body. Its method Timeline
// shows where the time of the call went.
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

// Progress is how far an iterator has come, with an estimate of the time that remains.
type Progress = transport.Progress

// TrackProgress makes an All… iterator update into before each item: the number of items so far, of
// all items, and an estimate of the remaining time.
//
//	var progress spotify.Progress
//	ctx = spotify.WithCall(ctx, spotify.TrackProgress(&progress))
//	for item, err := range client.Playlists.AllItems(ctx, id, nil) {
//		fmt.Printf("\r%v", &progress) // 450 of 1200, 12s left
//	}
//
// The iterating goroutine updates it. Do not share it between concurrent iterators.
func TrackProgress(into *Progress) CallOption { return func(c *transport.Call) { c.Progress = into } }

// Header adds a header field to the request of a service method or of Do, or replaces the one that
// it has. Several values of one name are added by several options. A name or a value that a header
// cannot carry, and a field that net/http sets itself, such as Host, fail the call with
// ErrInvalidArgument. An Authorization field takes the place of the client's token.
func Header(name, value string) CallOption {
	return func(c *transport.Call) {
		header := c.Header.Clone() // which the context before has, too
		if header == nil {
			header = http.Header{}
		}
		header.Add(name, value)
		c.Header = header
	}
}

// Query adds a query parameter to the request of a service method or of Do, for one that the method
// does not know. It does not replace a parameter that the method sends.
func Query(name, value string) CallOption {
	return func(c *transport.Call) {
		query := url.Values(http.Header(c.Query).Clone())
		if query == nil {
			query = url.Values{}
		}
		query.Add(name, value)
		c.Query = query
	}
}

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

package spotify

import (
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// CallOption is a setting for the calls made with one context.
type CallOption func(*transport.Call)

// WithCall returns a context whose calls have the settings given, on top of those ctx has already:
//
//	var meta spotify.Captured
//	album, err := client.Albums.Get(spotify.WithCall(ctx, spotify.NoRetry(), spotify.Capture(&meta)), id, nil)
func WithCall(ctx context.Context, opts ...CallOption) context.Context {
	call := *transport.CallFrom(ctx)
	for _, opt := range opts {
		opt(&call)
	}
	return transport.WithCall(ctx, &call)
}

// Captured is one answer as it came: status, headers, raw body.
type Captured = transport.Captured

// Capture copies the answer of a call into into; of several calls with the same context, the last one's. It is filled when the call returns, also with an *Error.
// Do not share it between calls that run at the same time.
func Capture(into *Captured) CallOption { return func(c *transport.Call) { c.Capture = into } }

// Total stores how many items a list has, 0 if Spotify does not say, for the All… iterators: before
// the first item, and again with each page, as lists grow.
//
//	var total int
//	n := 0
//	for track, err := range client.Tracks.AllSaved(spotify.WithCall(ctx, spotify.Total(&total)), nil) {
//		n++
//		fmt.Printf("%d of %d: %s\n", n, total, track.Track.Name)
//	}
//
// It is stored by the goroutine that iterates. Do not share it between iterators that run at the
// same time.
func Total(into *int) CallOption { return func(c *transport.Call) { c.Total = into } }

// NoRetry sends a call once, whatever happens; only the replay after a refused token remains.
func NoRetry() CallOption { return func(c *transport.Call) { c.NoRetry = true } }

// Token authorizes a call with an access token of its own, in place of the client's: one client can serve many users. It is never refreshed.
// A token that no header can carry fails the call with ErrCredentials.
func Token(accessToken string) CallOption {
	return func(c *transport.Call) { c.Token = transport.Secret(accessToken) }
}

// MaxWait bounds the time that a call waits for the rate limiter. One that would have to wait longer fails at once with ErrRateLimited and is not sent.
func MaxWait(d time.Duration) CallOption { return func(c *transport.Call) { c.MaxWait = d } }

// Bulk lets other calls go first where calls wait for the rate limiter. The All… walks and GetMany do so by themselves.
func Bulk() CallOption { return func(c *transport.Call) { c.Priority = transport.PriorityBulk } }

// Interactive keeps a walk or GetMany from letting other calls go first: somebody waits for it.
func Interactive() CallOption {
	return func(c *transport.Call) { c.Priority = transport.PriorityInteractive }
}

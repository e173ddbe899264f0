package resources

import (
	"context"
	"iter"
	"math"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// WatchParams are the optional parameters of Player.Watch.
type WatchParams struct {
	// Market is as in GetParams.
	Market string
	// Interval is the longest time between two requests while an item is playing, 10 s if zero. A
	// value below 1 s is an error.
	Interval time.Duration
	// Tick is the time between two states that Watch yields: the states between two requests are
	// the last one with its position advanced. If zero, each request yields one state. A negative
	// value is an error.
	Tick time.Duration
}

const (
	defaultInterval = 10 * time.Second
	minInterval     = time.Second
)

// Watch iterates over the states of the user's playback until ctx ends or the loop breaks: it calls
// State, yields the state, waits and calls State again. A state is nil if no device is active. The
// next request is sent half a second after the end of the item that is playing, or after p.Interval
// if that is sooner, but never less than 1 s after the last response; and after twice p.Interval
// while nothing is playing. It ends after an error, with ctx's error at the end of ctx.
// Scope: user-read-playback-state.
//
//	for state, err := range client.Player.Watch(ctx, &resources.WatchParams{Tick: time.Second}) {
//		if err != nil {
//			return err
//		}
//		fmt.Printf("\r\x1b[K%v", state) // Low Tide – The Lanterns (3:42), playing at 1:09 on Desk
//	}
func (s *Player) Watch(ctx context.Context, p *WatchParams) iter.Seq2[*PlaybackState, error] {
	return func(yield func(*PlaybackState, error) bool) {
		w, err := p.withDefaults()
		for err == nil {
			var state *PlaybackState
			if state, err = s.State(ctx, &GetParams{Market: w.Market}); err == nil {
				var more bool
				if more, err = w.show(ctx, state, yield); !more {
					return
				}
			}
		}
		yield(nil, named(operations.PlayerState, err))
	}
}

// withDefaults returns the parameters with defaults, or an error if one is invalid.
func (p *WatchParams) withDefaults() (WatchParams, error) {
	var w WatchParams
	if p != nil {
		w = *p
	}
	switch {
	case w.Interval == 0:
		w.Interval = defaultInterval
	case w.Interval < minInterval:
		return w, argument.Errorf("Interval", w.Interval, "1s or more; leave it out for 10s")
	}
	if w.Tick < 0 {
		return w, argument.Errorf("Tick", w.Tick, "0 or more")
	}
	w.Interval = min(w.Interval, math.MaxInt64/2) // twice the interval is a duration, too
	return w, nil
}

// show yields a state that was just received, and every Tick again, until the time of the next
// request. It returns whether to go on, or ctx's error.
func (w *WatchParams) show(
	ctx context.Context, state *PlaybackState, yield func(*PlaybackState, error) bool,
) (more bool, err error) {
	received := time.Now()
	next := received.Add(w.wait(state))
	for {
		if !yield(state.after(time.Since(received)), nil) {
			return false, nil
		}
		left := time.Until(next)
		if w.Tick == 0 || left <= w.Tick {
			return true, transport.Sleep(ctx, left)
		}
		if err := transport.Sleep(ctx, w.Tick); err != nil {
			return true, err
		}
	}
}

// wait returns the time from a state to the next request.
func (w *WatchParams) wait(state *PlaybackState) time.Duration {
	if state == nil || !state.IsPlaying {
		return 2 * w.Interval
	}
	const change = time.Second / 2 // for Spotify to begin the next item
	left := state.Item.Duration() - state.Progress()
	if left <= 0 { // the length is unknown, as that of an ad, or Spotify has not begun the next item
		return w.Interval
	}
	return max(min(left+change, w.Interval), minInterval)
}

// after returns the state of a device as it is some time later, as far as can be known: the item
// that is playing plays on, up to its end.
func (s *PlaybackState) after(elapsed time.Duration) *PlaybackState {
	if s == nil || !s.IsPlaying || s.Item.IsZero() {
		return s
	}
	later := *s
	end := max(s.Item.Duration(), s.Progress())
	later.ProgressMS = int(min(s.Progress()+elapsed, end) / time.Millisecond)
	return &later
}

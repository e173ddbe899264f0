package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// PlayHistory is a track that was played to at least 30 seconds.
type PlayHistory struct {
	Track Track `json:"track"`
	// PlayedAt is when.
	PlayedAt time.Time `json:"played_at,omitzero"`
	// Context is what it was played from, zero where it was nothing.
	Context PlaybackContext `json:"context,omitzero"`
}

// RecentlyPlayedParams are the optional parameters of Player.RecentlyPlayed. The zero times are none; at most one of them may be set.
type RecentlyPlayedParams struct {
	// Limit is how many tracks to get. Zero is the API's default; AllRecentlyPlayed takes the most it may.
	Limit int
	// Before and After bound when the tracks were played, themselves left out. What counts is whole milliseconds.
	Before, After time.Time
	// cursors are the place that a walk goes on from.
	cursors Cursors
}

func (p *RecentlyPlayedParams) query(q *query) {
	if p == nil {
		return
	}
	if !p.Before.IsZero() && !p.After.IsZero() {
		q.fail(argument.Errorf("After", p.After.Format(time.RFC3339), "none beside Before: it takes one of the two"))
	}
	q.moment("before", "Before", p.Before)
	q.moment("after", "After", p.After)
	q.str("before", p.cursors.Before)
	q.str("after", p.cursors.After)
	q.limit(p.Limit)
}

func (p *RecentlyPlayedParams) size() int {
	if p == nil {
		return 0
	}
	return p.Limit
}

// to goes back in time, like the list itself, and forward from After.
func (p *RecentlyPlayedParams) to(limit int, at Cursors) (*RecentlyPlayedParams, bool) {
	next := RecentlyPlayedParams{Limit: limit}
	forward := p != nil && !p.After.IsZero()
	switch {
	case at == (Cursors{}):
		if p != nil {
			next.Before, next.After = p.Before, p.After
		}
		return &next, true
	case forward:
		next.cursors.After = at.After
	default:
		next.cursors.Before = at.Before
	}
	return &next, next.cursors != (Cursors{})
}

// RecentlyPlayed returns one page of the tracks that the user has played, the latest first, of which Spotify remembers the last 50. Episodes are not among them.
// Limit is 1 to 50, 20 if zero. Scope: user-read-recently-played.
//
// https://developer.spotify.com/documentation/web-api/reference/get-recently-played
func (s *Player) RecentlyPlayed(ctx context.Context, p *RecentlyPlayedParams) (*CursorPage[PlayHistory], error) {
	return fetch[CursorPage[PlayHistory]](ctx, s.core, operations.PlayerRecentlyPlayed, nowhere, p)
}

// AllRecentlyPlayed walks over the tracks that the user has played, as RecentlyPlayed returns them: back in time, or page by page forward if p has After.
func (s *Player) AllRecentlyPlayed(ctx context.Context, p *RecentlyPlayedParams) iter.Seq2[PlayHistory, error] {
	return cursorWalk(ctx, s.core, operations.PlayerRecentlyPlayed, p, s.RecentlyPlayed)
}

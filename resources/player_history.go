package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// PlayHistory is a track that was played for at least 30 seconds.
type PlayHistory struct {
	Track Track `json:"track"`
	// PlayedAt is the time when it was played.
	PlayedAt time.Time `json:"played_at,omitzero"`
	// Context is the album, playlist or other list that it was played from, zero if there is none.
	Context PlaybackContext `json:"context,omitzero"`
}

// String returns the track in one line.
func (h PlayHistory) String() string { return h.Track.String() }

// RecentlyPlayedParams are the optional parameters of Player.RecentlyPlayed.
type RecentlyPlayedParams struct {
	// Limit is the number of tracks on the page. If zero, RecentlyPlayed uses the API's default,
	// and AllRecentlyPlayed the largest page. A negative value is an error.
	Limit int
	// Before and After limit the result to tracks that were played before or after a time,
	// exclusive and in whole milliseconds. The zero time sets no limit. They are mutually
	// exclusive.
	Before, After time.Time
	// Cursors are those of a page, which are sent back unchanged: the result continues after that
	// page. The tracks are earlier ones, or later ones if After is set; then Before and After do
	// not count. The zero Cursors start with the latest track.
	Cursors Cursors
}

func (p *RecentlyPlayedParams) query(q *query) {
	if p == nil {
		return
	}
	if !p.Before.IsZero() && !p.After.IsZero() {
		q.fail(argument.Exclusive("After", "Before"))
	}
	switch forward := !p.After.IsZero(); {
	case p.Cursors == (Cursors{}):
		q.moment("before", "Before", p.Before)
		q.moment("after", "After", p.After)
	case forward && p.Cursors.After != "":
		q.add("after", p.Cursors.After)
	case !forward && p.Cursors.Before != "":
		q.add("before", p.Cursors.Before)
	case forward:
		q.fail(argument.Errorf("Cursors.After", "", "the cursor of a page with a Next"))
	default:
		q.fail(argument.Errorf("Cursors.Before", "", "the cursor of a page with a Next"))
	}
	q.limit(p.Limit)
}

func (p *RecentlyPlayedParams) size() int {
	if p == nil {
		return 0
	}
	return p.Limit
}

// to follows the cursor Before, because the latest tracks are first, unless After is set.
func (p *RecentlyPlayedParams) to(limit int, at Cursors) (*RecentlyPlayedParams, bool) {
	var next RecentlyPlayedParams
	if p != nil {
		next = *p
	}
	next.Limit = limit
	if at == (Cursors{}) {
		return &next, true
	}
	next.Cursors = at
	if next.After.IsZero() {
		return &next, at.Before != ""
	}
	return &next, at.After != ""
}

// RecentlyPlayed returns one page of the tracks that the user has played, the latest first. Spotify
// stores the last 50 tracks, and no episodes. Limit is 1 to 50, 20 if zero.
// Scope: user-read-recently-played.
//
// https://developer.spotify.com/documentation/web-api/reference/get-recently-played
func (s *Player) RecentlyPlayed(ctx context.Context, p *RecentlyPlayedParams) (*CursorPage[PlayHistory], error) {
	return fetch[CursorPage[PlayHistory]](ctx, s.core, operations.PlayerRecentlyPlayed, nowhere, p)
}

// AllRecentlyPlayed iterates over the tracks that the user has played, the latest first. With
// p.After it starts with the page after that time, and later pages have later tracks.
// Scope: user-read-recently-played.
func (s *Player) AllRecentlyPlayed(ctx context.Context, p *RecentlyPlayedParams) iter.Seq2[PlayHistory, error] {
	return paginateByCursor(ctx, s.core, operations.PlayerRecentlyPlayed, p, s.RecentlyPlayed)
}

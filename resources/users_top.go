package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// TimeRange is over how long a user's taste is measured.
type TimeRange string

// The ranges that there are.
const (
	// LongTerm is about a year.
	LongTerm TimeRange = "long_term"
	// MediumTerm is about six months.
	MediumTerm TimeRange = "medium_term"
	// ShortTerm is about four weeks.
	ShortTerm TimeRange = "short_term"
)

var timeRanges = []TimeRange{LongTerm, MediumTerm, ShortTerm}

// TopParams are the optional parameters of Users.TopArtists and Users.TopTracks.
type TopParams struct {
	// TimeRange is over how long taste is measured, MediumTerm if empty.
	TimeRange TimeRange
	// Limit is how many items to get. Zero is the API's default; an All… walk takes the most it may.
	Limit int
	// Offset is the index of the first item, from zero.
	Offset int
}

func (p *TopParams) query(q *query) {
	if p == nil {
		return
	}
	word(q, "time_range", "TimeRange", p.TimeRange, timeRanges)
	q.limit(p.Limit)
	q.offset(p.Offset)
}

func (p *TopParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *TopParams) at(limit, offset int) *TopParams {
	next := TopParams{Limit: limit, Offset: offset}
	if p != nil {
		next.TimeRange = p.TimeRange
	}
	return &next
}

// TopArtists returns one page of the artists whom the user likes best. Limit is 1 to 50, 20 if zero.
// Scope: user-top-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks
func (s *Users) TopArtists(ctx context.Context, p *TopParams) (*Page[Artist], error) {
	return fetch[Page[Artist]](ctx, s.core, operations.TopArtists, nowhere, p)
}

// AllTopArtists walks over the artists whom the user likes best, from p.Offset on, as TopArtists returns them.
func (s *Users) AllTopArtists(ctx context.Context, p *TopParams) iter.Seq2[Artist, error] {
	return walk(ctx, s.core, operations.TopArtists, p, s.TopArtists)
}

// TopTracks returns one page of the tracks that the user likes best. Limit is 1 to 50, 20 if zero.
// Scope: user-top-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks
func (s *Users) TopTracks(ctx context.Context, p *TopParams) (*Page[Track], error) {
	return fetch[Page[Track]](ctx, s.core, operations.TopTracks, nowhere, p)
}

// AllTopTracks walks over the tracks that the user likes best, from p.Offset on, as TopTracks returns them.
func (s *Users) AllTopTracks(ctx context.Context, p *TopParams) iter.Seq2[Track, error] {
	return walk(ctx, s.core, operations.TopTracks, p, s.TopTracks)
}

package resources

import (
	"context"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Recommendations suggests tracks.
type Recommendations struct{ core *core }

// RecommendationsParams say what to recommend. At least one seed is needed, and there are five at most, of all kinds together.
type RecommendationsParams struct {
	// SeedArtists and SeedTracks are ids, URIs or open.spotify.com addresses, SeedGenres are words from GenreSeeds.
	SeedArtists, SeedGenres, SeedTracks []string
	// Min, Max and Target say what the tracks shall be like: no less, no more, as close as can be.
	Min, Max, Target TrackAttributes
	// Limit is how many tracks to get, 1 to 100, 20 if zero. There may be fewer.
	Limit int
	// Market is as in GetParams.
	Market string
}

func (p *RecommendationsParams) query(q *query) {
	if p == nil {
		p = &RecommendationsParams{}
	}
	if n := len(p.SeedArtists) + len(p.SeedGenres) + len(p.SeedTracks); n < 1 || n > 5 {
		q.fail(argument.Errorf("SeedArtists, SeedGenres, SeedTracks", n, "1 to 5 seeds together"))
	}
	q.ids("seed_artists", "SeedArtists", KindArtist, p.SeedArtists)
	for i, genre := range p.SeedGenres {
		if genre == "" || strings.Contains(genre, ",") {
			q.fail(argument.Errorf(element("SeedGenres", i), genre, "one of GenreSeeds"))
		}
	}
	q.list("seed_genres", p.SeedGenres)
	q.ids("seed_tracks", "SeedTracks", KindTrack, p.SeedTracks)
	p.Min.query(q, "min_", "Min")
	p.Max.query(q, "max_", "Max")
	p.Target.query(q, "target_", "Target")
	q.limit(p.Limit)
	q.market(p.Market)
}

// Get returns tracks that are like the seeds. p must name one to five.
//
// Deprecated: apps made after 27 November 2024 get 403 or 404, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-recommendations
func (s *Recommendations) Get(ctx context.Context, p *RecommendationsParams) (*RecommendationsResult, error) {
	return fetch[RecommendationsResult](ctx, s.core, operations.Recommendations, nowhere, p)
}

// GenreSeeds returns the genres that recommendations can start from.
//
// Deprecated: apps made after 27 November 2024 get 403 or 404, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-recommendation-genres
func (s *Recommendations) GenreSeeds(ctx context.Context) ([]string, error) {
	return list[string](ctx, s.core, operations.GenreSeeds, nowhere, nil)
}

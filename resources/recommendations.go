package resources

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Recommendations returns recommended tracks.
type Recommendations struct{ core *core }

// RecommendationSeeds are the items that recommendations are similar to: 1 to 5, all kinds
// together.
type RecommendationSeeds struct {
	// Artists and Tracks are ids, spotify: URIs or open.spotify.com links.
	Artists, Tracks []string
	// Genres are genres that Recommendations.GenreSeeds returns.
	Genres []string
}

// RecommendationsParams are the optional parameters of Recommendations.Get.
type RecommendationsParams struct {
	// Min, Max and Target are the smallest, the largest and the preferred values of attributes that
	// the tracks should have.
	Min, Max, Target TrackAttributes
	// Limit is the largest number of tracks to return, 1 to 100, 20 if zero. The response may have
	// fewer.
	Limit int
	// Market is as in GetParams.
	Market string
}

// Get returns tracks that are similar to the seeds.
//
// Closed to apps made after 27 November 2024 (403 or 404), unless they had extended quota then.
// There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-recommendations
func (s *Recommendations) Get(
	ctx context.Context, seeds RecommendationSeeds, p *RecommendationsParams,
) (*RecommendationsResult, error) {
	if p == nil {
		p = &RecommendationsParams{}
	}
	params := queryFunc(func(q *query) {
		seeds.query(q)
		p.Min.query(q, "min_", "Min")
		p.Max.query(q, "max_", "Max")
		p.Target.query(q, "target_", "Target")
		q.limit(p.Limit)
		q.market(p.Market)
	})
	return fetch[RecommendationsResult](ctx, s.core, operations.Recommendations, nowhere, params)
}

func (s *RecommendationSeeds) query(q *query) {
	if n := len(s.Artists) + len(s.Genres) + len(s.Tracks); n < 1 || n > 5 {
		q.fail(argument.Errorf("seeds", n, "1 to 5 seeds, all kinds together"))
	}
	q.ids("seed_artists", "seeds.Artists", KindArtist, s.Artists)
	for i, genre := range s.Genres {
		if genre == "" || strings.Contains(genre, ",") {
			q.fail(argument.Errorf(element("seeds.Genres", i), genre, "one of GenreSeeds"))
		}
	}
	q.list("seed_genres", s.Genres)
	q.ids("seed_tracks", "seeds.Tracks", KindTrack, s.Tracks)
}

// GenreSeeds returns the genres that RecommendationSeeds can have.
//
// Closed to apps made after 27 November 2024 (403 or 404), unless they had extended quota then.
// There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-recommendation-genres
func (s *Recommendations) GenreSeeds(ctx context.Context) ([]string, error) {
	return list[string](ctx, s.core, operations.GenreSeeds, nowhere, nil)
}

// TrackAttributes are values of the attributes in AudioFeatures; nil means any value. new(0.8)
// makes a pointer to a number.
type TrackAttributes struct {
	// Acousticness to Valence are 0 to 1.
	Acousticness, Danceability, Energy, Instrumentalness, Liveness, Speechiness, Valence *float64
	// Loudness is in decibels, and Tempo in beats per minute.
	Loudness, Tempo *float64
	// DurationMS is the length in milliseconds.
	DurationMS *int
	// Key is a pitch class, 0 (C) to 11 (B).
	Key *int
	// Mode is 1 for major, 0 for minor.
	Mode *int
	// Popularity is 0 to 100.
	Popularity *int
	// TimeSignature is the number of beats in a bar, at most 11.
	TimeSignature *int
}

// query adds the attributes that are set. prefix and field are the beginnings of their names in the
// query and in Go.
func (a *TrackAttributes) query(q *query, prefix, field string) {
	for _, n := range []struct {
		name, field     string
		value           *float64
		lowest, highest float64
	}{
		{"acousticness", "Acousticness", a.Acousticness, 0, 1},
		{"danceability", "Danceability", a.Danceability, 0, 1},
		{"energy", "Energy", a.Energy, 0, 1},
		{"instrumentalness", "Instrumentalness", a.Instrumentalness, 0, 1},
		{"liveness", "Liveness", a.Liveness, 0, 1},
		{"loudness", "Loudness", a.Loudness, -math.MaxFloat64, math.MaxFloat64},
		{"speechiness", "Speechiness", a.Speechiness, 0, 1},
		{"tempo", "Tempo", a.Tempo, 0, math.MaxFloat64},
		{"valence", "Valence", a.Valence, 0, 1},
	} {
		if n.value != nil {
			q.number(prefix+n.name, field+"."+n.field, *n.value, n.lowest, n.highest)
		}
	}
	for _, n := range []struct {
		name, field     string
		value           *int
		lowest, highest int
	}{
		{"duration_ms", "DurationMS", a.DurationMS, 0, math.MaxInt32},
		{"key", "Key", a.Key, 0, 11},
		{"mode", "Mode", a.Mode, 0, 1},
		{"popularity", "Popularity", a.Popularity, 0, 100},
		{"time_signature", "TimeSignature", a.TimeSignature, 0, 11},
	} {
		if n.value != nil {
			q.integer(prefix+n.name, field+"."+n.field, *n.value, n.lowest, n.highest)
		}
	}
}

// RecommendationsResult is the result of Recommendations.Get.
type RecommendationsResult struct {
	Tracks []Track `json:"tracks"`
	// Seeds has the number of tracks that each seed has led to.
	Seeds []RecommendationSeed `json:"seeds"`
}

// String returns the number of tracks.
func (r RecommendationsResult) String() string { return fmt.Sprintf("%d tracks", len(r.Tracks)) }

// RecommendationSeed has the number of tracks that a seed has led to.
type RecommendationSeed struct {
	// ID is the seed of the request, and Href its address if it is a track or an artist.
	ID   string `json:"id"`
	Href string `json:"href"`
	// Type is "artist", "track" or "genre", also in upper case.
	Type string `json:"type"`
	// InitialPoolSize is the number of tracks for the seed, AfterFilteringSize the number of those
	// with the requested attributes, and AfterRelinkingSize the number of those in the market.
	InitialPoolSize    int `json:"initialPoolSize"`
	AfterFilteringSize int `json:"afterFilteringSize"`
	AfterRelinkingSize int `json:"afterRelinkingSize"`
}

// String returns the seed and the number of its tracks.
func (s RecommendationSeed) String() string {
	return line(s.Type+" "+s.ID, "", "", fmt.Sprintf("%d tracks", s.AfterRelinkingSize))
}

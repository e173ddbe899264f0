package resources

import (
	"context"
	"math"
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

// RecommendationsResult is what Recommendations.Get found.
type RecommendationsResult struct {
	Tracks []Track `json:"tracks"`
	// Seeds tell how far each seed has led.
	Seeds []RecommendationSeed `json:"seeds"`
}

// RecommendationSeed tells how many tracks a seed has led to.
type RecommendationSeed struct {
	// ID is the seed as it was given, Href its address if it is a track or an artist.
	ID   string `json:"id"`
	Href string `json:"href"`
	// Type is "artist", "track" or "genre", also in upper case.
	Type string `json:"type"`
	// InitialPoolSize is how many tracks there were for the seed, AfterFilteringSize how many the wanted attributes left of them,
	// AfterRelinkingSize how many of those the market has.
	InitialPoolSize    int `json:"initialPoolSize"`
	AfterFilteringSize int `json:"afterFilteringSize"`
	AfterRelinkingSize int `json:"afterRelinkingSize"`
}

// TrackAttributes are what tracks shall be like, in the terms of AudioFeatures; nil is "never mind". new(0.8) makes a pointer to a number.
type TrackAttributes struct {
	// Acousticness to Valence go from 0 to 1.
	Acousticness, Danceability, Energy, Instrumentalness, Liveness, Speechiness, Valence *float64
	// Loudness is in decibels, Tempo in beats per minute.
	Loudness, Tempo *float64
	// DurationMS is in milliseconds.
	DurationMS *int
	// Key is a pitch class, 0 (C) to 11 (B).
	Key *int
	// Mode is 1 for major, 0 for minor.
	Mode *int
	// Popularity goes from 0 to 100.
	Popularity *int
	// TimeSignature is how many beats a bar has, up to 11.
	TimeSignature *int
}

// query adds those that are set; name and field begin their names in the query and in Go.
func (a *TrackAttributes) query(q *query, name, field string) {
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
			q.number(name+n.name, field+"."+n.field, *n.value, n.lowest, n.highest)
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
			q.integer(name+n.name, field+"."+n.field, *n.value, n.lowest, n.highest)
		}
	}
}

package resources

import "math"

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

package resources

import "time"

// AudioFeatures are what Spotify's analysis makes of a whole track. The ones without a unit go from 0 to 1.
type AudioFeatures struct {
	// ID and URI name the track, TrackHref and AnalysisURL are the addresses of it and of its AudioAnalysis.
	ID          string `json:"id"`
	URI         string `json:"uri"`
	TrackHref   string `json:"track_href"`
	AnalysisURL string `json:"analysis_url"`
	// Type is "audio_features".
	Type string `json:"type"`
	// Acousticness is how likely it is that the track is acoustic.
	Acousticness float64 `json:"acousticness"`
	// Danceability is how fit the track is for dancing.
	Danceability float64 `json:"danceability"`
	// DurationMS is the track's length in milliseconds; Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Energy is how intense the track feels.
	Energy float64 `json:"energy"`
	// Instrumentalness is how likely it is that nobody sings; above 0.5 that is meant.
	Instrumentalness float64 `json:"instrumentalness"`
	// Key is the pitch class that the track is in: 0 is C, 1 C sharp, up to 11, B; -1 if none was found.
	Key int `json:"key"`
	// Liveness is how likely it is that an audience was there; above 0.8 it was.
	Liveness float64 `json:"liveness"`
	// Loudness is the average in decibels, usually -60 to 0.
	Loudness float64 `json:"loudness"`
	// Mode is 1 for major, 0 for minor.
	Mode int `json:"mode"`
	// Speechiness is how much of the track is spoken: above 0.66 nearly all, below 0.33 hardly anything.
	Speechiness float64 `json:"speechiness"`
	// Tempo is in beats per minute.
	Tempo float64 `json:"tempo"`
	// TimeSignature is how many beats a bar has, 3 to 7.
	TimeSignature int `json:"time_signature"`
	// Valence is how cheerful the track sounds.
	Valence float64 `json:"valence"`
}

// Duration returns the track's length.
func (f *AudioFeatures) Duration() time.Duration { return milliseconds(f.DurationMS) }

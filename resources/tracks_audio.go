package resources

import (
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// AudioFeatures returns what Spotify's analysis makes of a track as a whole.
//
// Deprecated: apps made after 27 November 2024 get 403, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audio-features
func (s *Tracks) AudioFeatures(ctx context.Context, id string) (*AudioFeatures, error) {
	return fetch[AudioFeatures](ctx, s.core, operations.AudioFeatures, at(KindTrack, id), nil)
}

// ManyAudioFeatures returns the audio features of any number of tracks, in the order of ids, several calls at a time: 100 tracks a call with extended quota,
// one without. Those that cannot be had are nil, and the error, a *BatchError, says why. Tracks named twice have the same pointer.
//
// Deprecated: apps made after 27 November 2024 get 403, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features
func (s *Tracks) ManyAudioFeatures(ctx context.Context, ids []string) ([]*AudioFeatures, error) {
	return getMany[AudioFeatures](ctx, s.core, operations.AudioFeatures, operations.AudioFeaturesSeveral, KindTrack, ids, nil)
}

// AudioAnalysis returns what Spotify's analysis hears in a track, moment by moment: often a megabyte of it.
//
// Deprecated: apps made after 27 November 2024 get 403, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis
func (s *Tracks) AudioAnalysis(ctx context.Context, id string) (*AudioAnalysis, error) {
	return fetch[AudioAnalysis](ctx, s.core, operations.AudioAnalysis, at(KindTrack, id), nil)
}

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

// AudioAnalysis is what Spotify's analysis hears in a track, moment by moment. Times are in seconds, loudness is in decibels,
// and a confidence goes from 0 to 1.
type AudioAnalysis struct {
	Meta  AnalysisMeta  `json:"meta"`
	Track AnalysisTrack `json:"track"`
	// Bars, Beats and Tatums divide the track by its pulse, from the longest stretch to the shortest that a listener feels.
	Bars   []TimeInterval `json:"bars"`
	Beats  []TimeInterval `json:"beats"`
	Tatums []TimeInterval `json:"tatums"`
	// Sections divide it where rhythm or timbre change a lot, such as between chorus and verse.
	Sections []Section `json:"sections"`
	// Segments divide it into pieces that sound the same from beginning to end.
	Segments []Segment `json:"segments"`
}

// AnalysisMeta tells how an analysis was made.
type AnalysisMeta struct {
	AnalyzerVersion string `json:"analyzer_version"`
	Platform        string `json:"platform"`
	// DetailedStatus says what went wrong, and StatusCode is 0 where nothing did.
	DetailedStatus string `json:"detailed_status"`
	StatusCode     int    `json:"status_code"`
	// Timestamp is when it was made, in Unix seconds; Made returns it as a time.Time.
	Timestamp int64 `json:"timestamp"`
	// AnalysisTime is how long it took, in seconds.
	AnalysisTime float64 `json:"analysis_time"`
	InputProcess string  `json:"input_process"`
}

// Made returns when the analysis was made.
func (m *AnalysisMeta) Made() time.Time { return time.Unix(m.Timestamp, 0).UTC() }

// AnalysisTrack is what an analysis says of the track as a whole.
type AnalysisTrack struct {
	// NumSamples is how many samples were analysed, AnalysisSampleRate how many a second has, AnalysisChannels how many channels: 1 where they were mixed down.
	NumSamples         int `json:"num_samples"`
	AnalysisSampleRate int `json:"analysis_sample_rate"`
	AnalysisChannels   int `json:"analysis_channels"`
	// Duration is the track's length in seconds.
	Duration float64 `json:"duration"`
	// SampleMD5 is always empty.
	SampleMD5 string `json:"sample_md5"`
	// OffsetSeconds and WindowSeconds are where the analysed part begins and how long it is, both 0 for the whole track.
	OffsetSeconds int `json:"offset_seconds"`
	WindowSeconds int `json:"window_seconds"`
	// EndOfFadeIn and StartOfFadeOut are where the music has reached its loudness, and where it begins to leave it.
	EndOfFadeIn    float64 `json:"end_of_fade_in"`
	StartOfFadeOut float64 `json:"start_of_fade_out"`
	Loudness       float64 `json:"loudness"`
	// Tempo, TimeSignature, Key and Mode are as in AudioFeatures.
	Tempo                   float64 `json:"tempo"`
	TempoConfidence         float64 `json:"tempo_confidence"`
	TimeSignature           int     `json:"time_signature"`
	TimeSignatureConfidence float64 `json:"time_signature_confidence"`
	Key                     int     `json:"key"`
	KeyConfidence           float64 `json:"key_confidence"`
	Mode                    int     `json:"mode"`
	ModeConfidence          float64 `json:"mode_confidence"`
	// CodeString, EchoprintString, SynchString and RhythmString are fingerprints for other software; the versions say in what form.
	CodeString       string  `json:"codestring"`
	CodeVersion      float64 `json:"code_version"`
	EchoprintString  string  `json:"echoprintstring"`
	EchoprintVersion float64 `json:"echoprint_version"`
	SynchString      string  `json:"synchstring"`
	SynchVersion     float64 `json:"synch_version"`
	RhythmString     string  `json:"rhythmstring"`
	RhythmVersion    float64 `json:"rhythm_version"`
}

// TimeInterval is a stretch of a track.
type TimeInterval struct {
	Start      float64 `json:"start"`
	Duration   float64 `json:"duration"`
	Confidence float64 `json:"confidence"`
}

// Section is a part of a track, with what holds there of what AnalysisTrack has for the whole.
type Section struct {
	TimeInterval
	Loudness        float64 `json:"loudness"`
	Tempo           float64 `json:"tempo"`
	TempoConfidence float64 `json:"tempo_confidence"`
	Key             int     `json:"key"`
	KeyConfidence   float64 `json:"key_confidence"`
	// Mode is 1 for major, 0 for minor, -1 where neither was found.
	Mode                    int     `json:"mode"`
	ModeConfidence          float64 `json:"mode_confidence"`
	TimeSignature           int     `json:"time_signature"`
	TimeSignatureConfidence float64 `json:"time_signature_confidence"`
}

// Segment is a short piece of a track that sounds the same throughout.
type Segment struct {
	TimeInterval
	// LoudnessStart, LoudnessMax and LoudnessEnd describe the attack and the decay; LoudnessMaxTime is when the peak comes, from the segment's start.
	LoudnessStart   float64 `json:"loudness_start"`
	LoudnessMax     float64 `json:"loudness_max"`
	LoudnessMaxTime float64 `json:"loudness_max_time"`
	LoudnessEnd     float64 `json:"loudness_end"`
	// Pitches says for each of the 12 pitch classes, from C on, how much of it is in the sound, 0 to 1.
	Pitches []float64 `json:"pitches"`
	// Timbre has 12 numbers around 0 for the colour of the sound, the most telling first.
	Timbre []float64 `json:"timbre"`
}

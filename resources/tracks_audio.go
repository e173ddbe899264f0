package resources

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// AudioFeatures returns the audio features of a track.
//
// Closed to apps made after 27 November 2024 (403), unless they had extended quota then. There is
// no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audio-features
func (s *Tracks) AudioFeatures(ctx context.Context, id string) (*AudioFeatures, error) {
	return fetch[AudioFeatures](ctx, s.core, operations.AudioFeatures, at(KindTrack, id), nil)
}

// ManyAudioFeatures returns the audio features of tracks in the order of ids. It sends one request
// for each 100 tracks with extended quota and one for each track without, Config.Concurrency at a
// time. Features that could not be fetched are nil; the *BatchError says why. An id that is
// repeated has the same pointer.
//
// Closed to apps made after 27 November 2024 (403), unless they had extended quota then. There is
// no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features
func (s *Tracks) ManyAudioFeatures(ctx context.Context, ids []string) ([]*AudioFeatures, error) {
	return getMany[AudioFeatures](
		ctx, s.core, operations.AudioFeatures, operations.AudioFeaturesSeveral, KindTrack, ids, nil)
}

// AudioAnalysis returns the audio analysis of a track, often 1 MB of it.
//
// Closed to apps made after 27 November 2024 (403), unless they had extended quota then. There is
// no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis
func (s *Tracks) AudioAnalysis(ctx context.Context, id string) (*AudioAnalysis, error) {
	return fetch[AudioAnalysis](ctx, s.core, operations.AudioAnalysis, at(KindTrack, id), nil)
}

// AudioFeatures are attributes of a whole track, as Spotify's analysis has measured them.
// Attributes without a unit are 0 to 1.
type AudioFeatures struct {
	// ID and URI identify the track. TrackHref is its address, and AnalysisURL that of its
	// AudioAnalysis.
	ID          string `json:"id"`
	URI         string `json:"uri"`
	TrackHref   string `json:"track_href"`
	AnalysisURL string `json:"analysis_url"`
	// Type is "audio_features".
	Type string `json:"type"`
	// Acousticness is the probability that the track is acoustic.
	Acousticness float64 `json:"acousticness"`
	// Danceability is 1 for a track that is most suitable for dancing.
	Danceability float64 `json:"danceability"`
	// DurationMS is the length in milliseconds. Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Energy is 1 for a track that is most intense: fast, loud, noisy.
	Energy float64 `json:"energy"`
	// Instrumentalness is the probability that the track has no vocals. Above 0.5 it is
	// instrumental.
	Instrumentalness float64 `json:"instrumentalness"`
	// Key is the pitch class, 0 (C), 1 (C sharp) to 11 (B), and -1 if none was found.
	Key int `json:"key"`
	// Liveness is the probability that the track was performed live. Above 0.8 it was.
	Liveness float64 `json:"liveness"`
	// Loudness is the average in decibels, usually -60 to 0.
	Loudness float64 `json:"loudness"`
	// Mode is 1 for major, 0 for minor.
	Mode int `json:"mode"`
	// Speechiness is the share of spoken words: above 0.66 the track is speech, below 0.33 music.
	Speechiness float64 `json:"speechiness"`
	// Tempo is in beats per minute.
	Tempo float64 `json:"tempo"`
	// TimeSignature is the number of beats in a bar, 3 to 7.
	TimeSignature int `json:"time_signature"`
	// Valence is 1 for a track that sounds most cheerful.
	Valence float64 `json:"valence"`
}

// Duration returns the track's length.
func (f *AudioFeatures) Duration() time.Duration { return milliseconds(f.DurationMS) }

// String returns the track's URI, tempo and length.
func (f AudioFeatures) String() string {
	return line("", f.URI, "", fmt.Sprintf("%.0f BPM, %s", f.Tempo, FormatDuration(f.Duration())))
}

// AudioAnalysis is Spotify's analysis of the structure and the sound of a track. Times are in
// seconds, loudness is in decibels, and a confidence is 0 to 1.
type AudioAnalysis struct {
	Meta  AnalysisMeta  `json:"meta"`
	Track AnalysisTrack `json:"track"`
	// Bars, Beats and Tatums divide the track by its pulse, from the longest intervals to the
	// shortest.
	Bars   []TimeInterval `json:"bars"`
	Beats  []TimeInterval `json:"beats"`
	Tatums []TimeInterval `json:"tatums"`
	// Sections divide the track where its rhythm or timbre changes, such as between chorus and
	// verse.
	Sections []Section `json:"sections"`
	// Segments divide the track into parts with the same sound throughout.
	Segments []Segment `json:"segments"`
}

// String returns the numbers of sections, bars, beats and segments.
func (a AudioAnalysis) String() string {
	return fmt.Sprintf("%d sections, %d bars, %d beats, %d segments",
		len(a.Sections), len(a.Bars), len(a.Beats), len(a.Segments))
}

// AnalysisMeta describes how an analysis was made.
type AnalysisMeta struct {
	AnalyzerVersion string `json:"analyzer_version"`
	Platform        string `json:"platform"`
	// StatusCode is 0 for success. DetailedStatus describes an error.
	DetailedStatus string `json:"detailed_status"`
	StatusCode     int    `json:"status_code"`
	// Timestamp is the time of the analysis, in Unix seconds. Made returns it as a time.Time.
	Timestamp int64 `json:"timestamp"`
	// AnalysisTime is the duration of the analysis, in seconds.
	AnalysisTime float64 `json:"analysis_time"`
	InputProcess string  `json:"input_process"`
}

// Made returns the time of the analysis.
func (m *AnalysisMeta) Made() time.Time { return time.Unix(m.Timestamp, 0).UTC() }

// AnalysisTrack has the results of an analysis for the whole track.
type AnalysisTrack struct {
	// NumSamples is the number of analysed samples, AnalysisSampleRate the number per second, and
	// AnalysisChannels the number of channels: 1 if they were mixed down.
	NumSamples         int `json:"num_samples"`
	AnalysisSampleRate int `json:"analysis_sample_rate"`
	AnalysisChannels   int `json:"analysis_channels"`
	// Duration is the track's length in seconds.
	Duration float64 `json:"duration"`
	// SampleMD5 is always empty.
	SampleMD5 string `json:"sample_md5"`
	// OffsetSeconds is the start of the analysed part, and WindowSeconds its length. Both are 0 if
	// the whole track was analysed.
	OffsetSeconds int `json:"offset_seconds"`
	WindowSeconds int `json:"window_seconds"`
	// EndOfFadeIn and StartOfFadeOut are the times when the fade-in ends and the fade-out starts.
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
	// CodeString, EchoprintString, SynchString and RhythmString are fingerprints for other
	// software, and the versions those of their formats.
	CodeString       string  `json:"codestring"`
	CodeVersion      float64 `json:"code_version"`
	EchoprintString  string  `json:"echoprintstring"`
	EchoprintVersion float64 `json:"echoprint_version"`
	SynchString      string  `json:"synchstring"`
	SynchVersion     float64 `json:"synch_version"`
	RhythmString     string  `json:"rhythmstring"`
	RhythmVersion    float64 `json:"rhythm_version"`
}

// TimeInterval is an interval of a track.
type TimeInterval struct {
	Start      float64 `json:"start"`
	Duration   float64 `json:"duration"`
	Confidence float64 `json:"confidence"`
}

// Section is a part of a track. Its fields are as in AnalysisTrack.
type Section struct {
	TimeInterval
	Loudness        float64 `json:"loudness"`
	Tempo           float64 `json:"tempo"`
	TempoConfidence float64 `json:"tempo_confidence"`
	Key             int     `json:"key"`
	KeyConfidence   float64 `json:"key_confidence"`
	// Mode is 1 for major, 0 for minor, -1 if neither was found.
	Mode                    int     `json:"mode"`
	ModeConfidence          float64 `json:"mode_confidence"`
	TimeSignature           int     `json:"time_signature"`
	TimeSignatureConfidence float64 `json:"time_signature_confidence"`
}

// Segment is a short part of a track with the same sound throughout.
type Segment struct {
	TimeInterval
	// LoudnessStart, LoudnessMax and LoudnessEnd describe the attack and the decay. LoudnessMaxTime
	// is the time of the peak, from the segment's start.
	LoudnessStart   float64 `json:"loudness_start"`
	LoudnessMax     float64 `json:"loudness_max"`
	LoudnessMaxTime float64 `json:"loudness_max_time"`
	LoudnessEnd     float64 `json:"loudness_end"`
	// Pitches has the strength of each of the 12 pitch classes, from C on, 0 to 1.
	Pitches []float64 `json:"pitches"`
	// Timbre has 12 numbers around 0 that describe the timbre, the most important first.
	Timbre []float64 `json:"timbre"`
}

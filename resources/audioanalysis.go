package resources

import "time"

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

package api

import "time"

type analysisJSON struct {
	Meta     analysisMeta  `json:"meta"`
	Track    analysisTrack `json:"track"`
	Bars     []interval    `json:"bars"`
	Beats    []interval    `json:"beats"`
	Sections []sectionJSON `json:"sections"`
	Segments []segmentJSON `json:"segments"`
	Tatums   []interval    `json:"tatums"`
}

type analysisMeta struct {
	AnalyzerVersion string  `json:"analyzer_version"`
	Platform        string  `json:"platform"`
	DetailedStatus  string  `json:"detailed_status"`
	StatusCode      int     `json:"status_code"`
	Timestamp       int64   `json:"timestamp"`
	AnalysisTime    float64 `json:"analysis_time"`
	InputProcess    string  `json:"input_process"`
}

// sound are the values that an analysis has for the track and for each section.
type sound struct {
	Loudness                float64 `json:"loudness"`
	Tempo                   float64 `json:"tempo"`
	TempoConfidence         float64 `json:"tempo_confidence"`
	TimeSignature           int     `json:"time_signature"`
	TimeSignatureConfidence float64 `json:"time_signature_confidence"`
	Key                     int     `json:"key"`
	KeyConfidence           float64 `json:"key_confidence"`
	Mode                    int     `json:"mode"`
	ModeConfidence          float64 `json:"mode_confidence"`
}

type analysisTrack struct {
	NumSamples         int64   `json:"num_samples"`
	Duration           float64 `json:"duration"`
	SampleMD5          string  `json:"sample_md5"`
	OffsetSeconds      int     `json:"offset_seconds"`
	WindowSeconds      int     `json:"window_seconds"`
	AnalysisSampleRate int64   `json:"analysis_sample_rate"`
	AnalysisChannels   int     `json:"analysis_channels"`
	EndOfFadeIn        float64 `json:"end_of_fade_in"`
	StartOfFadeOut     float64 `json:"start_of_fade_out"`
	sound
	CodeString       string  `json:"codestring"`
	CodeVersion      float64 `json:"code_version"`
	EchoprintString  string  `json:"echoprintstring"`
	EchoprintVersion float64 `json:"echoprint_version"`
	SynchString      string  `json:"synchstring"`
	SynchVersion     float64 `json:"synch_version"`
	RhythmString     string  `json:"rhythmstring"`
	RhythmVersion    float64 `json:"rhythm_version"`
}

type interval struct {
	Start      float64 `json:"start"`
	Duration   float64 `json:"duration"`
	Confidence float64 `json:"confidence"`
}

type sectionJSON struct {
	interval
	sound
}

type segmentJSON struct {
	interval
	LoudnessStart   float64     `json:"loudness_start"`
	LoudnessMax     float64     `json:"loudness_max"`
	LoudnessMaxTime float64     `json:"loudness_max_time"`
	LoudnessEnd     float64     `json:"loudness_end"`
	Pitches         [12]float64 `json:"pitches"`
	Timbre          [12]float64 `json:"timbre"`
}

// samplesPerSecond is the sampling rate of an analysis.
const samplesPerSecond = 22_050

func (t *track) analysis() analysisJSON {
	f := t.features()
	length := t.Duration.Seconds()
	whole := sound{
		Loudness: f.Loudness, Tempo: f.Tempo, TempoConfidence: t.share("tempo confidence"),
		TimeSignature: f.TimeSignature, TimeSignatureConfidence: 1,
		Key: f.Key, KeyConfidence: t.share("key confidence"), Mode: f.Mode, ModeConfidence: t.share("mode confidence"),
	}
	beat := 60 / f.Tempo
	a := analysisJSON{
		Meta: analysisMeta{
			AnalyzerVersion: "4.0.0", Platform: "Linux", DetailedStatus: "OK", Timestamp: historyEnd.Unix(),
			AnalysisTime: 2.5, InputProcess: "libvorbisfile L+R 44100->22050",
		},
		Track: analysisTrack{
			NumSamples: int64(t.Duration) * samplesPerSecond / int64(time.Second), Duration: length,
			AnalysisSampleRate: samplesPerSecond, AnalysisChannels: 1,
			EndOfFadeIn: 0.2, StartOfFadeOut: round(length - 4), sound: whole,
			CodeVersion: 3.15, EchoprintVersion: 4.15, SynchVersion: 1, RhythmVersion: 1,
		},
		Bars:   divide(length, beat*float64(f.TimeSignature)),
		Beats:  divide(length, beat),
		Tatums: divide(length, beat/2),
	}
	for _, i := range divide(length, 30) {
		a.Sections = append(a.Sections, sectionJSON{i, whole})
	}
	for n, i := range a.Beats {
		s := segmentJSON{
			interval: i, LoudnessStart: f.Loudness - 6, LoudnessMax: f.Loudness,
			LoudnessMaxTime: round(i.Duration / 8), LoudnessEnd: f.Loudness - 9,
		}
		for c := range s.Pitches {
			// the note of the beat is strong, and the fifth above it less so
			switch (c - f.Key - n%f.TimeSignature*2 + 48) % 12 {
			case 0:
				s.Pitches[c] = 1
			case 7:
				s.Pitches[c] = 0.6
			default:
				s.Pitches[c] = 0.1
			}
			s.Timbre[c] = round(float64((c*7+n*3)%23) - 11)
		}
		a.Segments = append(a.Segments, s)
	}
	return a
}

// divide divides a length into pieces of a size. The last piece may be shorter.
func divide(length, size float64) []interval {
	var all []interval
	for at := 0.0; at < length; at += size {
		all = append(all, interval{round(at), round(min(size, length-at)), 0.8})
	}
	return all
}

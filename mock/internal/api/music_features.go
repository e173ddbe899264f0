package api

import (
	"maps"
	"math"
	"slices"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// featuresJSON are a track's audio features. They are derived from the track's id and fit each
// other.
type featuresJSON struct {
	Acousticness     float64 `json:"acousticness"`
	AnalysisURL      string  `json:"analysis_url"`
	Danceability     float64 `json:"danceability"`
	DurationMS       int64   `json:"duration_ms"`
	Energy           float64 `json:"energy"`
	ID               string  `json:"id"`
	Instrumentalness float64 `json:"instrumentalness"`
	Key              int     `json:"key"`
	Liveness         float64 `json:"liveness"`
	Loudness         float64 `json:"loudness"`
	Mode             int     `json:"mode"`
	Speechiness      float64 `json:"speechiness"`
	Tempo            float64 `json:"tempo"`
	TimeSignature    int     `json:"time_signature"`
	TrackHref        string  `json:"track_href"`
	Type             string  `json:"type"`
	URI              string  `json:"uri"`
	Valence          float64 `json:"valence"`
}

func (t *track) features() featuresJSON {
	energy := t.share("energy")
	return featuresJSON{
		Acousticness:     round(0.2*t.share("acousticness") + 0.8*(1-energy)),
		AnalysisURL:      apiBase + "/audio-analysis/" + t.ID,
		Danceability:     t.share("danceability"),
		DurationMS:       t.Duration.Milliseconds(),
		Energy:           energy,
		ID:               t.ID,
		Instrumentalness: round(math.Pow(t.share("instrumentalness"), 4)), // most music has vocals
		Key:              ids.Roll(12, "key", t.ID),
		Liveness:         round(math.Pow(t.share("liveness"), 3)),
		Loudness:         round(-18 + 14*energy),
		Mode:             ids.Roll(2, "mode", t.ID),
		Speechiness:      round(0.03 + 0.2*t.share("speechiness")),
		Tempo:            round(70 + 90*t.share("tempo")),
		TimeSignature:    []int{4, 4, 4, 4, 3}[ids.Roll(5, "time_signature", t.ID)],
		TrackHref:        hrefOf(resources.KindTrack, t.ID),
		Type:             "audio_features",
		URI:              resources.URI(resources.KindTrack, t.ID),
		Valence:          t.share("valence"),
	}
}

// share returns a number from 0 to 1 derived from the track's id.
func (t *track) share(of string) float64 { return float64(ids.Roll(1001, of, t.ID)) / 1000 }

func round(n float64) float64 { return math.Round(n*1000) / 1000 }

// attributes returns the attributes that recommendations can be filtered by.
func (t *track) attributes() map[string]float64 {
	f := t.features()
	return map[string]float64{
		"acousticness":     f.Acousticness,
		"danceability":     f.Danceability,
		"duration_ms":      float64(f.DurationMS),
		"energy":           f.Energy,
		"instrumentalness": f.Instrumentalness,
		"key":              float64(f.Key),
		"liveness":         f.Liveness,
		"loudness":         f.Loudness,
		"mode":             float64(f.Mode),
		"popularity":       float64(t.Popularity),
		"speechiness":      f.Speechiness,
		"tempo":            f.Tempo,
		"time_signature":   float64(f.TimeSignature),
		"valence":          f.Valence,
	}
}

// attributeNames are the names of the attributes, sorted.
var attributeNames = slices.Sorted(maps.Keys(new(track).attributes()))

package api

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

type deviceJSON struct {
	ID               string `json:"id"`
	IsActive         bool   `json:"is_active"`
	IsPrivateSession bool   `json:"is_private_session"`
	IsRestricted     bool   `json:"is_restricted"`
	Name             string `json:"name"`
	SupportsVolume   bool   `json:"supports_volume"`
	Type             string `json:"type"`
	VolumePercent    *int   `json:"volume_percent"`
}

func (p *player) deviceJSON(d *catalogue.Device) deviceJSON {
	s := deviceJSON{ID: d.ID, IsActive: d.ID == p.active, IsRestricted: d.Restricted, Name: d.Name, Type: d.Type}
	if s.SupportsVolume = d.Volume >= 0; s.SupportsVolume {
		s.VolumePercent = &d.Volume
	}
	return s
}

// contextJSON is the context of the playback.
type contextJSON struct {
	ExternalURLs link   `json:"external_urls"`
	Href         string `json:"href"`
	Type         string `json:"type"`
	URI          string `json:"uri"`
}

// contextOf returns nil for a list of URIs.
func contextOf(uri string) *contextJSON {
	if strings.HasSuffix(uri, collection) {
		return &contextJSON{link{openBase + "collection/tracks"}, apiBase + "/me/tracks", "collection", uri}
	}
	kind, id, ok := ids.SplitURI(uri)
	if !ok {
		return nil
	}
	return &contextJSON{linkTo(kind, id), hrefOf(kind, id), string(kind), uri}
}

// actionsJSON are the actions that are not possible now.
type actionsJSON struct {
	Disallows map[string]bool `json:"disallows"`
}

// playingJSON is the current item with the playback state.
type playingJSON struct {
	Actions              actionsJSON     `json:"actions"`
	Context              *contextJSON    `json:"context"`
	CurrentlyPlayingType string          `json:"currently_playing_type"`
	IsPlaying            bool            `json:"is_playing"`
	Item                 json.RawMessage `json:"item"`
	ProgressMS           *int64          `json:"progress_ms"`
	Timestamp            int64           `json:"timestamp"`
}

// playbackJSON is playingJSON with the device.
type playbackJSON struct {
	playingJSON
	Device       deviceJSON `json:"device"`
	RepeatState  string     `json:"repeat_state"`
	ShuffleState bool       `json:"shuffle_state"`
	SmartShuffle bool       `json:"smart_shuffle"`
}

// playingOf returns the current item. An episode is left out for clients that accept tracks only.
func (st *state) playingOf(p *player, req *Request, market string) playingJSON {
	s := playingJSON{
		Actions: actionsJSON{p.disallowed()}, Context: contextOf(p.context), CurrentlyPlayingType: "unknown",
		IsPlaying: p.playing, Timestamp: p.changed.UnixMilli(),
	}
	if p.current == nil {
		s.Timestamp = req.Now.UnixMilli()
		return s
	}
	s.ProgressMS = pointer(p.position.Milliseconds())
	s.CurrentlyPlayingType = string(resources.KindTrack)
	if p.current.kind() != resources.KindTrack {
		s.CurrentlyPlayingType = string(resources.KindEpisode)
		if !req.takesEpisodes() {
			return s
		}
	}
	s.Item = st.index.render(p.current, st.view(req, inPlayer, market))
	return s
}

func (p *player) disallowed() map[string]bool {
	no := map[string]bool{}
	switch {
	case p.current == nil:
		for _, action := range []string{"pausing", "resuming", "seeking", "skipping_next", "skipping_prev"} {
			no[action] = true
		}
	case p.playing:
		no["resuming"] = true
	default:
		no["pausing"] = true
	}
	if p.current != nil && !p.hasPrevious() {
		no["skipping_prev"] = true
	}
	return no
}

// playJSON is an entry of the history.
type playJSON struct {
	Context  *contextJSON    `json:"context"`
	PlayedAt string          `json:"played_at"`
	Track    json.RawMessage `json:"track"`
}

func (st *state) playOf(one play, req *Request) playJSON {
	return playJSON{
		contextOf(one.context),
		one.at.UTC().Format("2006-01-02T15:04:05.000Z"),
		st.index.render(one.track, st.view(req, inPlayer, "")),
	}
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

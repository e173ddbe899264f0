package resources

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// DeviceParams are the optional parameters of the commands of the player.
type DeviceParams struct {
	// DeviceID is the id of a device from Player.Devices. If empty, the command goes to the active
	// device; if there is none, Spotify responds with 404 and the reason NO_ACTIVE_DEVICE.
	DeviceID string
}

func (p *DeviceParams) query(q *query) {
	if p != nil {
		q.str("device_id", argument.Pasted(p.DeviceID))
	}
}

// with returns the parameters of a command: those that add adds, and the device.
func (p *DeviceParams) with(add func(*query)) querier {
	return queryFunc(func(q *query) {
		add(q)
		p.query(q)
	})
}

// Pause pauses the playback. If it is paused already, Spotify responds with 403, "Restriction
// violated". Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/pause-a-users-playback
func (s *Player) Pause(ctx context.Context, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerPause, nowhere, p, nil)
}

// Next skips to the next item. It is not idempotent, so it is not retried if it may have been
// applied. Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-next-track
func (s *Player) Next(ctx context.Context, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerNext, nowhere, p, nil)
}

// Previous skips to the previous item. It is not idempotent, so it is not retried if it may have
// been applied. Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-previous-track
func (s *Player) Previous(ctx context.Context, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerPrevious, nowhere, p, nil)
}

// Seek sets the position in the current item, zero or more, in whole milliseconds. A position past
// the end skips to the next item.
// Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/seek-to-position-in-currently-playing-track
func (s *Player) Seek(ctx context.Context, position time.Duration, p *DeviceParams) error {
	params := p.with(func(q *query) { q.position("position_ms", "position", position) })
	return command(ctx, s.core, operations.PlayerSeek, nowhere, params, nil)
}

// SetVolume sets the volume in percent, 0 to 100. It works for devices with Device.SupportsVolume.
// Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/set-volume-for-users-playback
func (s *Player) SetVolume(ctx context.Context, percent int, p *DeviceParams) error {
	params := p.with(func(q *query) { q.integer("volume_percent", "percent", percent, 0, 100) })
	return command(ctx, s.core, operations.PlayerVolume, nowhere, params, nil)
}

// SetRepeat sets the repeat mode: RepeatTrack, RepeatContext or RepeatOff.
// Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/set-repeat-mode-on-users-playback
func (s *Player) SetRepeat(ctx context.Context, state RepeatState, p *DeviceParams) error {
	params := p.with(func(q *query) { choice(q, "state", "state", state, repeatStates) })
	return command(ctx, s.core, operations.PlayerRepeat, nowhere, params, nil)
}

// SetShuffle turns shuffle mode on or off.
// Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/toggle-shuffle-for-users-playback
func (s *Player) SetShuffle(ctx context.Context, on bool, p *DeviceParams) error {
	params := p.with(func(q *query) { q.truth("state", on) })
	return command(ctx, s.core, operations.PlayerShuffle, nowhere, params, nil)
}

// AddToQueue adds a track or an episode, by its URI or link, to the end of the queue. It is not
// idempotent, so it is not retried if it may have been applied.
// Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/add-to-queue
func (s *Player) AddToQueue(ctx context.Context, uri string, p *DeviceParams) error {
	params := p.with(func(q *query) { q.uri("uri", "uri", uri, playable...) })
	return command(ctx, s.core, operations.PlayerAddToQueue, nowhere, params, nil)
}

// TransferParams are the optional parameters of Player.Transfer.
type TransferParams struct {
	// Play starts the playback on the new device. If false, a playback that is paused stays paused.
	Play bool
}

// Transfer moves the playback to another device.
// Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/transfer-a-users-playback
func (s *Player) Transfer(ctx context.Context, deviceID string, p *TransferParams) error {
	body := transfer{argument.Pasted(deviceID), p != nil && p.Play}
	return command(ctx, s.core, operations.PlayerTransfer, nowhere, nil, body)
}

type transfer struct {
	deviceID string
	play     bool
}

// body returns the request body. The API takes a list with exactly one device.
func (t transfer) body() (any, error) {
	if t.deviceID == "" {
		return nil, argument.Errorf("deviceID", t.deviceID, "the id of a device from Player.Devices")
	}
	return struct {
		DeviceIDs []string `json:"device_ids"`
		Play      bool     `json:"play,omitzero"`
	}{[]string{t.deviceID}, t.play}, nil
}

// PlayParams are the optional parameters of Player.Play.
type PlayParams struct {
	// DeviceID is as in DeviceParams.
	DeviceID string
	// ContextURI is the URI or link of an album, artist, playlist, show or audiobook to play, or
	// the URI of another PlaybackContext. It excludes URIs.
	ContextURI string
	// URIs are the URIs or links of 1 to 800 tracks and episodes to play. Spotify has responded to
	// 850 with 413.
	URIs []string
	// Offset is the item to start with in an album, a playlist or URIs. If nil, playback starts
	// with the first item, or with any item in shuffle mode.
	Offset *PlayOffset
	// Position is the position in the first item, zero or more, in whole milliseconds.
	Position time.Duration
}

// PlayOffset is the item to start with: by its index or by its URI.
type PlayOffset struct {
	// Position is the item's index, 0 for the first item.
	Position int
	// URI is the item's URI or link. It excludes a Position other than 0.
	URI string
}

// Play starts the playback of p.ContextURI or p.URIs. If both are empty, it resumes a paused
// playback. With a context or URIs it is not idempotent, because the playback starts from the
// beginning, so it is not retried if it may have been applied.
// Requires Spotify Premium. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/start-a-users-playback
func (s *Player) Play(ctx context.Context, p *PlayParams) error {
	return command(ctx, s.core, operations.PlayerPlay, nowhere, p, p)
}

func (p *PlayParams) isResume() bool { return p == nil || p.ContextURI == "" && len(p.URIs) == 0 }

func (p *PlayParams) query(q *query) {
	if p != nil {
		q.str("device_id", argument.Pasted(p.DeviceID))
	}
}

type playBody struct {
	ContextURI string      `json:"context_uri,omitzero"`
	URIs       []string    `json:"uris,omitempty"`
	Offset     *playOffset `json:"offset,omitzero"`
	PositionMS int64       `json:"position_ms,omitzero"`
}

type playOffset struct {
	Position *int   `json:"position,omitzero"`
	URI      string `json:"uri,omitzero"`
}

// body returns the request body, nil if there is nothing to send.
func (p *PlayParams) body() (any, error) {
	if p == nil {
		return nil, nil
	}
	switch {
	case p.ContextURI != "" && p.URIs != nil:
		return nil, argument.Exclusive("URIs", "ContextURI")
	case p.URIs != nil && (len(p.URIs) == 0 || len(p.URIs) > operations.PlayerPlay.MaxItems):
		return nil, argument.Described(
			"URIs",
			strconv.Itoa(len(p.URIs))+" of them",
			"1 to %d, or nil",
			operations.PlayerPlay.MaxItems,
		)
	case p.Offset != nil && p.isResume():
		return nil, argument.Described("Offset", "without ContextURI and URIs", "one of them with it, or nil")
	case p.Position < 0 || p.Position > longestPosition:
		return nil, argument.Errorf("Position", p.Position, "0 to %v", longestPosition)
	}
	body := playBody{PositionMS: p.Position.Milliseconds()}
	var err error
	if body.ContextURI, err = contextURI(p.ContextURI); err != nil {
		return nil, err
	}
	if body.URIs, err = checkURIs("URIs", p.URIs, playable...); err != nil {
		return nil, err
	}
	if body.Offset, err = p.Offset.body(); err != nil {
		return nil, err
	}
	if p.isResume() && body.PositionMS == 0 {
		return nil, nil
	}
	return body, nil
}

func (o *PlayOffset) body() (*playOffset, error) {
	switch {
	case o == nil:
		return nil, nil
	case o.URI == "" && o.Position >= 0 && o.Position <= math.MaxInt32:
		return &playOffset{Position: &o.Position}, nil
	case o.URI == "":
		return nil, argument.Errorf("Offset.Position", o.Position, "0 to %d", math.MaxInt32)
	case o.Position != 0:
		return nil, argument.Exclusive("Offset.Position", "Offset.URI")
	}
	uri, err := checkURI("Offset.URI", o.URI, playable...)
	return &playOffset{URI: uri}, err
}

// playable are the kinds of items, and contexts the kinds of lists that can be played.
var (
	playable = []Kind{KindTrack, KindEpisode, KindChapter}
	contexts = []Kind{KindAlbum, KindArtist, KindPlaylist, KindShow, KindAudiobook}
)

// contextURI returns the URI of a context. It accepts spotify: URIs of unknown kinds, because the
// player has contexts that no other operation takes, such as spotify:user:…:collection.
func contextURI(s string) (string, error) {
	s = argument.Pasted(s)
	_, _, known := splitURI(s)
	if s == "" || !known && strings.HasPrefix(s, "spotify:") && !strings.ContainsFunc(s, isControl) &&
		utf8.ValidString(s) {
		return s, nil
	}
	return checkURI("ContextURI", s, contexts...)
}

package resources

import (
	"context"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// DeviceParams say on which device a command of the player works.
type DeviceParams struct {
	// DeviceID is the device's, as Player.Devices tells it. Empty is the active one; without one the answer is 404, reason NO_ACTIVE_DEVICE.
	DeviceID string
}

func (p *DeviceParams) query(q *query) {
	if p != nil {
		q.str("device_id", argument.Pasted(p.DeviceID))
	}
}

// with adds a command's own arguments to the device.
func (p *DeviceParams) with(add func(*query)) querier {
	return queryFunc(func(q *query) {
		add(q)
		p.query(q)
	})
}

// Pause stops what is playing. Pausing what is paused is an error of Spotify's: 403, "Restriction violated".
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/pause-a-users-playback
func (s *Player) Pause(ctx context.Context, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerPause, nowhere, p, nil)
}

// Next goes on to the next item. It is not sent again where it may have been obeyed, since that would skip two.
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-next-track
func (s *Player) Next(ctx context.Context, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerNext, nowhere, p, nil)
}

// Previous goes back to the item before. It is not sent again where it may have been obeyed, since that would skip two.
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-previous-track
func (s *Player) Previous(ctx context.Context, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerPrevious, nowhere, p, nil)
}

// Seek goes to a position in what is playing, zero or more, in whole milliseconds. One past the end goes on to the next item.
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/seek-to-position-in-currently-playing-track
func (s *Player) Seek(ctx context.Context, position time.Duration, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerSeek, nowhere, p.with(func(q *query) { q.position("position_ms", "position", position) }), nil)
}

// SetVolume sets the volume in percent, 0 to 100. Not every device lets others set it: Device.SupportsVolume says so.
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/set-volume-for-users-playback
func (s *Player) SetVolume(ctx context.Context, percent int, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerVolume, nowhere, p.with(func(q *query) { q.integer("volume_percent", "percent", percent, 0, 100) }), nil)
}

// SetRepeat sets what is repeated: RepeatTrack, RepeatContext or RepeatOff.
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/set-repeat-mode-on-users-playback
func (s *Player) SetRepeat(ctx context.Context, state RepeatState, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerRepeat, nowhere, p.with(func(q *query) { choice(q, "state", "state", state, repeatStates) }), nil)
}

// SetShuffle sets whether items come in random order. It sets, it does not toggle.
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/toggle-shuffle-for-users-playback
func (s *Player) SetShuffle(ctx context.Context, on bool, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerShuffle, nowhere, p.with(func(q *query) { q.truth("state", on) }), nil)
}

// AddToQueue puts a track or an episode, named by its URI or address, behind what was queued before. It is not sent again where it may have been obeyed,
// since that would queue it twice. Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/add-to-queue
func (s *Player) AddToQueue(ctx context.Context, uri string, p *DeviceParams) error {
	return command(ctx, s.core, operations.PlayerAddToQueue, nowhere, p.with(func(q *query) { q.uri("uri", "uri", uri, playable...) }), nil)
}

// TransferParams are the optional parameters of Player.Transfer.
type TransferParams struct {
	// Play starts playing on the device. Without it, what was paused stays paused.
	Play bool
}

// Transfer lets what is playing go on on another device.
// Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/transfer-a-users-playback
func (s *Player) Transfer(ctx context.Context, deviceID string, p *TransferParams) error {
	return command(ctx, s.core, operations.PlayerTransfer, nowhere, nil, transfer{argument.Pasted(deviceID), p != nil && p.Play})
}

type transfer struct {
	deviceID string
	play     bool
}

// payload is the body: it has a list, in which the API takes exactly one device.
func (t transfer) body() (any, error) {
	if t.deviceID == "" {
		return nil, argument.Errorf("deviceID", t.deviceID, "the id of one of the devices that Player.Devices returns")
	}
	return struct {
		DeviceIDs []string `json:"device_ids"`
		Play      bool     `json:"play,omitzero"`
	}{[]string{t.deviceID}, t.play}, nil
}

// PlayParams are the optional parameters of Player.Play.
type PlayParams struct {
	// DeviceID is the device's, as Player.Devices tells it. Empty is the active one; without one the answer is 404, reason NO_ACTIVE_DEVICE.
	DeviceID string
	// ContextURI is what to play: the URI or address of an album, artist, playlist, show or audiobook, or the URI of another Context that the player has named.
	ContextURI string
	// URIs are the tracks and episodes to play in place of a context, at most 800: to 850 Spotify has answered 413.
	URIs []string
	// Offset is where in an album, playlist or list of URIs to begin, nil for the beginning, or anywhere with shuffle on.
	Offset *PlayOffset
	// Position is where in the first item to begin, zero or more, in whole milliseconds.
	Position time.Duration
}

// PlayOffset is an item of what is to be played: by its place or by its URI.
type PlayOffset struct {
	// Position is the item's index, from zero.
	Position int
	// URI is the item's URI or address.
	URI string
}

// Play goes on with what was paused, if p names nothing to play, and plays what it names otherwise. The latter is not sent again where it may have been obeyed,
// since it starts from the beginning. Premium users only. Scope: user-modify-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/start-a-users-playback
func (s *Player) Play(ctx context.Context, p *PlayParams) error {
	if p.isResume() {
		return command(ctx, s.core, operations.PlayerPlay, nowhere, p, p)
	}
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

// payload is the body, none where there is nothing to say.
func (p *PlayParams) body() (any, error) {
	if p == nil {
		return nil, nil
	}
	switch {
	case p.ContextURI != "" && p.URIs != nil:
		return nil, argument.Errorf("URIs", len(p.URIs), "none beside ContextURI: it takes one of the two")
	case p.URIs != nil && (len(p.URIs) == 0 || len(p.URIs) > operations.PlayerPlay.MaxItems):
		return nil, argument.Errorf("URIs", len(p.URIs), "1 to %d, or nil", operations.PlayerPlay.MaxItems)
	case p.Offset != nil && p.isResume():
		return nil, argument.Errorf("Offset", *p.Offset, "only with ContextURI or URIs")
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
		return nil, argument.Errorf("Offset.Position", o.Position, "none beside Offset.URI: it takes one of the two")
	}
	uri, err := checkURI("Offset.URI", o.URI, playable...)
	return &playOffset{URI: uri}, err
}

// playable are the kinds that are played themselves, contexts those whose parts are.
var (
	playable = []Kind{KindTrack, KindEpisode, KindChapter}
	contexts = []Kind{KindAlbum, KindArtist, KindPlaylist, KindShow, KindAudiobook}
)

// contextURI checks what is to be played. The player has contexts that no other operation knows, such as spotify:user:…:collection, and may get more.
func contextURI(s string) (string, error) {
	s = argument.Pasted(s)
	_, _, known := splitURI(s)
	if s == "" || !known && strings.HasPrefix(s, "spotify:") && !strings.ContainsFunc(s, isControl) && utf8.ValidString(s) {
		return s, nil
	}
	return checkURI("ContextURI", s, contexts...)
}

package resources

import (
	"context"
	"time"

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
func (t transfer) payload() (any, error) {
	if t.deviceID == "" {
		return nil, argument.Errorf("deviceID", t.deviceID, "the id of one of the devices that Player.Devices returns")
	}
	return struct {
		DeviceIDs []string `json:"device_ids"`
		Play      bool     `json:"play,omitzero"`
	}{[]string{t.deviceID}, t.play}, nil
}

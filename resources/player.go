package resources

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/internal/redact"
)

// Player reads and controls a user's playback.
type Player struct{ core *core }

// State returns the user's playback with the active device. It returns nil and no error if no
// device is active. Scope: user-read-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback
func (s *Player) State(ctx context.Context, p *GetParams) (*PlaybackState, error) {
	return fetch[PlaybackState](ctx, s.core, operations.PlayerState, nowhere, withEpisodes(p))
}

// CurrentlyPlaying returns the item that is playing, without the device. It returns nil and no
// error if nothing is playing. Scope: user-read-currently-playing.
//
// https://developer.spotify.com/documentation/web-api/reference/get-the-users-currently-playing-track
func (s *Player) CurrentlyPlaying(ctx context.Context, p *GetParams) (*CurrentlyPlaying, error) {
	return fetch[CurrentlyPlaying](ctx, s.core, operations.PlayerCurrentlyPlaying, nowhere, withEpisodes(p))
}

// Devices returns the devices that are available for playback: switched on, logged in and able to
// be controlled remotely. Scope: user-read-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-users-available-devices
func (s *Player) Devices(ctx context.Context) ([]Device, error) {
	return list[Device](ctx, s.core, operations.PlayerDevices, nowhere, nil)
}

// Queue returns the item that is playing and the queue. Spotify returns about 20 items, and repeats
// items if the queue is shorter. Scopes: user-read-currently-playing, user-read-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/get-queue
func (s *Player) Queue(ctx context.Context) (*Queue, error) {
	return fetch[Queue](ctx, s.core, operations.PlayerQueue, nowhere, nil)
}

// withEpisodes adds the parameter for episodes to p.
func withEpisodes(p *GetParams) querier {
	return queryFunc(func(q *query) {
		q.withEpisodes()
		p.query(q)
	})
}

// withEpisodes adds the parameter for clients that know episodes. Without it Spotify sends episodes
// in the form of tracks, or null.
func (q *query) withEpisodes() { q.add("additional_types", "track,episode") }

// CurrentlyPlaying is the item that a user is playing.
type CurrentlyPlaying struct {
	// Item is the track or episode. It has neither during an ad, in a private session, and if
	// Spotify does not send it.
	Item Playable `json:"item"`
	// CurrentlyPlayingType is the kind of Item, also if Item is empty.
	CurrentlyPlayingType CurrentlyPlayingType `json:"currently_playing_type"`
	// IsPlaying is false if the item is paused.
	IsPlaying bool `json:"is_playing"`
	// ProgressMS is the position in the item, in milliseconds. Progress returns it as a
	// time.Duration.
	ProgressMS int `json:"progress_ms"`
	// Timestamp is the time of the last change of state, in milliseconds since 1970. Changed
	// returns it as a time.Time.
	Timestamp int64 `json:"timestamp"`
	// Context is the album, playlist or other list that the item is played from, zero if there is
	// none.
	Context PlaybackContext `json:"context,omitzero"`
	// Actions has the actions that are not allowed now.
	Actions Actions `json:"actions"`
}

// Progress returns the position in the item when Spotify sent the response.
func (c *CurrentlyPlaying) Progress() time.Duration { return milliseconds(c.ProgressMS) }

// Changed returns the time of the last change of state (start, pause, seek), or the zero time if it
// is unknown.
func (c *CurrentlyPlaying) Changed() time.Time {
	if c.Timestamp == 0 {
		return time.Time{}
	}
	return time.UnixMilli(c.Timestamp)
}

// String returns the item, the position and the state in one line: "Slow Tide – Nina Vale (3:45),
// paused at 1:01".
func (c CurrentlyPlaying) String() string {
	state := "paused"
	if c.IsPlaying {
		state = "playing"
	}
	return fmt.Sprintf("%v, %s at %s", c.Item, state, FormatDuration(c.Progress()))
}

// PlaybackState is a user's playback: the item, the device and the modes. The API reference calls
// it CurrentlyPlayingContext.
type PlaybackState struct {
	CurrentlyPlaying
	// Device is the active device.
	Device      Device      `json:"device"`
	RepeatState RepeatState `json:"repeat_state"`
	// ShuffleState reports whether items are played in random order, and SmartShuffle whether
	// Spotify adds recommended items.
	ShuffleState bool `json:"shuffle_state"`
	SmartShuffle bool `json:"smart_shuffle"`
}

// String returns the item, the position, the state and the device in one line.
func (s PlaybackState) String() string {
	return s.CurrentlyPlaying.String() + " on " + line(s.Device.Name, s.Device.ID, "", "")
}

// RepeatState is the repeat mode.
type RepeatState string

// The repeat modes of the API.
const (
	RepeatOff     RepeatState = "off"
	RepeatTrack   RepeatState = "track"
	RepeatContext RepeatState = "context"
)

var repeatStates = []RepeatState{RepeatTrack, RepeatContext, RepeatOff}

// CurrentlyPlayingType is a kind of item that is played. Spotify may also send values other than
// the constants.
type CurrentlyPlayingType string

// The kinds in the API reference.
const (
	PlayingTrack   CurrentlyPlayingType = "track"
	PlayingEpisode CurrentlyPlayingType = "episode"
	PlayingAd      CurrentlyPlayingType = "ad"
	PlayingUnknown CurrentlyPlayingType = "unknown"
)

// PlaybackContext is the album, playlist or other list that an item is played from.
type PlaybackContext struct {
	Type ContextType `json:"type"`
	// URI and Href identify the list: in players, in the API.
	URI          string       `json:"uri"`
	Href         string       `json:"href"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// String returns the URI of the list.
func (c PlaybackContext) String() string { return line("", c.URI, "", "") }

// ContextType is the kind of a PlaybackContext. Spotify also sends values other than the constants.
type ContextType string

// The kinds of contexts that Spotify is known to send.
const (
	ContextAlbum    ContextType = "album"
	ContextArtist   ContextType = "artist"
	ContextPlaylist ContextType = "playlist"
	ContextShow     ContextType = "show"
	// ContextCollection is the user's liked songs, and ContextYourEpisodes the saved episodes.
	ContextCollection   ContextType = "collection"
	ContextYourEpisodes ContextType = "collectionyourepisodes"
)

// Actions has the actions that the player does not allow now.
type Actions struct {
	Disallows Disallows `json:"disallows" bare:"true"`
}

// Disallows is true for each action that is not allowed now. Spotify responds with 403 to a command
// that tries it.
type Disallows struct {
	InterruptingPlayback  bool `json:"interrupting_playback"`
	Pausing               bool `json:"pausing"`
	Resuming              bool `json:"resuming"`
	Seeking               bool `json:"seeking"`
	SkippingNext          bool `json:"skipping_next"`
	SkippingPrev          bool `json:"skipping_prev"`
	TogglingRepeatContext bool `json:"toggling_repeat_context"`
	TogglingRepeatTrack   bool `json:"toggling_repeat_track"`
	TogglingShuffle       bool `json:"toggling_shuffle"`
	TransferringPlayback  bool `json:"transferring_playback"`
}

// Queue is the item that is playing and the queue after it.
type Queue struct {
	// CurrentlyPlaying is the track or episode that is playing. It has neither if nothing is
	// playing.
	CurrentlyPlaying Playable `json:"currently_playing"`
	// Queue has the next items, without null elements.
	Queue []Playable `json:"queue"`
}

// String returns the item that is playing and the number of items after it.
func (q Queue) String() string { return fmt.Sprintf("%v, then %d", q.CurrentlyPlaying, len(q.Queue)) }

// Device is a device that can play.
type Device struct {
	// ID identifies the device for some time, not permanently. It is empty if the device cannot be
	// controlled.
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Type DeviceType `json:"type"`
	// IsActive reports whether the device is the one that is playing, or paused.
	IsActive bool `json:"is_active"`
	// IsPrivateSession reports whether the device is in a private session.
	IsPrivateSession bool `json:"is_private_session"`
	// IsRestricted reports whether the device takes no commands from the Web API.
	IsRestricted bool `json:"is_restricted"`
	// VolumePercent is the volume, 0 to 100, nil if it is unknown.
	VolumePercent *int `json:"volume_percent"`
	// SupportsVolume reports whether Player.SetVolume can set the volume.
	SupportsVolume bool `json:"supports_volume"`
}

// String returns the device in one line: "Kitchen (Speaker, active, volume 40%)".
func (d Device) String() string {
	details := []string{redact.Text(string(d.Type), longestLine)}
	if d.IsActive {
		details = append(details, "active")
	}
	if d.IsRestricted {
		details = append(details, "restricted")
	}
	if d.VolumePercent != nil {
		details = append(details, fmt.Sprintf("volume %d%%", *d.VolumePercent))
	}
	return line(d.Name, d.ID, "", strings.Join(details, ", "))
}

// DeviceType is a kind of device. Spotify also sends values other than the constants, and the
// constants in any case, so values should be compared with Is.
type DeviceType string

// The kinds of devices that Spotify is known to send.
const (
	DeviceComputer    DeviceType = "Computer"
	DeviceTablet      DeviceType = "Tablet"
	DeviceSmartphone  DeviceType = "Smartphone"
	DeviceSpeaker     DeviceType = "Speaker"
	DeviceTV          DeviceType = "TV"
	DeviceAVR         DeviceType = "AVR"
	DeviceSTB         DeviceType = "STB"
	DeviceAudioDongle DeviceType = "AudioDongle"
	DeviceGameConsole DeviceType = "GameConsole"
	DeviceCastVideo   DeviceType = "CastVideo"
	DeviceCastAudio   DeviceType = "CastAudio"
	DeviceAutomobile  DeviceType = "Automobile"
	DeviceUnknown     DeviceType = "Unknown"
)

// Is reports whether both kinds are equal, ignoring case.
func (t DeviceType) Is(other DeviceType) bool { return strings.EqualFold(string(t), string(other)) }

package resources

import (
	"context"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Player reads and steers what a user is listening to.
type Player struct{ core *core }

// State returns what is playing, where, and how. It is nil, without an error, when no device is active.
// Scope: user-read-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback
func (s *Player) State(ctx context.Context, p *GetParams) (*PlaybackState, error) {
	return fetch[PlaybackState](ctx, s.core, operations.PlayerState, nowhere, withEpisodes(p))
}

// CurrentlyPlaying returns what is playing, without the device. It is nil, without an error, when nothing is.
// Scope: user-read-currently-playing.
//
// https://developer.spotify.com/documentation/web-api/reference/get-the-users-currently-playing-track
func (s *Player) CurrentlyPlaying(ctx context.Context, p *GetParams) (*CurrentlyPlaying, error) {
	return fetch[CurrentlyPlaying](ctx, s.core, operations.PlayerCurrentlyPlaying, nowhere, withEpisodes(p))
}

// Devices returns the devices that the user could play on now: those that are switched on, are logged in and can be steered from elsewhere.
// Scope: user-read-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-users-available-devices
func (s *Player) Devices(ctx context.Context) ([]Device, error) {
	return list[Device](ctx, s.core, operations.PlayerDevices, nowhere, nil)
}

// Queue returns what is playing and what comes next. Spotify names some 20 items and repeats what it has too few of.
// Scopes: user-read-currently-playing, user-read-playback-state.
//
// https://developer.spotify.com/documentation/web-api/reference/get-queue
func (s *Player) Queue(ctx context.Context) (*Queue, error) {
	return fetch[Queue](ctx, s.core, operations.PlayerQueue, nowhere, nil)
}

// withEpisodes adds the episodes to what a client takes.
func withEpisodes(p *GetParams) querier {
	return queryFunc(func(q *query) {
		q.episodesToo()
		p.query(q)
	})
}

// CurrentlyPlaying is what a user is listening to.
type CurrentlyPlaying struct {
	// Item is the track or episode; neither during an ad, in a private session, and where Spotify does not say.
	Item Playable `json:"item"`
	// CurrentlyPlayingType is what kind of thing Item is, or would be.
	CurrentlyPlayingType CurrentlyPlayingType `json:"currently_playing_type"`
	// IsPlaying is false where the item is paused.
	IsPlaying bool `json:"is_playing"`
	// ProgressMS is how far the item has come, in milliseconds; Progress returns it as a time.Duration.
	ProgressMS int `json:"progress_ms"`
	// Timestamp is when the state last changed, in milliseconds since 1970; Changed returns it as a time.Time.
	Timestamp int64 `json:"timestamp"`
	// Context is what the item is played from, zero where it is nothing.
	Context PlaybackContext `json:"context,omitzero"`
	// Actions says what cannot be done now.
	Actions Actions `json:"actions"`
}

// Progress returns how far the item had come when the answer was made.
func (c *CurrentlyPlaying) Progress() time.Duration { return milliseconds(c.ProgressMS) }

// Changed returns when the state last changed: an item was begun, paused, sought in. The zero time is unknown.
func (c *CurrentlyPlaying) Changed() time.Time {
	if c.Timestamp == 0 {
		return time.Time{}
	}
	return time.UnixMilli(c.Timestamp)
}

// PlaybackState is what a user is listening to, on what, and how. The reference calls it CurrentlyPlayingContext.
type PlaybackState struct {
	CurrentlyPlaying
	// Device is the active one.
	Device      Device      `json:"device"`
	RepeatState RepeatState `json:"repeat_state"`
	// ShuffleState says that items come in random order, SmartShuffle that Spotify mixes its own suggestions in.
	ShuffleState bool `json:"shuffle_state"`
	SmartShuffle bool `json:"smart_shuffle"`
}

// RepeatState is what is played again when it has ended.
type RepeatState string

// The states that there are.
const (
	RepeatOff     RepeatState = "off"
	RepeatTrack   RepeatState = "track"
	RepeatContext RepeatState = "context"
)

var repeatStates = []RepeatState{RepeatTrack, RepeatContext, RepeatOff}

// CurrentlyPlayingType is a kind of thing that is played. Values beyond the constants may come.
type CurrentlyPlayingType string

// The kinds of the reference.
const (
	PlayingTrack   CurrentlyPlayingType = "track"
	PlayingEpisode CurrentlyPlayingType = "episode"
	PlayingAd      CurrentlyPlayingType = "ad"
	PlayingUnknown CurrentlyPlayingType = "unknown"
)

// Context is what an item is played from.
type PlaybackContext struct {
	Type ContextType `json:"type"`
	// URI and Href name it: for players, for the API.
	URI          string       `json:"uri"`
	Href         string       `json:"href"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// ContextType is a kind of thing that items are played from. Values beyond the constants come.
type ContextType string

// The kinds that are known.
const (
	ContextAlbum    ContextType = "album"
	ContextArtist   ContextType = "artist"
	ContextPlaylist ContextType = "playlist"
	ContextShow     ContextType = "show"
	// ContextCollection is what the user has liked, ContextYourEpisodes the episodes that the user has saved.
	ContextCollection   ContextType = "collection"
	ContextYourEpisodes ContextType = "collectionyourepisodes"
)

// Actions says what a player does not let its user do now.
type Actions struct {
	Disallows Disallows `json:"disallows" bare:"true"`
}

// Disallows has true for what cannot be done now; a command that tries gets 403.
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

// Queue is what is playing and what comes next.
type Queue struct {
	// CurrentlyPlaying is the track or episode that is playing, neither if nothing is.
	CurrentlyPlaying Playable `json:"currently_playing"`
	// Queue is what comes next, without the null elements in it.
	Queue []Playable `json:"queue"`
}

// Device is something that plays.
type Device struct {
	// ID names the device for some time, not for good. It is empty where the device cannot be steered.
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Type DeviceType `json:"type"`
	// IsActive says that it is the one that plays, or would if nothing was paused.
	IsActive bool `json:"is_active"`
	// IsPrivateSession says that what is played shall not be known to others.
	IsPrivateSession bool `json:"is_private_session"`
	// IsRestricted says that it takes no commands from the Web API.
	IsRestricted bool `json:"is_restricted"`
	// VolumePercent is the volume, 0 to 100, nil where Spotify does not know it.
	VolumePercent *int `json:"volume_percent"`
	// SupportsVolume says that it can be set.
	SupportsVolume bool `json:"supports_volume"`
}

// DeviceType is a kind of device. Values beyond the constants come, and these in any case: compare with Is.
type DeviceType string

// Kinds of devices that were seen.
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

// Is reports whether both are the same kind, in whatever case they are written.
func (t DeviceType) Is(other DeviceType) bool { return strings.EqualFold(string(t), string(other)) }

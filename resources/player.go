package resources

import (
	"context"

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

package resources

import "context"

// Tracks gets tracks, and the ones a user has saved.
type Tracks struct{ core *core }

// Get returns a track. id is a bare id, a spotify: URI or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-track
func (s *Tracks) Get(ctx context.Context, id string, p *GetParams) (*Track, error) {
	return fetch[Track](ctx, s.core, trackGet, at(KindTrack, id), p)
}

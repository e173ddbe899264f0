package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Tracks gets tracks, what Spotify's analysis hears in them, and the ones a user has saved.
type Tracks struct{ core *core }

// Get returns a track. id is a bare id, a spotify: URI or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-track
func (s *Tracks) Get(ctx context.Context, id string, p *GetParams) (*Track, error) {
	return fetch[Track](ctx, s.core, operations.TrackGet, at(KindTrack, id), p)
}

// GetMany returns any number of tracks, in the order of ids, several calls at a time: 50 tracks a call with extended quota, one without.
// A track that cannot be had is nil, and the error, a *ManyError, says why. Tracks named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-tracks
func (s *Tracks) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Track, error) {
	return getMany[Track](ctx, s.core, operations.TrackGet, operations.TrackGetSeveral, KindTrack, ids, p)
}

// Saved returns one page of the tracks in the user's library, the latest first. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks
func (s *Tracks) Saved(ctx context.Context, p *PageParams) (*Page[SavedTrack], error) {
	return fetch[Page[SavedTrack]](ctx, s.core, operations.TracksSaved, nowhere, p)
}

// AllSaved walks over the tracks in the user's library, from p.Offset on, as Saved returns them.
func (s *Tracks) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedTrack, error] {
	return walk(ctx, s.core, operations.TracksSaved, p, s.Saved)
}

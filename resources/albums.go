package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Albums gets albums, and the ones a user has saved.
type Albums struct{ core *core }

// Get returns an album. id is a bare id, a spotify: URI or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-album
func (s *Albums) Get(ctx context.Context, id string, p *GetParams) (*Album, error) {
	return fetch[Album](ctx, s.core, operations.AlbumGet, at(KindAlbum, id), p)
}

// GetMany returns any number of albums, in the order of ids, several calls at a time: 20 albums a call with extended quota, one without.
// An album that cannot be had is nil, and the error, a *ManyError, says why. Albums named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-albums
func (s *Albums) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Album, error) {
	return getMany[Album](ctx, s.core, operations.AlbumGet, operations.AlbumGetSeveral, KindAlbum, ids, p)
}

// Tracks returns one page of an album's tracks. Limit is 1 to 50, 20 if zero.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-albums-tracks
func (s *Albums) Tracks(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedTrack], error) {
	return fetch[Page[SimplifiedTrack]](ctx, s.core, operations.AlbumTracks, at(KindAlbum, id), p)
}

// AllTracks walks over an album's tracks, from p.Offset on, as Tracks returns them.
func (s *Albums) AllTracks(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedTrack, error] {
	return walk(ctx, s.core, operations.AlbumTracks, p, of(id, s.Tracks))
}

// Saved returns one page of the albums in the user's library, the latest first. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-albums
func (s *Albums) Saved(ctx context.Context, p *PageParams) (*Page[SavedAlbum], error) {
	return fetch[Page[SavedAlbum]](ctx, s.core, operations.AlbumsSaved, nowhere, p)
}

// AllSaved walks over the albums in the user's library, from p.Offset on, as Saved returns them.
func (s *Albums) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedAlbum, error] {
	return walk(ctx, s.core, operations.AlbumsSaved, p, s.Saved)
}

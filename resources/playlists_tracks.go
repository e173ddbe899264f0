package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// playlists_older.go calls what new apps cannot: the operations that said tracks before they said items, and those on other users.

// Tracks returns one page of what is in a playlist. Limit is 1 to 100, 20 if zero.
// Scope: playlist-read-private, for the user's private ones.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Items.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlists-tracks
func (s *Playlists) Tracks(ctx context.Context, id string, p *PlaylistItemsParams) (*Page[PlaylistItem], error) {
	return fetch[Page[PlaylistItem]](ctx, s.core, operations.PlaylistTracks, at(KindPlaylist, id), p)
}

// AllTracks walks over what is in a playlist, from p.Offset on, as Tracks returns it.
//
// Deprecated: as Tracks is. Use AllItems.
func (s *Playlists) AllTracks(ctx context.Context, id string, p *PlaylistItemsParams) iter.Seq2[PlaylistItem, error] {
	return walk(ctx, s.core, operations.PlaylistTracks, p, of(id, s.Tracks))
}

// AddTracks adds tracks and episodes to a playlist, as AddItems does.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use AddItems.
//
// https://developer.spotify.com/documentation/web-api/reference/add-tracks-to-playlist
func (s *Playlists) AddTracks(ctx context.Context, id string, uris []string, p *AddItemsParams) (snapshotID string, err error) {
	return s.add(ctx, operations.PlaylistAddTracks, id, uris, p)
}

type removeTracksBody struct {
	Tracks     []itemRef `json:"tracks"`
	SnapshotID string    `json:"snapshot_id,omitzero"`
}

// RemoveTracks removes tracks and episodes from a playlist, as RemoveItems does.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use RemoveItems.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-tracks-playlist
func (s *Playlists) RemoveTracks(ctx context.Context, id string, uris []string, p *RemoveItemsParams) (snapshotID string, err error) {
	return s.remove(ctx, operations.PlaylistRemoveTracks, id, uris, p, func(items []itemRef, snapshot string) any { return removeTracksBody{items, snapshot} })
}

// ReplaceTracks makes tracks and episodes all that there is in a playlist, as ReplaceItems does.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use ReplaceItems.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-tracks
func (s *Playlists) ReplaceTracks(ctx context.Context, id string, uris []string) (snapshotID string, err error) {
	return s.replace(ctx, operations.PlaylistUpdateTracks, operations.PlaylistAddTracks, id, uris)
}

// ReorderTracks moves what is in a playlist, as ReorderItems does.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use ReorderItems.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-tracks
func (s *Playlists) ReorderTracks(ctx context.Context, id string, rangeStart, insertBefore int, p *ReorderItemsParams) (snapshotID string, err error) {
	return s.reorder(ctx, operations.PlaylistUpdateTracks, id, rangeStart, insertBefore, p)
}

// OfUser returns one page of the playlists that a user owns or follows and shows to others. Limit is 1 to 50, 20 if zero.
// Scopes: playlist-read-private and playlist-read-collaborative, for the token's own user.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Mine has those of the token's user; for others there is nothing.
//
// https://developer.spotify.com/documentation/web-api/reference/get-list-users-playlists
func (s *Playlists) OfUser(ctx context.Context, id string, p *ListParams) (*Page[SimplifiedPlaylist], error) {
	return fetch[Page[SimplifiedPlaylist]](ctx, s.core, operations.PlaylistsOfUser, at(KindUser, id), p)
}

// AllOfUser walks over the playlists of a user, from p.Offset on, as OfUser returns them.
//
// Deprecated: as OfUser is. Use AllMine for the token's user.
func (s *Playlists) AllOfUser(ctx context.Context, id string, p *ListParams) iter.Seq2[SimplifiedPlaylist, error] {
	return walk(ctx, s.core, operations.PlaylistsOfUser, p, of(id, s.OfUser))
}

// CreateForUser makes an empty playlist as Create does, for a user who must be the token's own.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Create.
//
// https://developer.spotify.com/documentation/web-api/reference/create-playlist-for-user
func (s *Playlists) CreateForUser(ctx context.Context, id string, p *CreatePlaylistParams) (*Playlist, error) {
	return s.create(ctx, operations.PlaylistCreateForUser, at(KindUser, id), p)
}

package resources

// The methods in this file are closed to apps in development mode since 11 February 2026.

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Tracks returns one page of a playlist's items. Limit is 1 to 100, 20 if zero.
// Scope: playlist-read-private, for the user's private playlists.
//
// Closed to apps in development mode since 11 February 2026 (403); use Items.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlists-tracks
func (s *Playlists) Tracks(ctx context.Context, id string, p *PlaylistItemsParams) (*Page[PlaylistItem], error) {
	return fetch[Page[PlaylistItem]](ctx, s.core, operations.PlaylistTracks, at(KindPlaylist, id), p)
}

// AllTracks iterates over a playlist's items from p.Offset on. It is closed to the same apps as
// Tracks; use AllItems.
func (s *Playlists) AllTracks(
	ctx context.Context, id string, p *PlaylistItemsParams,
) iter.Seq2[PlaylistItem, error] {
	return paginate(ctx, s.core, operations.PlaylistTracks, p.paginated(), of(id, s.Tracks))
}

// AddTracks adds tracks and episodes to a playlist, as AddItems does.
//
// Closed to apps in development mode since 11 February 2026 (403); use AddItems.
//
// https://developer.spotify.com/documentation/web-api/reference/add-tracks-to-playlist
func (s *Playlists) AddTracks(
	ctx context.Context, id string, uris []string, p *AddItemsParams,
) (snapshotID string, err error) {
	return s.add(ctx, operations.PlaylistAddTracks, id, uris, p)
}

type removeTracksBody struct {
	Tracks     []itemRef `json:"tracks"`
	SnapshotID string    `json:"snapshot_id,omitzero"`
}

// RemoveTracks removes tracks and episodes from a playlist, as RemoveItems does.
//
// Closed to apps in development mode since 11 February 2026 (403); use RemoveItems.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-tracks-playlist
func (s *Playlists) RemoveTracks(
	ctx context.Context, id string, uris []string, p *RemoveItemsParams,
) (snapshotID string, err error) {
	body := func(items []itemRef, snapshot string) any { return removeTracksBody{items, snapshot} }
	return s.remove(ctx, operations.PlaylistRemoveTracks, id, uris, p, body)
}

// ReplaceTracks replaces all items of a playlist, as ReplaceItems does.
//
// Closed to apps in development mode since 11 February 2026 (403); use ReplaceItems.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-tracks
func (s *Playlists) ReplaceTracks(ctx context.Context, id string, uris []string) (snapshotID string, err error) {
	return s.replace(ctx, operations.PlaylistUpdateTracks, operations.PlaylistAddTracks, id, uris)
}

// ReorderTracks moves items of a playlist, as ReorderItems does.
//
// Closed to apps in development mode since 11 February 2026 (403); use ReorderItems.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-tracks
func (s *Playlists) ReorderTracks(
	ctx context.Context, id string, rangeStart, insertBefore int, p *ReorderItemsParams,
) (snapshotID string, err error) {
	return s.reorder(ctx, operations.PlaylistUpdateTracks, id, rangeStart, insertBefore, p)
}

// OfUser returns one page of the public playlists that a user owns or follows. Limit is 1 to 50, 20
// if zero. Scopes: playlist-read-private and playlist-read-collaborative, for the token's own user.
//
// Closed to apps in development mode since 11 February 2026 (403). Mine returns the playlists of
// the token's user; for other users there is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-list-users-playlists
func (s *Playlists) OfUser(ctx context.Context, id string, p *ListParams) (*Page[SimplifiedPlaylist], error) {
	return fetch[Page[SimplifiedPlaylist]](ctx, s.core, operations.PlaylistsOfUser, at(KindUser, id), p)
}

// AllOfUser iterates over the public playlists of a user from p.Offset on. It is closed to the same
// apps as OfUser; use AllMine for the token's user.
func (s *Playlists) AllOfUser(ctx context.Context, id string, p *ListParams) iter.Seq2[SimplifiedPlaylist, error] {
	return paginate(ctx, s.core, operations.PlaylistsOfUser, p, of(id, s.OfUser))
}

// CreateForUser creates an empty playlist for a user, as Create does. The user must be the token's
// own.
//
// Closed to apps in development mode since 11 February 2026 (403); use Create.
//
// https://developer.spotify.com/documentation/web-api/reference/create-playlist-for-user
func (s *Playlists) CreateForUser(ctx context.Context, id string, p *CreatePlaylistParams) (*Playlist, error) {
	return s.create(ctx, operations.PlaylistCreateForUser, at(KindUser, id), p)
}

// FollowPlaylistParams are the optional parameters of Playlists.Follow.
type FollowPlaylistParams struct {
	// Public says whether the playlist is on the user's profile. If nil, it is.
	Public *bool `json:"public,omitzero"`
}

// Follow adds a playlist to the user's library.
// Scope: playlist-modify-public, or playlist-modify-private to follow it privately.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/follow-playlist
func (s *Playlists) Follow(ctx context.Context, id string, p *FollowPlaylistParams) error {
	if p == nil {
		p = &FollowPlaylistParams{}
	}
	return command(ctx, s.core, operations.PlaylistFollow, at(KindPlaylist, id), nil, p)
}

// Unfollow removes a playlist from the user's library.
// Scope: playlist-modify-public, or playlist-modify-private for one that is followed privately.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/unfollow-playlist
func (s *Playlists) Unfollow(ctx context.Context, id string) error {
	return command(ctx, s.core, operations.PlaylistUnfollow, at(KindPlaylist, id), nil, nil)
}

// Follows reports whether the user follows a playlist.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-if-user-follows-playlist
func (s *Playlists) Follows(ctx context.Context, id string) (bool, error) {
	got, err := fetch[[]bool](ctx, s.core, operations.PlaylistFollowers, at(KindPlaylist, id), nil)
	if err != nil {
		return false, err
	}
	return len(*got) > 0 && (*got)[0], nil
}

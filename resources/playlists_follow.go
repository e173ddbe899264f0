package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// FollowPlaylistParams are the optional parameters of Playlists.Follow.
type FollowPlaylistParams struct {
	// Public says whether the playlist is shown on the user's profile; it is if nil.
	Public *bool `json:"public,omitzero"`
}

// Follow puts a playlist into the user's library.
// Scope: playlist-modify-public, or playlist-modify-private to follow it in private.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/follow-playlist
func (s *Playlists) Follow(ctx context.Context, id string, p *FollowPlaylistParams) error {
	if p == nil {
		p = &FollowPlaylistParams{}
	}
	return command(ctx, s.core, operations.PlaylistFollow, at(KindPlaylist, id), nil, p)
}

// Unfollow takes a playlist out of the user's library.
// Scope: playlist-modify-public, or playlist-modify-private for one that is followed in private.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/unfollow-playlist
func (s *Playlists) Unfollow(ctx context.Context, id string) error {
	return command(ctx, s.core, operations.PlaylistUnfollow, at(KindPlaylist, id), nil, nil)
}

// Follows reports whether the user follows a playlist.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-if-user-follows-playlist
func (s *Playlists) Follows(ctx context.Context, id string) (bool, error) {
	got, err := fetch[[]bool](ctx, s.core, operations.PlaylistFollowers, at(KindPlaylist, id), nil)
	if err != nil {
		return false, err
	}
	return len(*got) > 0 && (*got)[0], nil
}

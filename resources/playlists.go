package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Playlists gets, makes and changes playlists.
type Playlists struct{ core *core }

// Get returns a playlist. id is a bare id, a spotify: URI or an open.spotify.com address. What is in it comes as its first page only, and for apps in development mode
// since February 2026 not at all, unless the user owns the playlist or may change it. Playlists made by Spotify itself are not there (404) for apps made after 27 November 2024.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlist
func (s *Playlists) Get(ctx context.Context, id string, p *GetPlaylistParams) (*Playlist, error) {
	return fetch[Playlist](ctx, s.core, operations.PlaylistGet, at(KindPlaylist, id), p)
}

// Items returns one page of what is in a playlist. Limit is 1 to 50, 20 if zero. Apps in development mode get 403 since February 2026, unless the user owns the playlist or may change it.
// Scope: playlist-read-private, for the user's private ones.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlists-items
func (s *Playlists) Items(ctx context.Context, id string, p *PlaylistItemsParams) (*Page[PlaylistItem], error) {
	return fetch[Page[PlaylistItem]](ctx, s.core, operations.PlaylistItems, at(KindPlaylist, id), p)
}

// AllItems walks over what is in a playlist, from p.Offset on, as Items returns it. Where p.Fields leaves out what tells the pages apart, AllItems asks for that as well.
func (s *Playlists) AllItems(ctx context.Context, id string, p *PlaylistItemsParams) iter.Seq2[PlaylistItem, error] {
	return walk(ctx, s.core, operations.PlaylistItems, p, of(id, s.Items))
}

// Mine returns one page of the playlists that the user owns or follows. Limit is 1 to 50, 20 if zero.
// Scopes: playlist-read-private for private ones, playlist-read-collaborative for collaborative ones.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists
func (s *Playlists) Mine(ctx context.Context, p *ListParams) (*Page[SimplifiedPlaylist], error) {
	return fetch[Page[SimplifiedPlaylist]](ctx, s.core, operations.PlaylistsMine, nowhere, p)
}

// AllMine walks over the playlists that the user owns or follows, from p.Offset on, as Mine returns them.
func (s *Playlists) AllMine(ctx context.Context, p *ListParams) iter.Seq2[SimplifiedPlaylist, error] {
	return walk(ctx, s.core, operations.PlaylistsMine, p, s.Mine)
}

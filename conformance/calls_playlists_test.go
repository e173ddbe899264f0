package conformance

// calls_playlists_test.go calls what has to do with playlists.

import (
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

var (
	getPlaylist = &resources.GetPlaylistParams{Market: "DE", Fields: "!images"}
	getItems    = &resources.PlaylistItemsParams{Limit: 50, Offset: 1, Market: "DE", Fields: "!href"}
)

var playlistCalls = []call{
	{"Playlists.Get", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.Get(c, mock.PlaylistID, given(full, getPlaylist))
	}},
	{"Playlists.Items", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.Items(c, mock.PlaylistID, given(full, getItems))
	}},
	{"Playlists.AllItems", func(c ctx, s api, full bool) (any, error) {
		return first(s.Playlists.AllItems(c, mock.PlaylistID, given(full, getItems)))
	}},
	{"Playlists.Mine", func(c ctx, s api, full bool) (any, error) { return s.Playlists.Mine(c, given(full, listed)) }},
	{"Playlists.AllMine", func(c ctx, s api, full bool) (any, error) { return first(s.Playlists.AllMine(c, given(full, listed))) }},
}

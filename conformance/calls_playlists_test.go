package conformance

import (
	"bytes"
	"image"
	"image/jpeg"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// version is a snapshot id that no playlist has had.
const version = "AAAAAQ=="

var (
	getPlaylist = &resources.GetPlaylistParams{Market: "DE", Fields: "!images"}
	getItems    = &resources.PlaylistItemsParams{
		Market:     "DE",
		Fields:     "href,items,limit,next,offset,previous,total",
		ListParams: resources.ListParams{Limit: 50, Offset: 1},
	}
	addItems    = &resources.AddItemsParams{Position: new(0)}
	removeItems = &resources.RemoveItemsParams{SnapshotID: version}
	reorder     = &resources.ReorderItemsParams{RangeLength: 1, SnapshotID: version}
	uris        = []string{uri(resources.KindTrack, mock.TrackID), uri(resources.KindEpisode, mock.EpisodeID)}
)

// created are two playlists: one with only a name, one with every field set.
var created = map[bool]*resources.CreatePlaylistParams{
	false: {Name: "Afternoons"},
	true:  {Name: "Afternoons", Public: new(false), Collaborative: true, Description: "After lunch."},
}

var changed = map[bool]*resources.ChangeDetailsParams{
	false: {Name: "Evenings"},
	true:  {Name: "Evenings", Public: new(false), Collaborative: new(true), Description: new("After dinner.")},
}

// cover is a small JPEG.
var cover = func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

var playlistCalls = []call{
	{"Playlists.Get", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.Get(c, mock.PlaylistID, given(full, getPlaylist))
	}},

	{"Playlists.Get: long", func(c ctx, s api, _ bool) (any, error) { return s.Playlists.Get(c, longPlaylist, nil) }},
	{
		"Playlists.Get: another's",
		func(c ctx, s api, _ bool) (any, error) { return s.Playlists.Get(c, otherPlaylist, nil) },
	},

	{"Playlists.Items", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.Items(c, mock.PlaylistID, given(full, getItems))
	}},
	{"Playlists.AllItems", func(c ctx, s api, full bool) (any, error) {
		return first(s.Playlists.AllItems(c, mock.PlaylistID, given(full, getItems)))
	}},
	{"Playlists.AddItems", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.AddItems(c, mock.PlaylistID, uris, given(full, addItems))
	}},
	{"Playlists.ReorderItems", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.ReorderItems(c, mock.PlaylistID, 0, 2, given(full, reorder))
	}},
	{"Playlists.RemoveEntries", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.RemoveEntries(c, mock.PlaylistID, []resources.PlaylistItem{{
			Item: resources.Playable{
				Track: &resources.Track{SimplifiedTrack: resources.SimplifiedTrack{URI: "spotify:track:" + mock.TrackID}},
			},
		}}, given(full, removeItems))
	}},
	{"Playlists.RemoveItems", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.RemoveItems(c, mock.PlaylistID, uris, given(full, removeItems))
	}},
	{
		"Playlists.ReplaceItems",
		func(c ctx, s api, _ bool) (any, error) { return s.Playlists.ReplaceItems(c, mock.PlaylistID, uris) },
	},

	{"Playlists.Tracks", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.Tracks(c, mock.PlaylistID, given(full, getItems))
	}},
	{"Playlists.AllTracks", func(c ctx, s api, full bool) (any, error) {
		return first(s.Playlists.AllTracks(c, mock.PlaylistID, given(full, getItems)))
	}},
	{"Playlists.AddTracks", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.AddTracks(c, mock.PlaylistID, uris, given(full, addItems))
	}},
	{"Playlists.ReorderTracks", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.ReorderTracks(c, mock.PlaylistID, 0, 2, given(full, reorder))
	}},
	{"Playlists.RemoveTracks", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.RemoveTracks(c, mock.PlaylistID, uris, given(full, removeItems))
	}},
	{
		"Playlists.ReplaceTracks",
		func(c ctx, s api, _ bool) (any, error) { return s.Playlists.ReplaceTracks(c, mock.PlaylistID, uris) },
	},

	{"Playlists.Mine", func(c ctx, s api, full bool) (any, error) { return s.Playlists.Mine(c, given(full, listed)) }},
	{
		"Playlists.AllMine",
		func(c ctx, s api, full bool) (any, error) { return first(s.Playlists.AllMine(c, given(full, listed))) },
	},
	{"Playlists.OfUser", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.OfUser(c, mock.UserID, given(full, listed))
	}},
	{"Playlists.AllOfUser", func(c ctx, s api, full bool) (any, error) {
		return first(s.Playlists.AllOfUser(c, mock.UserID, given(full, listed)))
	}},
	{"Playlists.Create", func(c ctx, s api, full bool) (any, error) { return s.Playlists.Create(c, created[full]) }},
	{"Playlists.CreateForUser", func(c ctx, s api, full bool) (any, error) {
		return s.Playlists.CreateForUser(c, mock.UserID, created[full])
	}},
	{"Playlists.ChangeDetails", func(c ctx, s api, full bool) (any, error) {
		return nil, s.Playlists.ChangeDetails(c, mock.PlaylistID, changed[full])
	}},
	{
		"Playlists.CoverImages",
		func(c ctx, s api, _ bool) (any, error) { return s.Playlists.CoverImages(c, mock.PlaylistID) },
	},
	{"Playlists.UploadCoverImage", func(c ctx, s api, _ bool) (any, error) {
		return nil, s.Playlists.UploadCoverImage(c, mock.PlaylistID, cover)
	}},

	{"Browse.FeaturedPlaylists", func(c ctx, s api, full bool) (any, error) {
		return s.Browse.FeaturedPlaylists(c, given(full, featured))
	}},
	{"Browse.AllFeaturedPlaylists", func(c ctx, s api, full bool) (any, error) {
		return first(s.Browse.AllFeaturedPlaylists(c, given(full, featured)))
	}},
	{"Browse.CategoryPlaylists", func(c ctx, s api, full bool) (any, error) {
		return s.Browse.CategoryPlaylists(c, category, given(full, listed))
	}},
	{"Browse.AllCategoryPlaylists", func(c ctx, s api, full bool) (any, error) {
		return first(s.Browse.AllCategoryPlaylists(c, category, given(full, listed)))
	}},
}

package main

import (
	"errors"
	"slices"
	"testing"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify/mock"
)

// visitor uses zmb3/spotify with the fake, over a socket. zmb3/spotify only has operations from
// before February 2026.
type visitor struct {
	*testing.T
	*zmb3.Client
}

func visit(t *testing.T, more ...mock.Option) visitor {
	server := mock.NewServer(t, append(more, mock.WithExtendedQuota())...)
	return visitor{t, peer(server.Client().Transport, zmb3.WithBaseURL(server.BaseURL+"/"))}
}

func (v visitor) must(what string, err error) {
	v.Helper()
	if err != nil {
		v.Fatalf("%s: %v", what, err)
	}
}

func same[T comparable](v visitor, what string, got, want T) {
	v.Helper()
	if got != want {
		v.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestPeerReadsCatalogue(t *testing.T) {
	v, ctx := visit(t), t.Context()
	album, err := v.GetAlbum(ctx, mock.AlbumID)
	v.must("album", err)
	same(v, "the album's artist", album.Artists[0].ID, mock.ArtistID)
	same(v, "the album's first track", album.Tracks.Tracks[0].ID, mock.TrackID)
	tracks, err := v.GetAlbumTracks(ctx, mock.AlbumID, zmb3.Limit(1))
	v.must("tracks", err)
	walked := len(tracks.Tracks)
	for v.NextPage(ctx, tracks) == nil {
		walked += len(tracks.Tracks)
	}
	same(v, "tracks page by page", walked, int(album.TotalTracks))
	albums, err := v.GetAlbums(ctx, []zmb3.ID{mock.AlbumID, "0000000000000000000000"})
	v.must("albums", err)
	same(v, "one album and none", albums[0] != nil && albums[1] == nil, true)
	_, err = v.GetArtist(ctx, mock.ArtistID)
	v.must("artist", err)
	_, err = v.GetTrack(ctx, mock.TrackID)
	v.must("track", err)
	_, err = v.GetShow(ctx, mock.ShowID)
	v.must("show", err)
	found, err := v.Search(ctx, album.Artists[0].Name, zmb3.SearchTypeArtist|zmb3.SearchTypeAlbum|zmb3.SearchTypeTrack)
	v.must("search", err)
	same(v, "the artist found", found.Artists.Artists[0].ID, mock.ArtistID)
	same(v, "something of each kind", len(found.Albums.Albums) > 0 && len(found.Tracks.Tracks) > 0, true)
	_, err = v.GetAlbum(ctx, "0000000000000000000000")
	if refused, ok := errors.AsType[zmb3.Error](err); !ok || refused.Status != 404 || refused.Message == "" {
		t.Errorf("an album that is not there: %#v", err)
	}
}

func TestPeerChangesPlaylist(t *testing.T) {
	v, ctx := visit(t), t.Context()
	album, err := v.GetAlbum(ctx, mock.AlbumID)
	v.must("album", err)
	first, second := album.Tracks.Tracks[0].ID, album.Tracks.Tracks[1].ID
	order := func(id zmb3.ID) (ids []zmb3.ID) {
		page, err := v.GetPlaylistItems(ctx, id)
		v.must("items", err)
		for _, item := range page.Items {
			ids = append(ids, item.Track.Track.ID)
		}
		return ids
	}
	want := func(what string, id zmb3.ID, ids ...zmb3.ID) {
		if got := order(id); !slices.Equal(got, ids) {
			t.Errorf("%s: the playlist has %v, want %v", what, got, ids)
		}
	}

	list, err := v.CreatePlaylistForUser(ctx, mock.UserID, "Boats", "small ones", false, false)
	v.must("create", err)
	same(v, "its name", list.Name, "Boats")
	one, err := v.AddTracksToPlaylist(ctx, list.ID, first, second)
	v.must("add", err)
	want("added", list.ID, first, second)
	two, err := v.ReorderPlaylistTracks(
		ctx,
		list.ID,
		zmb3.PlaylistReorderOptions{RangeStart: 0, InsertBefore: 2, SnapshotID: one},
	)
	v.must("reorder", err)
	same(v, "a snapshot of its own", two != "" && two != one, true)
	want("reordered", list.ID, second, first)
	_, err = v.RemoveTracksFromPlaylist(ctx, list.ID, second)
	v.must("remove", err)
	want("removed", list.ID, first)
	_, err = v.ReplacePlaylistItems(ctx, list.ID, zmb3.URI("spotify:track:"+second))
	v.must("replace", err)
	want("replaced", list.ID, second)
	v.must("rename", v.ChangePlaylistName(ctx, list.ID, "Ships"))
	whole, err := v.GetPlaylist(ctx, list.ID)
	v.must("playlist", err)
	same(v, "its new name", whole.Name, "Ships")
	same(v, "how much is in it", int(whole.Tracks.Total), 1)
	mine, err := v.CurrentUsersPlaylists(ctx)
	v.must("mine", err)
	same(
		v,
		"the user has it",
		slices.ContainsFunc(mine.Playlists, func(p zmb3.SimplePlaylist) bool { return p.ID == list.ID }),
		true,
	)
	v.must("unfollow", v.UnfollowPlaylist(ctx, list.ID))
	mine, err = v.CurrentUsersPlaylists(ctx)
	v.must("mine", err)
	same(
		v,
		"the user still has it",
		slices.ContainsFunc(mine.Playlists, func(p zmb3.SimplePlaylist) bool { return p.ID == list.ID }),
		false,
	)
}

func TestPeerSteersPlayer(t *testing.T) {
	v, ctx := visit(t), t.Context()
	devices, err := v.PlayerDevices(ctx)
	v.must("devices", err)
	v.must("transfer", v.TransferPlayback(ctx, devices[0].ID, false))
	uri := zmb3.URI("spotify:album:" + mock.AlbumID)
	v.must("play", v.PlayOpt(ctx, &zmb3.PlayOptions{PlaybackContext: &uri}))
	playing, err := v.PlayerCurrentlyPlaying(ctx)
	v.must("currently playing", err)
	same(v, "what plays", playing.Item.ID, mock.TrackID)
	same(v, "that it plays", playing.Playing, true)
	v.must("queue a track", v.QueueSong(ctx, mock.TrackID))
	queue, err := v.GetQueue(ctx)
	v.must("queue", err)
	same(v, "what is next", queue.Items[0].ID, mock.TrackID)
	v.must("next", v.Next(ctx))
	v.must("seek", v.Seek(ctx, 1000))
	v.must("volume", v.Volume(ctx, 40))
	v.must("repeat", v.Repeat(ctx, "track"))
	v.must("shuffle", v.Shuffle(ctx, true))
	v.must("pause", v.Pause(ctx))
	state, err := v.PlayerState(ctx)
	v.must("state", err)
	same(v, "that it plays", state.Playing, false)
	same(v, "the volume", int(state.Device.Volume), 40)
	same(v, "repeat", state.RepeatState, "track")
	same(v, "shuffle", state.ShuffleState, true)
	v.must("go on", v.Play(ctx))
	_, err = v.PlayerRecentlyPlayed(ctx)
	v.must("recently played", err)
}

func TestPeerKeepsLibrary(t *testing.T) {
	v, ctx := visit(t), t.Context()
	has := func(what string, want bool, check func() ([]bool, error)) {
		t.Helper()
		got, err := check()
		v.must(what, err)
		same(v, what, got[0], want)
	}
	tracks := func() ([]bool, error) { return v.UserHasTracks(ctx, mock.TrackID) }
	v.must("remove a track", v.RemoveTracksFromLibrary(ctx, mock.TrackID))
	has("the track before", false, tracks)
	v.must("save a track", v.AddTracksToLibrary(ctx, mock.TrackID))
	has("the saved track", true, tracks)
	saved, err := v.CurrentUsersTracks(ctx)
	v.must("saved tracks", err)
	same(v, "the latest", saved.Tracks[0].ID, mock.TrackID)

	albums := func() ([]bool, error) { return v.UserHasAlbums(ctx, mock.AlbumID) }
	v.must("save an album", v.AddAlbumsToLibrary(ctx, mock.AlbumID))
	has("the saved album", true, albums)
	v.must("remove an album", v.RemoveAlbumsFromLibrary(ctx, mock.AlbumID))
	has("the removed album", false, albums)

	v.must("save a show", v.SaveShowsForCurrentUser(ctx, []zmb3.ID{mock.ShowID}))
	shows, err := v.CurrentUsersShows(ctx)
	v.must("saved shows", err)
	same(v, "the show", shows.Shows[0].ID, mock.ShowID)
	v.must("follow", v.FollowArtist(ctx, mock.ArtistID))
	has("the artist", true, func() ([]bool, error) { return v.CurrentUserFollows(ctx, "artist", mock.ArtistID) })
	v.must("unfollow", v.UnfollowArtist(ctx, mock.ArtistID))
	me, err := v.CurrentUser(ctx)
	v.must("me", err)
	same(v, "me", me.ID, mock.UserID)
}

// TestPeerWithoutExtendedQuota checks that an app without extended quota gets the fake's 403, as it
// would get Spotify's.
func TestPeerWithoutExtendedQuota(t *testing.T) {
	server := mock.NewServer(t)
	client := peer(server.Client().Transport, zmb3.WithBaseURL(server.BaseURL+"/"))
	if _, err := client.GetAlbums(t.Context(), []zmb3.ID{mock.AlbumID}); err == nil {
		t.Error("a batch operation succeeds for an app in development mode")
	}
	if _, err := client.GetAlbum(t.Context(), mock.AlbumID); err != nil {
		t.Error(err)
	}
}

package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// by returns the call with this name and no optional parameters.
func by(method string) func(ctx, api) error {
	for _, c := range calls {
		if c.method == method {
			return func(ctx ctx, s api) error {
				_, err := c.do(ctx, s, false)
				return err
			}
		}
	}
	panic("no call of " + method)
}

// attemptsCases returns at least one request for each operation: several where the request decides
// whether it is idempotent.
func attemptsCases(t *testing.T) []attemptsCase {
	t.Helper()
	type (
		z = *zmb3.Client
		c = ctx
	)
	var playlist struct {
		SnapshotID string `json:"snapshot_id"`
	}
	if err := json.Unmarshal(ask(t, fake(t, mock.WithExtendedQuota()), "GET", "/playlists/"+mock.PlaylistID, ""),
		&playlist); err != nil {
		t.Fatal(err)
	}
	var (
		version   = playlist.SnapshotID
		snapshots = &resources.RemoveItemsParams{SnapshotID: version}
		items     = "/playlists/" + mock.PlaylistID + "/items"
		older     = "/playlists/" + mock.PlaylistID + "/tracks"
		added     = `{"uris":["` + trackURI + `"]}`
		moved     = `{"range_start":0,"insert_before":2}`
		removed   = func(member, more string) string {
			return `{"` + member + `":[{"uri":"` + trackURI + `"` + more + `}]`
		}
		snapshotted = `,"snapshot_id":"` + version + `"}`
		positioned  = `,"positions":[0]`
		picture     = base64.StdEncoding.EncodeToString(cover)
		listContext = zmb3.URI(contextIn)
		playURIs    = &resources.PlayParams{URIs: []string{trackURI}}
		playAlbum   = &resources.PlayParams{ContextURI: contextIn}
		playFrom    = &resources.PlayParams{Position: 5 * time.Second}
		seeds       = zmb3.Seeds{Artists: []zmb3.ID{mock.ArtistID}}
		kinds       = zmb3.SearchTypeAlbum | zmb3.SearchTypeArtist
	)
	return []attemptsCase{
		// Albums.
		{
			"get-an-album",
			"",
			"GET /albums/" + mock.AlbumID,
			"",
			by("Albums.Get"),
			func(c c, z z) (any, error) { return z.GetAlbum(c, mock.AlbumID) },
		},
		{
			"get-multiple-albums",
			"",
			"GET /albums?ids=" + mock.AlbumID,
			"",
			by("Albums.GetMany"),
			func(c c, z z) (any, error) { return z.GetAlbums(c, []zmb3.ID{mock.AlbumID}) },
		},
		{
			"get-an-albums-tracks",
			"",
			"GET /albums/" + mock.AlbumID + "/tracks",
			"",
			by("Albums.Tracks"),
			func(c c, z z) (any, error) { return z.GetAlbumTracks(c, mock.AlbumID) },
		},
		{
			"get-users-saved-albums",
			"",
			"GET /me/albums",
			"",
			by("Albums.Saved"),
			func(c c, z z) (any, error) { return z.CurrentUsersAlbums(c) },
		},
		{
			"save-albums-user",
			"",
			"PUT /me/albums?ids=" + mock.AlbumID,
			"",
			by("Albums.Save"),
			func(c c, z z) (any, error) { return nil, z.AddAlbumsToLibrary(c, mock.AlbumID) },
		},
		{
			"remove-albums-user",
			"",
			"DELETE /me/albums?ids=" + mock.AlbumID,
			"",
			by("Albums.Remove"),
			func(c c, z z) (any, error) { return nil, z.RemoveAlbumsFromLibrary(c, mock.AlbumID) },
		},
		{
			"check-users-saved-albums",
			"",
			"GET /me/albums/contains?ids=" + mock.AlbumID,
			"",
			by("Albums.Contains"),
			func(c c, z z) (any, error) { return z.UserHasAlbums(c, mock.AlbumID) },
		},
		{
			"get-new-releases",
			"",
			"GET /browse/new-releases",
			"",
			by("Browse.NewReleases"),
			func(c c, z z) (any, error) { return z.NewReleases(c) },
		},

		// Artists.
		{
			"get-an-artist",
			"",
			"GET /artists/" + mock.ArtistID,
			"",
			by("Artists.Get"),
			func(c c, z z) (any, error) { return z.GetArtist(c, mock.ArtistID) },
		},
		{
			"get-multiple-artists",
			"",
			"GET /artists?ids=" + mock.ArtistID,
			"",
			by("Artists.GetMany"),
			func(c c, z z) (any, error) { return z.GetArtists(c, mock.ArtistID) },
		},
		{
			"get-an-artists-albums",
			"",
			"GET /artists/" + mock.ArtistID + "/albums",
			"",
			by("Artists.Albums"),
			func(c c, z z) (any, error) { return z.GetArtistAlbums(c, mock.ArtistID, nil) },
		},
		{
			"get-an-artists-top-tracks",
			"",
			"GET /artists/" + mock.ArtistID + "/top-tracks",
			"",
			by("Artists.TopTracks"),
			func(c c, z z) (any, error) { return z.GetArtistsTopTracks(c, mock.ArtistID, "DE") },
		},
		{
			"get-an-artists-related-artists",
			"",
			"GET /artists/" + mock.ArtistID + "/related-artists",
			"",
			by("Artists.RelatedArtists"),
			func(c c, z z) (any, error) { return z.GetRelatedArtists(c, mock.ArtistID) },
		},

		// Audiobooks and chapters.
		{"get-an-audiobook", "", "GET /audiobooks/" + mock.AudiobookID, "", by("Audiobooks.Get"), nil},
		{"get-multiple-audiobooks", "", "GET /audiobooks?ids=" + mock.AudiobookID, "", by("Audiobooks.GetMany"), nil},
		{
			"get-audiobook-chapters",
			"",
			"GET /audiobooks/" + mock.AudiobookID + "/chapters",
			"",
			by("Audiobooks.Chapters"),
			nil,
		},
		{"get-users-saved-audiobooks", "", "GET /me/audiobooks", "", by("Audiobooks.Saved"), nil},
		{"save-audiobooks-user", "", "PUT /me/audiobooks?ids=" + mock.AudiobookID, "", by("Audiobooks.Save"), nil},
		{"remove-audiobooks-user", "", "DELETE /me/audiobooks?ids=" + mock.AudiobookID, "", by("Audiobooks.Remove"), nil},
		{
			"check-users-saved-audiobooks",
			"",
			"GET /me/audiobooks/contains?ids=" + mock.AudiobookID,
			"",
			by("Audiobooks.Contains"),
			nil,
		},
		{"get-a-chapter", "", "GET /chapters/" + mock.ChapterID, "", by("Chapters.Get"), nil},
		{"get-several-chapters", "", "GET /chapters?ids=" + mock.ChapterID, "", by("Chapters.GetMany"), nil},

		// Shows and episodes.
		{
			"get-a-show",
			"",
			"GET /shows/" + mock.ShowID,
			"",
			by("Shows.Get"),
			func(c c, z z) (any, error) { return z.GetShow(c, mock.ShowID) },
		},
		{"get-multiple-shows", "", "GET /shows?ids=" + mock.ShowID, "", by("Shows.GetMany"), nil},
		{
			"get-a-shows-episodes",
			"",
			"GET /shows/" + mock.ShowID + "/episodes",
			"",
			by("Shows.Episodes"),
			func(c c, z z) (any, error) { return z.GetShowEpisodes(c, mock.ShowID) },
		},
		{
			"get-users-saved-shows",
			"",
			"GET /me/shows",
			"",
			by("Shows.Saved"),
			func(c c, z z) (any, error) { return z.CurrentUsersShows(c) },
		},
		{
			"save-shows-user",
			"",
			"PUT /me/shows?ids=" + mock.ShowID,
			"",
			by("Shows.Save"),
			func(c c, z z) (any, error) { return nil, z.SaveShowsForCurrentUser(c, []zmb3.ID{mock.ShowID}) },
		},
		{"remove-shows-user", "", "DELETE /me/shows?ids=" + mock.ShowID, "", by("Shows.Remove"), nil},
		{"check-users-saved-shows", "", "GET /me/shows/contains?ids=" + mock.ShowID, "", by("Shows.Contains"), nil},
		{
			"get-an-episode",
			"",
			"GET /episodes/" + mock.EpisodeID,
			"",
			by("Episodes.Get"),
			func(c c, z z) (any, error) { return z.GetEpisode(c, mock.EpisodeID) },
		},
		{"get-multiple-episodes", "", "GET /episodes?ids=" + mock.EpisodeID, "", by("Episodes.GetMany"), nil},
		{"get-users-saved-episodes", "", "GET /me/episodes", "", by("Episodes.Saved"), nil},
		{"save-episodes-user", "", "PUT /me/episodes?ids=" + mock.EpisodeID, "", by("Episodes.Save"), nil},
		{"remove-episodes-user", "", "DELETE /me/episodes?ids=" + mock.EpisodeID, "", by("Episodes.Remove"), nil},
		{
			"check-users-saved-episodes",
			"",
			"GET /me/episodes/contains?ids=" + mock.EpisodeID,
			"",
			by("Episodes.Contains"),
			nil,
		},

		// Tracks.
		{
			"get-track",
			"",
			"GET /tracks/" + mock.TrackID,
			"",
			by("Tracks.Get"),
			func(c c, z z) (any, error) { return z.GetTrack(c, mock.TrackID) },
		},
		{
			"get-several-tracks",
			"",
			"GET /tracks?ids=" + mock.TrackID,
			"",
			by("Tracks.GetMany"),
			func(c c, z z) (any, error) { return z.GetTracks(c, []zmb3.ID{mock.TrackID}) },
		},
		{
			"get-users-saved-tracks",
			"",
			"GET /me/tracks",
			"",
			by("Tracks.Saved"),
			func(c c, z z) (any, error) { return z.CurrentUsersTracks(c) },
		},
		{
			"save-tracks-user",
			"",
			"PUT /me/tracks?ids=" + mock.TrackID,
			"",
			by("Tracks.Save"),
			func(c c, z z) (any, error) { return nil, z.AddTracksToLibrary(c, mock.TrackID) },
		},
		{
			"save-tracks-user",
			"with times",
			"PUT /me/tracks",
			`{"timestamped_ids":[{"id":"` + mock.TrackID + `","added_at":"2020-02-29T12:00:00Z"}]}`,
			by("Tracks.SaveAt"),
			nil,
		},
		{
			"remove-tracks-user",
			"",
			"DELETE /me/tracks?ids=" + mock.TrackID,
			"",
			by("Tracks.Remove"),
			func(c c, z z) (any, error) { return nil, z.RemoveTracksFromLibrary(c, mock.TrackID) },
		},
		{
			"check-users-saved-tracks",
			"",
			"GET /me/tracks/contains?ids=" + mock.TrackID,
			"",
			by("Tracks.Contains"),
			func(c c, z z) (any, error) { return z.UserHasTracks(c, mock.TrackID) },
		},
		{
			"get-several-audio-features",
			"",
			"GET /audio-features?ids=" + mock.TrackID,
			"",
			by("Tracks.ManyAudioFeatures"),
			func(c c, z z) (any, error) { return z.GetAudioFeatures(c, mock.TrackID) },
		},
		{"get-audio-features", "", "GET /audio-features/" + mock.TrackID, "", by("Tracks.AudioFeatures"), nil},
		{
			"get-audio-analysis",
			"",
			"GET /audio-analysis/" + mock.TrackID,
			"",
			by("Tracks.AudioAnalysis"),
			func(c c, z z) (any, error) { return z.GetAudioAnalysis(c, mock.TrackID) },
		},
		{
			"get-recommendations",
			"",
			"GET /recommendations?seed_artists=" + mock.ArtistID,
			"",
			by("Recommendations.Get"),
			func(c c, z z) (any, error) { return z.GetRecommendations(c, seeds, nil) },
		},
		{
			"get-recommendation-genres",
			"",
			"GET /recommendations/available-genre-seeds",
			"",
			by("Recommendations.GenreSeeds"),
			func(c c, z z) (any, error) { return z.GetAvailableGenreSeeds(c) },
		},

		// Search, categories, markets.
		{
			"search",
			"",
			"GET /search?q=" + terms + "&type=album",
			"",
			by("Search.Query"),
			func(c c, z z) (any, error) { return z.Search(c, terms, kinds) },
		},
		{
			"get-categories",
			"",
			"GET /browse/categories",
			"",
			by("Browse.Categories"),
			func(c c, z z) (any, error) { return z.GetCategories(c) },
		},
		{
			"get-a-category",
			"",
			"GET /browse/categories/" + category,
			"",
			by("Browse.Category"),
			func(c c, z z) (any, error) { return z.GetCategory(c, category) },
		},
		{"get-available-markets", "", "GET /markets", "", by("Markets.List"), nil},

		// The library.
		{"save-library-items", "", "PUT /me/library?uris=" + trackURI, "", by("Library.Save"), nil},
		{"remove-library-items", "", "DELETE /me/library?uris=" + trackURI, "", by("Library.Remove"), nil},
		{"check-library-contains", "", "GET /me/library/contains?uris=" + trackURI, "", by("Library.Contains"), nil},

		// Playlists.
		{
			"get-playlist",
			"",
			"GET /playlists/" + mock.PlaylistID,
			"",
			by("Playlists.Get"),
			func(c c, z z) (any, error) { return z.GetPlaylist(c, mock.PlaylistID) },
		},
		{
			"change-playlist-details",
			"",
			"PUT /playlists/" + mock.PlaylistID,
			`{"name":"Evenings"}`,
			by("Playlists.ChangeDetails"),
			func(c c, z z) (any, error) { return nil, z.ChangePlaylistName(c, mock.PlaylistID, "Evenings") },
		},
		{"get-playlists-items", "", "GET " + items, "", by("Playlists.Items"), nil},
		{"add-items-to-playlist", "", "POST " + items, added, by("Playlists.AddItems"), nil},
		{"reorder-or-replace-playlists-items", "replace", "PUT " + items, added, by("Playlists.ReplaceItems"), nil},
		{"reorder-or-replace-playlists-items", "reorder", "PUT " + items, moved, by("Playlists.ReorderItems"), nil},
		{"remove-items-playlist", "", "DELETE " + items, removed("items", "") + "}", by("Playlists.RemoveItems"), nil},
		{"remove-items-playlist", "snapshot", "DELETE " + items, removed("items", "") + snapshotted, func(c c, s api) error {
			_, err := s.Playlists.RemoveItems(c, mock.PlaylistID, uris, snapshots)
			return err
		}, nil},
		{"remove-items-playlist", "positions", "DELETE " + items, removed("items", positioned) + "}", nil, nil},
		{
			"get-playlists-tracks",
			"",
			"GET " + older,
			"",
			by("Playlists.Tracks"),
			func(c c, z z) (any, error) { return z.GetPlaylistItems(c, mock.PlaylistID) },
		},
		{
			"add-tracks-to-playlist",
			"",
			"POST " + older,
			added,
			by("Playlists.AddTracks"),
			func(c c, z z) (any, error) { return z.AddTracksToPlaylist(c, mock.PlaylistID, mock.TrackID) },
		},
		{
			"reorder-or-replace-playlists-tracks",
			"replace",
			"PUT " + older,
			added,
			by("Playlists.ReplaceTracks"),
			func(c c, z z) (any, error) { return z.ReplacePlaylistItems(c, mock.PlaylistID, trackURI) },
		},
		{
			"reorder-or-replace-playlists-tracks",
			"replace, in the query",
			"PUT " + older + "?uris=" + trackURI,
			"",
			nil,
			func(c c, z z) (any, error) { return nil, z.ReplacePlaylistTracks(c, mock.PlaylistID, mock.TrackID) },
		},
		{
			"reorder-or-replace-playlists-tracks",
			"reorder",
			"PUT " + older,
			moved,
			by("Playlists.ReorderTracks"),
			func(c c, z z) (any, error) {
				return z.ReorderPlaylistTracks(c, mock.PlaylistID, zmb3.PlaylistReorderOptions{RangeStart: 0, InsertBefore: 2})
			},
		},
		{
			"remove-tracks-playlist",
			"",
			"DELETE " + older,
			removed("tracks", "") + "}",
			by("Playlists.RemoveTracks"),
			func(c c, z z) (any, error) { return z.RemoveTracksFromPlaylist(c, mock.PlaylistID, mock.TrackID) },
		},
		{
			"remove-tracks-playlist",
			"snapshot",
			"DELETE " + older,
			removed("tracks", "") + snapshotted,
			func(c c, s api) error {
				_, err := s.Playlists.RemoveTracks(c, mock.PlaylistID, uris, snapshots)
				return err
			},
			nil,
		},
		{
			"remove-tracks-playlist",
			"positions",
			"DELETE " + older,
			removed("tracks", positioned) + "}",
			nil,
			func(c c, z z) (any, error) {
				return z.RemoveTracksFromPlaylistOpt(
					c,
					mock.PlaylistID,
					[]zmb3.TrackToRemove{zmb3.NewTrackToRemove(mock.TrackID, []int{0})},
					"",
				)
			},
		},
		{
			"get-a-list-of-current-users-playlists",
			"",
			"GET /me/playlists",
			"",
			by("Playlists.Mine"),
			func(c c, z z) (any, error) { return z.CurrentUsersPlaylists(c) },
		},
		{"create-playlist", "", "POST /me/playlists", `{"name":"Afternoons"}`, by("Playlists.Create"), nil},
		{
			"get-list-users-playlists",
			"",
			"GET /users/" + mock.UserID + "/playlists",
			"",
			by("Playlists.OfUser"),
			func(c c, z z) (any, error) { return z.GetPlaylistsForUser(c, mock.UserID) },
		},
		{
			"create-playlist-for-user",
			"",
			"POST /users/" + mock.UserID + "/playlists",
			`{"name":"Afternoons"}`,
			by("Playlists.CreateForUser"),
			func(c c, z z) (any, error) {
				return z.CreatePlaylistForUser(c, mock.UserID, "Afternoons", "", false, false)
			},
		},
		{
			"get-featured-playlists",
			"",
			"GET /browse/featured-playlists",
			"",
			by("Browse.FeaturedPlaylists"),
			func(c c, z z) (any, error) {
				_, page, err := z.FeaturedPlaylists(c)
				return page, err
			},
		},
		{
			"get-a-categories-playlists",
			"",
			"GET /browse/categories/" + category + "/playlists",
			"",
			by("Browse.CategoryPlaylists"),
			func(c c, z z) (any, error) { return z.GetCategoryPlaylists(c, category) },
		},
		{"get-playlist-cover", "", "GET /playlists/" + mock.PlaylistID + "/images", "", by("Playlists.CoverImages"), nil},
		{
			"upload-custom-playlist-cover",
			"",
			"PUT /playlists/" + mock.PlaylistID + "/images",
			picture,
			by("Playlists.UploadCoverImage"),
			nil,
		},
		{
			"upload-custom-playlist-cover",
			streamed,
			"PUT /playlists/" + mock.PlaylistID + "/images",
			picture,
			nil,
			func(c c, z z) (any, error) {
				return nil, z.SetPlaylistImage(c, mock.PlaylistID, bytes.NewReader(cover))
			},
		},

		// Users.
		{
			"get-current-users-profile",
			"",
			"GET /me",
			"",
			by("Users.Me"),
			func(c c, z z) (any, error) { return z.CurrentUser(c) },
		},
		{
			"get-users-profile",
			"",
			"GET /users/" + mock.UserID,
			"",
			by("Users.Get"),
			func(c c, z z) (any, error) { return z.GetUsersPublicProfile(c, mock.UserID) },
		},
		{
			"follow-playlist",
			"",
			"PUT /playlists/" + otherPlaylist + "/followers",
			`{"public":false}`,
			by("Playlists.Follow"),
			func(c c, z z) (any, error) { return nil, z.FollowPlaylist(c, otherPlaylist, false) },
		},
		{
			"unfollow-playlist",
			"",
			"DELETE /playlists/" + otherPlaylist + "/followers",
			"",
			by("Playlists.Unfollow"),
			func(c c, z z) (any, error) { return nil, z.UnfollowPlaylist(c, otherPlaylist) },
		},
		{
			"get-followed",
			"",
			"GET /me/following?type=artist",
			"",
			by("Users.FollowedArtists"),
			func(c c, z z) (any, error) { return z.CurrentUsersFollowedArtists(c) },
		},
		{
			"follow-artists-users",
			"",
			"PUT /me/following?type=artist&ids=" + mock.ArtistID,
			"",
			by("Users.Follow"),
			func(c c, z z) (any, error) { return nil, z.FollowArtist(c, mock.ArtistID) },
		},
		{
			"unfollow-artists-users",
			"",
			"DELETE /me/following?type=artist&ids=" + mock.ArtistID,
			"",
			by("Users.Unfollow"),
			func(c c, z z) (any, error) { return nil, z.UnfollowArtist(c, mock.ArtistID) },
		},
		{
			"check-current-user-follows",
			"",
			"GET /me/following/contains?type=artist&ids=" + mock.ArtistID,
			"",
			by("Users.Follows"),
			func(c c, z z) (any, error) { return z.CurrentUserFollows(c, "artist", mock.ArtistID) },
		},
		{
			"check-if-user-follows-playlist",
			"",
			"GET /playlists/" + otherPlaylist + "/followers/contains",
			"",
			by("Playlists.Follows"),
			func(c c, z z) (any, error) { return z.UserFollowsPlaylist(c, otherPlaylist, mock.UserID) },
		},
		{
			"get-users-top-artists",
			"",
			"GET /me/top/artists",
			"",
			by("Users.TopArtists"),
			func(c c, z z) (any, error) { return z.CurrentUsersTopArtists(c) },
		},
		{
			"get-users-top-tracks",
			"",
			"GET /me/top/tracks",
			"",
			by("Users.TopTracks"),
			func(c c, z z) (any, error) { return z.CurrentUsersTopTracks(c) },
		},

		// The player.
		{
			"get-information-about-the-users-current-playback",
			"",
			"GET /me/player",
			"",
			by("Player.State"),
			func(c c, z z) (any, error) { return z.PlayerState(c) },
		},
		{
			"transfer-a-users-playback",
			"",
			"PUT /me/player",
			`{"device_ids":["` + deviceID + `"]}`,
			by("Player.Transfer"),
			func(c c, z z) (any, error) { return nil, z.TransferPlayback(c, deviceID, false) },
		},
		{
			"get-a-users-available-devices",
			"",
			"GET /me/player/devices",
			"",
			by("Player.Devices"),
			func(c c, z z) (any, error) { return z.PlayerDevices(c) },
		},
		{
			"get-the-users-currently-playing-track",
			"",
			"GET /me/player/currently-playing",
			"",
			by("Player.CurrentlyPlaying"),
			func(c c, z z) (any, error) { return z.PlayerCurrentlyPlaying(c) },
		},
		{
			"start-a-users-playback",
			"resume",
			"PUT /me/player/play",
			"",
			by("Player.Play"),
			func(c c, z z) (any, error) { return nil, z.Play(c) },
		},
		{
			"start-a-users-playback",
			"resume at a position",
			"PUT /me/player/play",
			`{"position_ms":5000}`,
			func(c c, s api) error { return s.Player.Play(c, playFrom) },
			func(c c, z z) (any, error) {
				return nil, z.PlayOpt(c, &zmb3.PlayOptions{PositionMs: 5000})
			},
		},
		{
			"start-a-users-playback",
			"context",
			"PUT /me/player/play",
			`{"context_uri":"` + contextIn + `"}`,
			func(c c, s api) error { return s.Player.Play(c, playAlbum) },
			func(c c, z z) (any, error) {
				return nil, z.PlayOpt(c, &zmb3.PlayOptions{PlaybackContext: &listContext})
			},
		},
		{
			"start-a-users-playback",
			"uris",
			"PUT /me/player/play",
			added,
			func(c c, s api) error { return s.Player.Play(c, playURIs) },
			func(c c, z z) (any, error) {
				return nil, z.PlayOpt(c, &zmb3.PlayOptions{URIs: []zmb3.URI{trackURI}})
			},
		},
		{
			"pause-a-users-playback",
			"",
			"PUT /me/player/pause",
			"",
			by("Player.Pause"),
			func(c c, z z) (any, error) { return nil, z.Pause(c) },
		},
		{
			"skip-users-playback-to-next-track",
			"",
			"POST /me/player/next",
			"",
			by("Player.Next"),
			func(c c, z z) (any, error) { return nil, z.Next(c) },
		},
		{
			"skip-users-playback-to-previous-track",
			"",
			"POST /me/player/previous",
			"",
			by("Player.Previous"),
			func(c c, z z) (any, error) { return nil, z.Previous(c) },
		},
		{
			"seek-to-position-in-currently-playing-track",
			"",
			"PUT /me/player/seek?position_ms=1000",
			"",
			by("Player.Seek"),
			func(c c, z z) (any, error) { return nil, z.Seek(c, 1000) },
		},
		{
			"set-repeat-mode-on-users-playback",
			"",
			"PUT /me/player/repeat?state=context",
			"",
			by("Player.SetRepeat"),
			func(c c, z z) (any, error) { return nil, z.Repeat(c, "context") },
		},
		{
			"set-volume-for-users-playback",
			"",
			"PUT /me/player/volume?volume_percent=50",
			"",
			by("Player.SetVolume"),
			func(c c, z z) (any, error) { return nil, z.Volume(c, 50) },
		},
		{
			"toggle-shuffle-for-users-playback",
			"",
			"PUT /me/player/shuffle?state=true",
			"",
			by("Player.SetShuffle"),
			func(c c, z z) (any, error) { return nil, z.Shuffle(c, true) },
		},
		{
			"get-recently-played",
			"",
			"GET /me/player/recently-played",
			"",
			by("Player.RecentlyPlayed"),
			func(c c, z z) (any, error) { return z.PlayerRecentlyPlayed(c) },
		},
		{
			"get-queue",
			"",
			"GET /me/player/queue",
			"",
			by("Player.Queue"),
			func(c c, z z) (any, error) { return z.GetQueue(c) },
		},
		{
			"add-to-queue",
			"",
			"POST /me/player/queue?uri=" + trackURI,
			"",
			by("Player.AddToQueue"),
			func(c c, z z) (any, error) { return nil, z.QueueSong(c, mock.TrackID) },
		},
	}
}

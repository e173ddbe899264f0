package operations

import "github.com/seed-2147f1a9/spotify/transport"

// The table has every operation of the Web API
// (https://developer.spotify.com/documentation/web-api), also those that Spotify has closed to
// newer apps.

// Albums.
var (
	AlbumGet          = declare(Operation{Name: "get-an-album", Method: "GET", Path: "/albums/{id}"})
	AlbumGetSeveral   = declare(Operation{Name: "get-multiple-albums", Method: "GET", Path: "/albums", Member: "albums", Access: ExtendedQuota, Replacement: "GET /albums/{id}", MaxItems: 20})
	AlbumTracks       = declare(Operation{Name: "get-an-albums-tracks", Method: "GET", Path: "/albums/{id}/tracks", MaxLimit: 50})
	AlbumsSaved       = declare(Operation{Name: "get-users-saved-albums", Method: "GET", Path: "/me/albums", Scopes: scopes("user-library-read"), MaxLimit: 50})
	AlbumsSave        = declare(Operation{Name: "save-albums-user", Method: "PUT", Path: "/me/albums", Access: ExtendedQuota, Replacement: "PUT /me/library", Scopes: scopes("user-library-modify"), MaxItems: 20, NoContent: true})
	AlbumsRemoveSaved = declare(Operation{Name: "remove-albums-user", Method: "DELETE", Path: "/me/albums", Access: ExtendedQuota, Replacement: "DELETE /me/library", Scopes: scopes("user-library-modify"), MaxItems: 20, NoContent: true})
	AlbumsContains    = declare(Operation{Name: "check-users-saved-albums", Method: "GET", Path: "/me/albums/contains", Access: ExtendedQuota, Replacement: "GET /me/library/contains", Scopes: scopes("user-library-read"), MaxItems: 20})
	BrowseNewReleases = declare(Operation{Name: "get-new-releases", Method: "GET", Path: "/browse/new-releases", Member: "albums", Access: ExtendedQuota, MaxLimit: 50})
)

// Artists.
var (
	ArtistGet        = declare(Operation{Name: "get-an-artist", Method: "GET", Path: "/artists/{id}"})
	ArtistGetSeveral = declare(Operation{Name: "get-multiple-artists", Method: "GET", Path: "/artists", Member: "artists", Access: ExtendedQuota, Replacement: "GET /artists/{id}", MaxItems: 50})
	ArtistAlbums     = declare(Operation{Name: "get-an-artists-albums", Method: "GET", Path: "/artists/{id}/albums", Access: Restricted, MaxLimit: 50, DevelopmentMaxLimit: 10})
	ArtistTopTracks  = declare(Operation{Name: "get-an-artists-top-tracks", Method: "GET", Path: "/artists/{id}/top-tracks", Member: "tracks", Access: ExtendedQuota})
	ArtistRelated    = declare(Operation{Name: "get-an-artists-related-artists", Method: "GET", Path: "/artists/{id}/related-artists", Member: "artists", Access: Legacy})
)

// Audiobooks.
var (
	AudiobookGet          = declare(Operation{Name: "get-an-audiobook", Method: "GET", Path: "/audiobooks/{id}"})
	AudiobookGetSeveral   = declare(Operation{Name: "get-multiple-audiobooks", Method: "GET", Path: "/audiobooks", Member: "audiobooks", Access: ExtendedQuota, Replacement: "GET /audiobooks/{id}", MaxItems: 50})
	AudiobookChapters     = declare(Operation{Name: "get-audiobook-chapters", Method: "GET", Path: "/audiobooks/{id}/chapters", MaxLimit: 50})
	AudiobooksSaved       = declare(Operation{Name: "get-users-saved-audiobooks", Method: "GET", Path: "/me/audiobooks", Scopes: scopes("user-library-read"), MaxLimit: 50})
	AudiobooksSave        = declare(Operation{Name: "save-audiobooks-user", Method: "PUT", Path: "/me/audiobooks", Access: ExtendedQuota, Replacement: "PUT /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	AudiobooksRemoveSaved = declare(Operation{Name: "remove-audiobooks-user", Method: "DELETE", Path: "/me/audiobooks", Access: ExtendedQuota, Replacement: "DELETE /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	AudiobooksContains    = declare(Operation{Name: "check-users-saved-audiobooks", Method: "GET", Path: "/me/audiobooks/contains", Access: ExtendedQuota, Replacement: "GET /me/library/contains", Scopes: scopes("user-library-read"), MaxItems: 50})
)

// Chapters.
var (
	ChapterGet        = declare(Operation{Name: "get-a-chapter", Method: "GET", Path: "/chapters/{id}"})
	ChapterGetSeveral = declare(Operation{Name: "get-several-chapters", Method: "GET", Path: "/chapters", Member: "chapters", Access: ExtendedQuota, Replacement: "GET /chapters/{id}", MaxItems: 50})
)

// Episodes.
var (
	EpisodeGet          = declare(Operation{Name: "get-an-episode", Method: "GET", Path: "/episodes/{id}", Scopes: scopes("user-read-playback-position")})
	EpisodeGetSeveral   = declare(Operation{Name: "get-multiple-episodes", Method: "GET", Path: "/episodes", Member: "episodes", Access: ExtendedQuota, Replacement: "GET /episodes/{id}", Scopes: scopes("user-read-playback-position"), MaxItems: 50})
	EpisodesSaved       = declare(Operation{Name: "get-users-saved-episodes", Method: "GET", Path: "/me/episodes", Scopes: scopes("user-library-read user-read-playback-position"), MaxLimit: 50})
	EpisodesSave        = declare(Operation{Name: "save-episodes-user", Method: "PUT", Path: "/me/episodes", Access: ExtendedQuota, Replacement: "PUT /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	EpisodesRemoveSaved = declare(Operation{Name: "remove-episodes-user", Method: "DELETE", Path: "/me/episodes", Access: ExtendedQuota, Replacement: "DELETE /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	EpisodesContains    = declare(Operation{Name: "check-users-saved-episodes", Method: "GET", Path: "/me/episodes/contains", Access: ExtendedQuota, Replacement: "GET /me/library/contains", Scopes: scopes("user-library-read"), MaxItems: 50})
)

// Shows.
var (
	ShowGet          = declare(Operation{Name: "get-a-show", Method: "GET", Path: "/shows/{id}", Scopes: scopes("user-read-playback-position")})
	ShowGetSeveral   = declare(Operation{Name: "get-multiple-shows", Method: "GET", Path: "/shows", Member: "shows", Access: ExtendedQuota, Replacement: "GET /shows/{id}", MaxItems: 50})
	ShowEpisodes     = declare(Operation{Name: "get-a-shows-episodes", Method: "GET", Path: "/shows/{id}/episodes", Scopes: scopes("user-read-playback-position"), MaxLimit: 50})
	ShowsSaved       = declare(Operation{Name: "get-users-saved-shows", Method: "GET", Path: "/me/shows", Scopes: scopes("user-library-read"), MaxLimit: 50})
	ShowsSave        = declare(Operation{Name: "save-shows-user", Method: "PUT", Path: "/me/shows", Access: ExtendedQuota, Replacement: "PUT /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	ShowsRemoveSaved = declare(Operation{Name: "remove-shows-user", Method: "DELETE", Path: "/me/shows", Access: ExtendedQuota, Replacement: "DELETE /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	ShowsContains    = declare(Operation{Name: "check-users-saved-shows", Method: "GET", Path: "/me/shows/contains", Access: ExtendedQuota, Replacement: "GET /me/library/contains", Scopes: scopes("user-library-read"), MaxItems: 50})
)

// Tracks.
var (
	TrackGet             = declare(Operation{Name: "get-track", Method: "GET", Path: "/tracks/{id}"})
	TrackGetSeveral      = declare(Operation{Name: "get-several-tracks", Method: "GET", Path: "/tracks", Member: "tracks", Access: ExtendedQuota, Replacement: "GET /tracks/{id}", MaxItems: 50})
	TracksSaved          = declare(Operation{Name: "get-users-saved-tracks", Method: "GET", Path: "/me/tracks", Scopes: scopes("user-library-read"), MaxLimit: 50})
	TracksSave           = declare(Operation{Name: "save-tracks-user", Method: "PUT", Path: "/me/tracks", Access: ExtendedQuota, Replacement: "PUT /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	TracksRemoveSaved    = declare(Operation{Name: "remove-tracks-user", Method: "DELETE", Path: "/me/tracks", Access: ExtendedQuota, Replacement: "DELETE /me/library", Scopes: scopes("user-library-modify"), MaxItems: 50, NoContent: true})
	TracksContains       = declare(Operation{Name: "check-users-saved-tracks", Method: "GET", Path: "/me/tracks/contains", Access: ExtendedQuota, Replacement: "GET /me/library/contains", Scopes: scopes("user-library-read"), MaxItems: 50})
	AudioFeaturesSeveral = declare(Operation{Name: "get-several-audio-features", Method: "GET", Path: "/audio-features", Member: "audio_features", Access: Legacy, MaxItems: 100})
	AudioFeatures        = declare(Operation{Name: "get-audio-features", Method: "GET", Path: "/audio-features/{id}", Access: Legacy})
	AudioAnalysis        = declare(Operation{Name: "get-audio-analysis", Method: "GET", Path: "/audio-analysis/{id}", Access: Legacy})
	Recommendations      = declare(Operation{Name: "get-recommendations", Method: "GET", Path: "/recommendations", Access: Legacy, MaxLimit: 100})
)

// Search.
var (
	Search = declare(Operation{Name: "search", Method: "GET", Path: "/search", Ceiling: 1000, Access: Restricted, MaxLimit: 50, DevelopmentMaxLimit: 10})
)

// Library.
var (
	LibrarySave     = declare(Operation{Name: "save-library-items", Method: "PUT", Path: "/me/library", Scopes: scopes("user-library-modify user-follow-modify playlist-modify-public"), MaxItems: 40, NoContent: true})
	LibraryRemove   = declare(Operation{Name: "remove-library-items", Method: "DELETE", Path: "/me/library", Scopes: scopes("user-library-modify user-follow-modify playlist-modify-public"), MaxItems: 40, NoContent: true})
	LibraryContains = declare(Operation{Name: "check-library-contains", Method: "GET", Path: "/me/library/contains", Scopes: scopes("user-library-read user-follow-read playlist-read-private"), MaxItems: 40})
)

// reordering has the members of a reorder. Any one of them makes a request a reorder: an encoder
// that omits zero omits range_start when the first item is moved.
var reordering = []string{"range_start", "range_length", "insert_before"}

// Playlists.
var (
	PlaylistGet             = declare(Operation{Name: "get-playlist", Method: "GET", Path: "/playlists/{playlist_id}", Access: Restricted})
	PlaylistChangeDetails   = declare(Operation{Name: "change-playlist-details", Method: "PUT", Path: "/playlists/{playlist_id}", Scopes: scopes("playlist-modify-public playlist-modify-private"), NoContent: true})
	PlaylistTracks          = declare(Operation{Name: "get-playlists-tracks", Method: "GET", Path: "/playlists/{playlist_id}/tracks", Access: ExtendedQuota, Replacement: "GET /playlists/{playlist_id}/items", Scopes: scopes("playlist-read-private"), MaxLimit: 100})
	PlaylistAddTracks       = declare(Operation{Name: "add-tracks-to-playlist", Method: "POST", Path: "/playlists/{playlist_id}/tracks", Access: ExtendedQuota, Replacement: "POST /playlists/{playlist_id}/items", Scopes: scopes("playlist-modify-public playlist-modify-private"), Idempotency: transport.NotIdempotent, MaxItems: 100})
	PlaylistUpdateTracks    = declare(Operation{Name: "reorder-or-replace-playlists-tracks", Method: "PUT", Path: "/playlists/{playlist_id}/tracks", Access: ExtendedQuota, Replacement: "PUT /playlists/{playlist_id}/items", Scopes: scopes("playlist-modify-public playlist-modify-private"), MaxItems: 100, NotIdempotentWith: reordering})
	PlaylistRemoveTracks    = declare(Operation{Name: "remove-tracks-playlist", Method: "DELETE", Path: "/playlists/{playlist_id}/tracks", Access: ExtendedQuota, Replacement: "DELETE /playlists/{playlist_id}/items", Scopes: scopes("playlist-modify-public playlist-modify-private"), MaxItems: 100, NotIdempotentWith: []string{"positions", "snapshot_id"}})
	PlaylistItems           = declare(Operation{Name: "get-playlists-items", Method: "GET", Path: "/playlists/{playlist_id}/items", Access: Restricted, Scopes: scopes("playlist-read-private"), MaxLimit: 50})
	PlaylistAddItems        = declare(Operation{Name: "add-items-to-playlist", Method: "POST", Path: "/playlists/{playlist_id}/items", Scopes: scopes("playlist-modify-public playlist-modify-private"), Idempotency: transport.NotIdempotent, MaxItems: 100})
	PlaylistUpdateItems     = declare(Operation{Name: "reorder-or-replace-playlists-items", Method: "PUT", Path: "/playlists/{playlist_id}/items", Scopes: scopes("playlist-modify-public playlist-modify-private"), MaxItems: 100, NotIdempotentWith: reordering})
	PlaylistRemoveItems     = declare(Operation{Name: "remove-items-playlist", Method: "DELETE", Path: "/playlists/{playlist_id}/items", Scopes: scopes("playlist-modify-public playlist-modify-private"), MaxItems: 100, NotIdempotentWith: []string{"positions", "snapshot_id"}})
	PlaylistsMine           = declare(Operation{Name: "get-a-list-of-current-users-playlists", Method: "GET", Path: "/me/playlists", Scopes: scopes("playlist-read-private"), MaxLimit: 50})
	PlaylistCreate          = declare(Operation{Name: "create-playlist", Method: "POST", Path: "/me/playlists", Scopes: scopes("playlist-modify-public playlist-modify-private"), Idempotency: transport.NotIdempotent})
	PlaylistsOfUser         = declare(Operation{Name: "get-list-users-playlists", Method: "GET", Path: "/users/{user_id}/playlists", Access: ExtendedQuota, Replacement: "GET /me/playlists", Scopes: scopes("playlist-read-private playlist-read-collaborative"), MaxLimit: 50})
	PlaylistCreateForUser   = declare(Operation{Name: "create-playlist-for-user", Method: "POST", Path: "/users/{user_id}/playlists", Access: ExtendedQuota, Replacement: "POST /me/playlists", Scopes: scopes("playlist-modify-public playlist-modify-private"), Idempotency: transport.NotIdempotent})
	BrowseFeatured          = declare(Operation{Name: "get-featured-playlists", Method: "GET", Path: "/browse/featured-playlists", Access: Legacy, MaxLimit: 50})
	BrowseCategoryPlaylists = declare(Operation{Name: "get-a-categories-playlists", Method: "GET", Path: "/browse/categories/{category_id}/playlists", Access: Legacy, MaxLimit: 50})
	PlaylistCovers          = declare(Operation{Name: "get-playlist-cover", Method: "GET", Path: "/playlists/{playlist_id}/images"})
	PlaylistUploadCover     = declare(Operation{Name: "upload-custom-playlist-cover", Method: "PUT", Path: "/playlists/{playlist_id}/images", Bucket: "cover upload", Scopes: scopes("ugc-image-upload playlist-modify-public playlist-modify-private"), NoContent: true})
)

// Users.
var (
	UserMe            = declare(Operation{Name: "get-current-users-profile", Method: "GET", Path: "/me", Scopes: scopes("user-read-private user-read-email")})
	UserGet           = declare(Operation{Name: "get-users-profile", Method: "GET", Path: "/users/{user_id}", Access: ExtendedQuota, Replacement: "GET /me"})
	PlaylistFollow    = declare(Operation{Name: "follow-playlist", Method: "PUT", Path: "/playlists/{playlist_id}/followers", Access: ExtendedQuota, Replacement: "PUT /me/library", Scopes: scopes("playlist-modify-public playlist-modify-private"), NoContent: true})
	PlaylistUnfollow  = declare(Operation{Name: "unfollow-playlist", Method: "DELETE", Path: "/playlists/{playlist_id}/followers", Access: ExtendedQuota, Replacement: "DELETE /me/library", Scopes: scopes("playlist-modify-public playlist-modify-private"), NoContent: true})
	FollowedArtists   = declare(Operation{Name: "get-followed", Method: "GET", Path: "/me/following", Member: "artists", Scopes: scopes("user-follow-read"), MaxLimit: 50})
	Follow            = declare(Operation{Name: "follow-artists-users", Method: "PUT", Path: "/me/following", Access: ExtendedQuota, Replacement: "PUT /me/library", Scopes: scopes("user-follow-modify"), MaxItems: 50, NoContent: true})
	Unfollow          = declare(Operation{Name: "unfollow-artists-users", Method: "DELETE", Path: "/me/following", Access: ExtendedQuota, Replacement: "DELETE /me/library", Scopes: scopes("user-follow-modify"), MaxItems: 50, NoContent: true})
	FollowContains    = declare(Operation{Name: "check-current-user-follows", Method: "GET", Path: "/me/following/contains", Access: ExtendedQuota, Replacement: "GET /me/library/contains", Scopes: scopes("user-follow-read"), MaxItems: 50})
	PlaylistFollowers = declare(Operation{Name: "check-if-user-follows-playlist", Method: "GET", Path: "/playlists/{playlist_id}/followers/contains", Access: ExtendedQuota, Replacement: "GET /me/library/contains"})
	TopArtists        = declare(Operation{Name: "get-users-top-artists", Method: "GET", Path: "/me/top/artists", Scopes: scopes("user-top-read"), MaxLimit: 50})
	TopTracks         = declare(Operation{Name: "get-users-top-tracks", Method: "GET", Path: "/me/top/tracks", Scopes: scopes("user-top-read"), MaxLimit: 50})
)

// Player.
var (
	PlayerState            = declare(Operation{Name: "get-information-about-the-users-current-playback", Method: "GET", Path: "/me/player", Scopes: scopes("user-read-playback-state"), MayBeEmpty: true})
	PlayerTransfer         = declare(Operation{Name: "transfer-a-users-playback", Method: "PUT", Path: "/me/player", Scopes: scopes("user-modify-playback-state"), NoContent: true})
	PlayerDevices          = declare(Operation{Name: "get-a-users-available-devices", Method: "GET", Path: "/me/player/devices", Member: "devices", Scopes: scopes("user-read-playback-state")})
	PlayerCurrentlyPlaying = declare(Operation{Name: "get-the-users-currently-playing-track", Method: "GET", Path: "/me/player/currently-playing", Scopes: scopes("user-read-currently-playing"), MayBeEmpty: true})
	PlayerPlay             = declare(Operation{Name: "start-a-users-playback", Method: "PUT", Path: "/me/player/play", Scopes: scopes("user-modify-playback-state"), MaxItems: 800, NoContent: true, NotIdempotentWith: []string{"context_uri", "uris"}})
	PlayerPause            = declare(Operation{Name: "pause-a-users-playback", Method: "PUT", Path: "/me/player/pause", Scopes: scopes("user-modify-playback-state"), NoContent: true})
	PlayerNext             = declare(Operation{Name: "skip-users-playback-to-next-track", Method: "POST", Path: "/me/player/next", Scopes: scopes("user-modify-playback-state"), Idempotency: transport.NotIdempotent, NoContent: true})
	PlayerPrevious         = declare(Operation{Name: "skip-users-playback-to-previous-track", Method: "POST", Path: "/me/player/previous", Scopes: scopes("user-modify-playback-state"), Idempotency: transport.NotIdempotent, NoContent: true})
	PlayerSeek             = declare(Operation{Name: "seek-to-position-in-currently-playing-track", Method: "PUT", Path: "/me/player/seek", Scopes: scopes("user-modify-playback-state"), NoContent: true})
	PlayerRepeat           = declare(Operation{Name: "set-repeat-mode-on-users-playback", Method: "PUT", Path: "/me/player/repeat", Scopes: scopes("user-modify-playback-state"), NoContent: true})
	PlayerVolume           = declare(Operation{Name: "set-volume-for-users-playback", Method: "PUT", Path: "/me/player/volume", Scopes: scopes("user-modify-playback-state"), NoContent: true})
	PlayerShuffle          = declare(Operation{Name: "toggle-shuffle-for-users-playback", Method: "PUT", Path: "/me/player/shuffle", Scopes: scopes("user-modify-playback-state"), NoContent: true})
	PlayerRecentlyPlayed   = declare(Operation{Name: "get-recently-played", Method: "GET", Path: "/me/player/recently-played", Scopes: scopes("user-read-recently-played"), MaxLimit: 50})
	PlayerQueue            = declare(Operation{Name: "get-queue", Method: "GET", Path: "/me/player/queue", Scopes: scopes("user-read-currently-playing user-read-playback-state")})
	PlayerAddToQueue       = declare(Operation{Name: "add-to-queue", Method: "POST", Path: "/me/player/queue", Scopes: scopes("user-modify-playback-state"), Idempotency: transport.NotIdempotent, NoContent: true})
)

// Categories.
var (
	BrowseCategories = declare(Operation{Name: "get-categories", Method: "GET", Path: "/browse/categories", Member: "categories", Access: ExtendedQuota, MaxLimit: 50})
	BrowseCategory   = declare(Operation{Name: "get-a-category", Method: "GET", Path: "/browse/categories/{category_id}", Access: ExtendedQuota})
)

// Genres.
var (
	GenreSeeds = declare(Operation{Name: "get-recommendation-genres", Method: "GET", Path: "/recommendations/available-genre-seeds", Member: "genres", Access: Legacy})
)

// Markets.
var (
	Markets = declare(Operation{Name: "get-available-markets", Method: "GET", Path: "/markets", Member: "markets", Access: ExtendedQuota})
)

package spotify

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

// The types below are those of package resources under shorter names, so that most programs import
// this package only.

// The services of a Client, one for each area of the API, see package resources.
type (
	Albums          = resources.Albums
	Artists         = resources.Artists
	Audiobooks      = resources.Audiobooks
	Browse          = resources.Browse
	Chapters        = resources.Chapters
	Episodes        = resources.Episodes
	Library         = resources.Library
	Markets         = resources.Markets
	Player          = resources.Player
	Playlists       = resources.Playlists
	Recommendations = resources.Recommendations
	Search          = resources.Search
	Shows           = resources.Shows
	Tracks          = resources.Tracks
	Users           = resources.Users
)

// The optional parameters of the services' methods, see package resources.
type (
	AddItemsParams          = resources.AddItemsParams
	ArtistAlbumsParams      = resources.ArtistAlbumsParams
	CategoriesParams        = resources.CategoriesParams
	CategoryParams          = resources.CategoryParams
	ChangeDetailsParams     = resources.ChangeDetailsParams
	CreatePlaylistParams    = resources.CreatePlaylistParams
	DeviceParams            = resources.DeviceParams
	FeaturedPlaylistsParams = resources.FeaturedPlaylistsParams
	FollowPlaylistParams    = resources.FollowPlaylistParams
	FollowedArtistsParams   = resources.FollowedArtistsParams
	GetParams               = resources.GetParams
	GetPlaylistParams       = resources.GetPlaylistParams
	ListParams              = resources.ListParams
	PageParams              = resources.PageParams
	PlayParams              = resources.PlayParams
	PlaylistItemsParams     = resources.PlaylistItemsParams
	RecentlyPlayedParams    = resources.RecentlyPlayedParams
	RecommendationsParams   = resources.RecommendationsParams
	RemoveItemsParams       = resources.RemoveItemsParams
	ReorderItemsParams      = resources.ReorderItemsParams
	SearchAllParams         = resources.SearchAllParams
	SearchParams            = resources.SearchParams
	TopParams               = resources.TopParams
	TransferParams          = resources.TransferParams
	WatchParams             = resources.WatchParams
	RecommendationSeeds     = resources.RecommendationSeeds
	PlayOffset              = resources.PlayOffset
	PlaylistItemsRef        = resources.PlaylistItemsRef
)

// The models of the Web API, see package resources.
type (
	Album               = resources.Album
	SimplifiedAlbum     = resources.SimplifiedAlbum
	SavedAlbum          = resources.SavedAlbum
	Artist              = resources.Artist
	SimplifiedArtist    = resources.SimplifiedArtist
	Audiobook           = resources.Audiobook
	SimplifiedAudiobook = resources.SimplifiedAudiobook
	SavedAudiobook      = resources.SavedAudiobook
	Chapter             = resources.Chapter
	SimplifiedChapter   = resources.SimplifiedChapter
	Episode             = resources.Episode
	SimplifiedEpisode   = resources.SimplifiedEpisode
	SavedEpisode        = resources.SavedEpisode
	Show                = resources.Show
	SimplifiedShow      = resources.SimplifiedShow
	SavedShow           = resources.SavedShow
	Track               = resources.Track
	SimplifiedTrack     = resources.SimplifiedTrack
	SavedTrack          = resources.SavedTrack
	Playlist            = resources.Playlist
	SimplifiedPlaylist  = resources.SimplifiedPlaylist
	PlaylistItem        = resources.PlaylistItem
	Playable            = resources.Playable
	PrivateUser         = resources.PrivateUser
	PublicUser          = resources.PublicUser
	SearchResult        = resources.SearchResult
	PlaybackState       = resources.PlaybackState
	CurrentlyPlaying    = resources.CurrentlyPlaying
	PlaybackContext     = resources.PlaybackContext
	PlayHistory         = resources.PlayHistory
	Queue               = resources.Queue
	Device              = resources.Device
	Category            = resources.Category
	Image               = resources.Image
	Images              = resources.Images
	Date                = resources.Date
	Cursors             = resources.Cursors
)

// Page is one page of a list that is paginated by offset.
type Page[T any] = resources.Page[T]

// CursorPage is one page of a list that is paginated by cursor.
type CursorPage[T any] = resources.CursorPage[T]

// The errors of calls that consist of several requests, see package resources.
type (
	PartialError = resources.PartialError
	BatchError   = resources.BatchError
	ItemError    = resources.ItemError
)

// The kinds of values that parameters take, see package resources.
type (
	AlbumGroup  = resources.AlbumGroup
	Kind        = resources.Kind
	RepeatState = resources.RepeatState
	SearchType  = resources.SearchType
	TimeRange   = resources.TimeRange
)

// The kinds of items that Search.Query searches for.
const (
	SearchAlbum     = resources.SearchAlbum
	SearchArtist    = resources.SearchArtist
	SearchAudiobook = resources.SearchAudiobook
	SearchEpisode   = resources.SearchEpisode
	SearchPlaylist  = resources.SearchPlaylist
	SearchShow      = resources.SearchShow
	SearchTrack     = resources.SearchTrack
)

// MarketFromToken is the market of the user whose token is sent, for WithMarket and for parameters.
const MarketFromToken = resources.MarketFromToken

// The time ranges of Users.TopArtists and Users.TopTracks.
const (
	TimeRangeShort  = resources.TimeRangeShort
	TimeRangeMedium = resources.TimeRangeMedium
	TimeRangeLong   = resources.TimeRangeLong
)

// The repeat modes of Player.SetRepeat.
const (
	RepeatOff     = resources.RepeatOff
	RepeatTrack   = resources.RepeatTrack
	RepeatContext = resources.RepeatContext
)

// The groups of an artist's albums.
const (
	AlbumGroupAlbum       = resources.AlbumGroupAlbum
	AlbumGroupSingle      = resources.AlbumGroupSingle
	AlbumGroupCompilation = resources.AlbumGroupCompilation
	AlbumGroupAppearsOn   = resources.AlbumGroupAppearsOn
)

// The kinds of items that have a Spotify URI, and categories, which have only an id.
const (
	KindAlbum     = resources.KindAlbum
	KindArtist    = resources.KindArtist
	KindAudiobook = resources.KindAudiobook
	KindCategory  = resources.KindCategory
	KindChapter   = resources.KindChapter
	KindEpisode   = resources.KindEpisode
	KindPlaylist  = resources.KindPlaylist
	KindShow      = resources.KindShow
	KindTrack     = resources.KindTrack
	KindUser      = resources.KindUser
)

// ParseURI returns the kind and the bare id in a Spotify URI or in a link, see resources.ParseURI.
func ParseURI(s string) (Kind, string, error) { return resources.ParseURI(s) }

// URI returns the Spotify URI for a bare id: "spotify:album:…".
func URI(kind Kind, id string) string { return resources.URI(kind, id) }

// Link returns the open.spotify.com link for a bare id, the address of the item's page, see
// resources.Link.
func Link(kind Kind, id string) string { return resources.Link(kind, id) }

// FormatDuration returns a length or a position as players show it: "3:45", "1:02:03".
func FormatDuration(d time.Duration) string { return resources.FormatDuration(d) }

// Collect returns the items of an iterator, at most max of them, or all if max is 0. After an error
// it returns the error and the items before it.
func Collect[T any](seq iter.Seq2[T, error], max int) ([]T, error) {
	return resources.Collect(seq, max)
}

// NextPage returns the page after page, a *Page or a *CursorPage, and nil without an error after
// the last one, see resources.NextPage:
//
//	page, err := client.Playlists.Items(ctx, id, nil)
//	for page != nil && err == nil {
//		fmt.Println(page) // 1 to 20 of 120
//		page, err = spotify.NextPage(ctx, client, page)
//	}
func NextPage[P resources.LinkedPage[P]](ctx context.Context, c *Client, page P) (P, error) {
	return resources.NextPage(ctx, c.Services, page)
}

// PreviousPage returns the page before page, and nil without an error before the first one, see
// resources.PreviousPage.
func PreviousPage[P resources.LinkedPage[P]](ctx context.Context, c *Client, page P) (P, error) {
	return resources.PreviousPage(ctx, c.Services, page)
}

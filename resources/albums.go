package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Albums returns albums and their tracks, and reads and changes the user's saved albums.
type Albums struct{ core *core }

// Get returns an album. id is an id, a spotify: URI or an open.spotify.com link.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-album
func (s *Albums) Get(ctx context.Context, id string, p *GetParams) (*Album, error) {
	return fetch[Album](ctx, s.core, operations.AlbumGet, at(KindAlbum, id), p)
}

// GetMany returns albums in the order of ids. It sends one request for each 20 albums with extended
// quota and one for each album without, Config.Concurrency at a time. Albums that could not be
// fetched are nil; the *BatchError says why. An id that is repeated has the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-albums
func (s *Albums) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Album, error) {
	return getMany[Album](ctx, s.core, operations.AlbumGet, operations.AlbumGetSeveral, KindAlbum, ids, p)
}

// Tracks returns one page of an album's tracks. Limit is 1 to 50, 20 if zero.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-albums-tracks
func (s *Albums) Tracks(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedTrack], error) {
	return fetch[Page[SimplifiedTrack]](ctx, s.core, operations.AlbumTracks, at(KindAlbum, id), p)
}

// AllTracks iterates over an album's tracks from p.Offset on.
func (s *Albums) AllTracks(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedTrack, error] {
	return paginate(ctx, s.core, operations.AlbumTracks, p, of(id, s.Tracks))
}

// Saved returns one page of the user's saved albums, the latest first. Limit is 1 to 50, 20 if
// zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-albums
func (s *Albums) Saved(ctx context.Context, p *PageParams) (*Page[SavedAlbum], error) {
	return fetch[Page[SavedAlbum]](ctx, s.core, operations.AlbumsSaved, nowhere, p)
}

// AllSaved iterates over the user's saved albums from p.Offset on, the latest first.
// Scope: user-library-read.
func (s *Albums) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedAlbum, error] {
	return paginate(ctx, s.core, operations.AlbumsSaved, p, s.Saved)
}

// Save saves albums to the user's library. It sends one request for each 20 ids; if a later one
// fails, the *PartialError has the number of saved albums. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-albums-user
func (s *Albums) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AlbumsSave, KindAlbum, ids, idsInQuery)
}

// Remove removes albums from the user's library. It sends one request for each 20 ids; if a later
// one fails, the *PartialError has the number of removed albums. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-albums-user
func (s *Albums) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AlbumsRemoveSaved, KindAlbum, ids, idsInQuery)
}

// Contains reports for each id whether the album is in the user's library. It sends one request for
// each 20 ids, several at a time. Scope: user-library-read.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-albums
func (s *Albums) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.AlbumsContains, KindAlbum, ids, idsInQuery)
}

// AlbumType is the type of a release. Spotify also sends values other than the constants, and upper
// case.
type AlbumType string

// The types in the API reference, and "ep", which Spotify sends as well.
const (
	AlbumTypeAlbum       AlbumType = "album"
	AlbumTypeSingle      AlbumType = "single"
	AlbumTypeCompilation AlbumType = "compilation"
	AlbumTypeEP          AlbumType = "ep"
)

// AlbumGroup is the relation between an album and an artist.
type AlbumGroup string

// The groups in the API reference.
const (
	AlbumGroupAlbum       AlbumGroup = "album"
	AlbumGroupSingle      AlbumGroup = "single"
	AlbumGroupCompilation AlbumGroup = "compilation"
	AlbumGroupAppearsOn   AlbumGroup = "appears_on"
)

// SimplifiedAlbum has the members of an album that tracks, lists and search results include.
type SimplifiedAlbum struct {
	// ID, URI and Href identify the album: in this package, in players, in the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "album".
	Type      string             `json:"type"`
	Name      string             `json:"name"`
	AlbumType AlbumType          `json:"album_type"`
	Artists   []SimplifiedArtist `json:"artists"`
	Images    Images             `json:"images"`
	// TotalTracks is the number of tracks on the album.
	TotalTracks int `json:"total_tracks"`
	// ReleaseDate is the date as Spotify sends it, and ReleaseDatePrecision its precision. Released
	// returns both as a Date.
	ReleaseDate          string        `json:"release_date"`
	ReleaseDatePrecision DatePrecision `json:"release_date_precision"`
	ExternalURLs         ExternalURLs  `json:"external_urls,omitzero"`
	// AvailableMarkets are the markets where the album is available. It is empty in a response for
	// one market, and for apps in development mode since February 2026.
	AvailableMarkets []string `json:"available_markets,omitzero"`
	// IsPlayable reports whether the album can be played in the market of the request. It is nil,
	// which means unknown, if the request had no market.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// Restrictions is set if the album cannot be played.
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AlbumGroup is the relation to the artist whose albums were requested. It is empty for apps in
	// development mode since February 2026, which have AlbumType.
	AlbumGroup AlbumGroup `json:"album_group,omitzero"`
}

// Released returns the release date with its precision.
func (a *SimplifiedAlbum) Released() Date { return parseDate(a.ReleaseDate) }

// ArtistNames returns the names of the album's artists, separated by commas: "Nina Vale, Orchard".
func (a *SimplifiedAlbum) ArtistNames() string { return joined(a.Artists, artistName) }

// Link returns the address of the album's page at open.spotify.com, empty if the album has no id.
func (a *SimplifiedAlbum) Link() string { return linkTo(KindAlbum, a.ID, a.ExternalURLs) }

// String returns the album in one line: "Northern Lights – Nina Vale (2019-03-08)".
func (a SimplifiedAlbum) String() string {
	return line(a.Name, a.URI, a.ArtistNames(), a.Released().String())
}

// Album has all members of an album.
type Album struct {
	SimplifiedAlbum
	// Tracks is the first page of the album's tracks. Albums.AllTracks iterates over all of them.
	Tracks     Page[SimplifiedTrack] `json:"tracks"`
	Copyrights []Copyright           `json:"copyrights"`
	// Genres is always empty.
	Genres      []string    `json:"genres,omitzero"`
	ExternalIDs ExternalIDs `json:"external_ids,omitzero"`
	// Label is empty for apps in development mode since February 2026.
	Label string `json:"label,omitzero"`
	// Popularity is 0 to 100. It is nil, which means unknown, for apps in development mode since
	// February 2026.
	Popularity *int `json:"popularity,omitzero"`
}

// SavedAlbum is an album in the user's library.
type SavedAlbum struct {
	// AddedAt is the time when the user saved the album.
	AddedAt time.Time `json:"added_at,omitzero"`
	Album   Album     `json:"album"`
}

// String returns the album in one line.
func (s SavedAlbum) String() string { return s.Album.String() }

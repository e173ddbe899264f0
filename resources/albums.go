package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Albums gets albums, and the ones a user has saved.
type Albums struct{ core *core }

// Get returns an album. id is a bare id, a spotify: URI or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-album
func (s *Albums) Get(ctx context.Context, id string, p *GetParams) (*Album, error) {
	return fetch[Album](ctx, s.core, operations.AlbumGet, at(KindAlbum, id), p)
}

// GetMany returns any number of albums, in the order of ids, several calls at a time: 20 albums a call with extended quota, one without.
// An album that cannot be had is nil, and the error, a *BatchError, says why. Albums named twice are the same pointer.
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

// AllTracks walks over an album's tracks, from p.Offset on, as Tracks returns them.
func (s *Albums) AllTracks(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedTrack, error] {
	return walk(ctx, s.core, operations.AlbumTracks, p, of(id, s.Tracks))
}

// Saved returns one page of the albums in the user's library, the latest first. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-albums
func (s *Albums) Saved(ctx context.Context, p *PageParams) (*Page[SavedAlbum], error) {
	return fetch[Page[SavedAlbum]](ctx, s.core, operations.AlbumsSaved, nowhere, p)
}

// AllSaved walks over the albums in the user's library, from p.Offset on, as Saved returns them.
func (s *Albums) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedAlbum, error] {
	return walk(ctx, s.core, operations.AlbumsSaved, p, s.Saved)
}

// AlbumType is the kind of a release. Values beyond the constants come, also in upper case.
type AlbumType string

// The kinds of releases.
const (
	AlbumTypeAlbum       AlbumType = "album"
	AlbumTypeSingle      AlbumType = "single"
	AlbumTypeCompilation AlbumType = "compilation"
	AlbumTypeEP          AlbumType = "ep"
)

// SimplifiedAlbum is an album as other things name one.
type SimplifiedAlbum struct {
	// ID, URI and Href name the album: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "album".
	Type      string             `json:"type"`
	Name      string             `json:"name"`
	AlbumType AlbumType          `json:"album_type"`
	Artists   []SimplifiedArtist `json:"artists"`
	Images    Images             `json:"images"`
	// TotalTracks is how many tracks the album has.
	TotalTracks int `json:"total_tracks"`
	// ReleaseDate is the date as sent, as precise as ReleaseDatePrecision says; Released reads it.
	ReleaseDate          string        `json:"release_date"`
	ReleaseDatePrecision DatePrecision `json:"release_date_precision"`
	ExternalURLs         ExternalURLs  `json:"external_urls,omitzero"`
	// AvailableMarkets is empty where a market was asked for, and for apps in development mode since February 2026.
	AvailableMarkets []string `json:"available_markets,omitzero"`
	// IsPlayable reports whether the album can be played in the market that was asked for. It is
	// nil, which means unknown, where no market was.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// Restrictions is there where the album cannot be played.
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AlbumGroup is what the album is to the artist whose albums were asked for.
	//
	// Deprecated: apps in development mode do not get it since February 2026; use AlbumType.
	AlbumGroup AlbumGroup `json:"album_group,omitzero"`
}

// Released returns the date of release, as precise as it is known.
func (a *SimplifiedAlbum) Released() Date { return parseDate(a.ReleaseDate) }

// AlbumGroup is what an album is to an artist.
type AlbumGroup string

// The groups of the reference.
const (
	AlbumGroupAlbum       AlbumGroup = "album"
	AlbumGroupSingle      AlbumGroup = "single"
	AlbumGroupCompilation AlbumGroup = "compilation"
	AlbumGroupAppearsOn   AlbumGroup = "appears_on"
)

// Album is everything the API tells of an album.
type Album struct {
	SimplifiedAlbum
	// Tracks is the first page of its tracks; Albums.AllTracks gets them all.
	Tracks     Page[SimplifiedTrack] `json:"tracks"`
	Copyrights []Copyright           `json:"copyrights"`
	// Genres is always empty.
	Genres      []string    `json:"genres,omitzero"`
	ExternalIDs ExternalIDs `json:"external_ids,omitzero"`
	// Label and Popularity (0 to 100) are empty for apps in development mode since February 2026.
	Label      string `json:"label,omitzero"`
	Popularity int    `json:"popularity,omitzero"`
}

// SavedAlbum is an album in the user's library.
type SavedAlbum struct {
	// AddedAt is when it was saved.
	AddedAt time.Time `json:"added_at,omitzero"`
	Album   Album     `json:"album"`
}

// Save puts any number of albums into the user's library. It sends one request for each 20; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-albums-user
func (s *Albums) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AlbumsSave, KindAlbum, ids, idsInQuery)
}

// Remove takes any number of albums out of the user's library. It sends one request for each 20; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-albums-user
func (s *Albums) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AlbumsRemoveSaved, KindAlbum, ids, idsInQuery)
}

// Contains reports for each of any number of albums whether it is in the user's library, in the order of ids. It sends one request for each 20, several at a time.
// Scope: user-library-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-albums
func (s *Albums) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.AlbumsContains, KindAlbum, ids, idsInQuery)
}

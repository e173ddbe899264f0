package resources

import "time"

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
	// Label is empty for apps in development mode since February 2026.
	Label string `json:"label,omitzero"`
	// Popularity is 0 to 100. It is nil, which means unknown, where Spotify does not say: for apps in
	// development mode since February 2026.
	Popularity *int `json:"popularity,omitzero"`
}

// SavedAlbum is an album in the user's library.
type SavedAlbum struct {
	// AddedAt is when it was saved.
	AddedAt time.Time `json:"added_at,omitzero"`
	Album   Album     `json:"album"`
}

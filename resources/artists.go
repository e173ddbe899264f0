package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Artists gets artists, their albums and what is near them.
type Artists struct{ core *core }

// Get returns an artist. id is a bare id, a spotify: URI or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artist
func (s *Artists) Get(ctx context.Context, id string) (*Artist, error) {
	return fetch[Artist](ctx, s.core, operations.ArtistGet, at(KindArtist, id), nil)
}

// GetMany returns any number of artists, in the order of ids, several calls at a time: 50 artists a call with extended quota, one without.
// An artist who cannot be had is nil, and the error, a *BatchError, says why. Artists named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-artists
func (s *Artists) GetMany(ctx context.Context, ids []string) ([]*Artist, error) {
	return getMany[Artist](ctx, s.core, operations.ArtistGet, operations.ArtistGetSeveral, KindArtist, ids, nil)
}

// ArtistAlbumsParams are the optional parameters of Artists.Albums.
type ArtistAlbumsParams struct {
	// IncludeGroups are the groups to get, all if empty.
	IncludeGroups []AlbumGroup
	// Limit is how many albums to get. Zero is the API's default; AllAlbums takes the most it may.
	Limit int
	// Offset is the index of the first album, from zero.
	Offset int
	// Market is as in GetParams. Without one, albums that were released in several markets come several times.
	Market string
}

var albumGroups = []AlbumGroup{AlbumGroupAlbum, AlbumGroupSingle, AlbumGroupAppearsOn, AlbumGroupCompilation}

func (p *ArtistAlbumsParams) query(q *query) {
	if p == nil {
		p = &ArtistAlbumsParams{}
	}
	words(q, "include_groups", "IncludeGroups", p.IncludeGroups, albumGroups)
	(&PageParams{p.Limit, p.Offset, p.Market}).query(q)
}

func (p *ArtistAlbumsParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *ArtistAlbumsParams) at(limit, offset int) *ArtistAlbumsParams {
	next := ArtistAlbumsParams{Limit: limit, Offset: offset}
	if p != nil {
		next.IncludeGroups, next.Market = p.IncludeGroups, p.Market
	}
	return &next
}

// Albums returns one page of an artist's albums. Limit is 1 to 50, 20 if zero; for apps in development mode since February 2026 it is 1 to 10, 5 if zero.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums
func (s *Artists) Albums(ctx context.Context, id string, p *ArtistAlbumsParams) (*Page[SimplifiedAlbum], error) {
	return fetch[Page[SimplifiedAlbum]](ctx, s.core, operations.ArtistAlbums, at(KindArtist, id), p)
}

// AllAlbums walks over an artist's albums, from p.Offset on, as Albums returns them.
func (s *Artists) AllAlbums(ctx context.Context, id string, p *ArtistAlbumsParams) iter.Seq2[SimplifiedAlbum, error] {
	return walk(ctx, s.core, operations.ArtistAlbums, p, of(id, s.Albums))
}

// TopTracks returns up to ten of an artist's tracks that are heard most in a market.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). There is nothing in its place;
// Search.Query for artist:"<name>" comes close.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artists-top-tracks
func (s *Artists) TopTracks(ctx context.Context, id string, p *GetParams) ([]Track, error) {
	return list[Track](ctx, s.core, operations.ArtistTopTracks, at(KindArtist, id), p)
}

// RelatedArtists returns up to 20 artists who are heard by the same people as one is.
//
// Deprecated: apps made after 27 November 2024 get 403 or 404, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artists-related-artists
func (s *Artists) RelatedArtists(ctx context.Context, id string) ([]Artist, error) {
	return list[Artist](ctx, s.core, operations.ArtistRelated, at(KindArtist, id), nil)
}

// SimplifiedArtist is an artist as other things name one.
type SimplifiedArtist struct {
	// ID, URI and Href name the artist: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "artist".
	Type         string       `json:"type"`
	Name         string       `json:"name"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// Artist is everything the API tells of an artist.
type Artist struct {
	SimplifiedArtist
	Images Images `json:"images"`
	// Followers, Genres and Popularity (0 to 100) are empty for apps in development mode since February 2026.
	Followers  Followers `json:"followers,omitzero"`
	Genres     []string  `json:"genres,omitzero"`
	Popularity int       `json:"popularity,omitzero"`
}

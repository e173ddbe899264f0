package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Artists returns artists, their albums and their top tracks.
type Artists struct{ core *core }

// Get returns an artist. id is an id, a spotify: URI or an open.spotify.com link.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artist
func (s *Artists) Get(ctx context.Context, id string) (*Artist, error) {
	return fetch[Artist](ctx, s.core, operations.ArtistGet, at(KindArtist, id), nil)
}

// GetMany returns artists in the order of ids. It sends one request for each 50 artists with
// extended quota and one for each artist without, Config.Concurrency at a time. Artists that could
// not be fetched are nil; the *BatchError says why. An id that is repeated has the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-artists
func (s *Artists) GetMany(ctx context.Context, ids []string) ([]*Artist, error) {
	return getMany[Artist](ctx, s.core, operations.ArtistGet, operations.ArtistGetSeveral, KindArtist, ids, nil)
}

// ArtistAlbumsParams are the optional parameters of Artists.Albums.
type ArtistAlbumsParams struct {
	ListParams
	// IncludeGroups are the groups of albums to return, all if empty.
	IncludeGroups []AlbumGroup
	// Market is as in GetParams. Without one, an album that was released in several markets is
	// repeated for each of them.
	Market string
}

var albumGroups = []AlbumGroup{AlbumGroupAlbum, AlbumGroupSingle, AlbumGroupAppearsOn, AlbumGroupCompilation}

func (p *ArtistAlbumsParams) query(q *query) {
	if p == nil {
		p = &ArtistAlbumsParams{}
	}
	words(q, "include_groups", "IncludeGroups", p.IncludeGroups, albumGroups)
	q.market(p.Market)
	p.ListParams.query(q)
}

// Albums returns one page of an artist's albums. Limit is 1 to 50, 20 if zero; for apps in
// development mode since February 2026 it is 1 to 10, 5 if zero.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums
func (s *Artists) Albums(ctx context.Context, id string, p *ArtistAlbumsParams) (*Page[SimplifiedAlbum], error) {
	return fetch[Page[SimplifiedAlbum]](ctx, s.core, operations.ArtistAlbums, at(KindArtist, id), p)
}

// AllAlbums iterates over an artist's albums from p.Offset on.
func (s *Artists) AllAlbums(
	ctx context.Context, id string, p *ArtistAlbumsParams,
) iter.Seq2[SimplifiedAlbum, error] {
	return paginate(ctx, s.core, operations.ArtistAlbums, p, of(id, s.Albums))
}

// TopTracks returns an artist's most played tracks in a market, at most 10.
//
// Closed to apps in development mode since 11 February 2026 (403). There is no replacement;
// Search.Query for artist:"<name>" returns similar tracks.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artists-top-tracks
func (s *Artists) TopTracks(ctx context.Context, id string, p *GetParams) ([]Track, error) {
	return list[Track](ctx, s.core, operations.ArtistTopTracks, at(KindArtist, id), p)
}

// RelatedArtists returns artists that have the same listeners as an artist, at most 20.
//
// Closed to apps made after 27 November 2024 (403 or 404), unless they had extended quota then.
// There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-artists-related-artists
func (s *Artists) RelatedArtists(ctx context.Context, id string) ([]Artist, error) {
	return list[Artist](ctx, s.core, operations.ArtistRelated, at(KindArtist, id), nil)
}

// SimplifiedArtist has the members of an artist that albums and tracks include.
type SimplifiedArtist struct {
	// ID, URI and Href identify the artist: in this package, in players, in the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "artist".
	Type         string       `json:"type"`
	Name         string       `json:"name"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// Link returns the address of the artist's page at open.spotify.com, empty if the artist has no id.
func (a *SimplifiedArtist) Link() string { return linkTo(KindArtist, a.ID, a.ExternalURLs) }

// String returns the artist's name.
func (a SimplifiedArtist) String() string { return line(a.Name, a.URI, "", "") }

func artistName(a *SimplifiedArtist) string { return a.Name }

// Artist has all members of an artist.
type Artist struct {
	SimplifiedArtist
	Images Images `json:"images"`
	// Followers and Genres are empty for apps in development mode since February 2026.
	Followers Followers `json:"followers,omitzero"`
	Genres    []string  `json:"genres,omitzero"`
	// Popularity is 0 to 100. It is nil, which means unknown, for apps in development mode since
	// February 2026.
	Popularity *int `json:"popularity,omitzero"`
}

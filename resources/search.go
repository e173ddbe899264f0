package resources

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Search finds items by name and other text.
type Search struct{ core *core }

// SearchType is a kind of items to search for.
type SearchType string

// The kinds of items that the API can search for.
const (
	SearchAlbum     SearchType = "album"
	SearchArtist    SearchType = "artist"
	SearchAudiobook SearchType = "audiobook"
	SearchEpisode   SearchType = "episode"
	SearchPlaylist  SearchType = "playlist"
	SearchShow      SearchType = "show"
	SearchTrack     SearchType = "track"
)

var searchTypes = []SearchType{
	SearchAlbum, SearchArtist, SearchAudiobook, SearchEpisode, SearchPlaylist, SearchShow, SearchTrack,
}

// SearchParams are the optional parameters of Search.Query.
type SearchParams struct {
	// ListParams are the limit and the offset for each kind of items.
	ListParams
	// Types are the kinds of items to search for, all if empty.
	Types []SearchType
	// Market is as in GetParams.
	Market string
	// IncludeExternalAudio marks episodes that are not on Spotify's servers as playable, because
	// the app can play them.
	IncludeExternalAudio bool
}

// Query returns one page of items for each kind in p.Types. The query q may have filters, such as
// artist:"Boards of Canada" year:1998-2002 (album, artist, track, year, upc, isrc, genre, tag:new,
// tag:hipster). Limit is 1 to 50, 20 if zero; for apps in development mode since February 2026 it
// is 1 to 10, 5 if zero. Offset and Limit together are at most 1000.
//
// https://developer.spotify.com/documentation/web-api/reference/search
func (s *Search) Query(ctx context.Context, q string, p *SearchParams) (*SearchResult, error) {
	if p == nil {
		p = &SearchParams{}
	}
	return s.find(ctx, q, p.Types, &SearchAllParams{p.ListParams, p.Market, p.IncludeExternalAudio})
}

// SearchAllParams are the optional parameters of the iterators over search results.
type SearchAllParams struct {
	ListParams
	// Market is as in GetParams.
	Market string
	// IncludeExternalAudio is as in SearchParams.
	IncludeExternalAudio bool
}

func (p *SearchAllParams) query(q *query) {
	q.market(p.Market)
	p.ListParams.query(q)
	if most := q.op.Ceiling - p.Offset; p.Limit > most {
		q.fail(argument.Errorf("Limit", p.Limit,
			"1 to %d from Offset %d on: search goes up to the %dth", most, p.Offset, q.op.Ceiling))
	}
	if p.IncludeExternalAudio {
		q.add("include_external", "audio")
	}
}

// AllAlbums iterates over the albums that match q, from p.Offset on, up to the 1000th. q is as in
// Query.
func (s *Search) AllAlbums(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[SimplifiedAlbum, error] {
	return searchAll(ctx, s, q, SearchAlbum, p, func(r *SearchResult) *Page[SimplifiedAlbum] { return r.Albums })
}

// AllArtists iterates over the artists that match q, from p.Offset on, up to the 1000th. q is as in
// Query.
func (s *Search) AllArtists(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[Artist, error] {
	return searchAll(ctx, s, q, SearchArtist, p, func(r *SearchResult) *Page[Artist] { return r.Artists })
}

// AllAudiobooks iterates over the audiobooks that match q, from p.Offset on, up to the 1000th. q is
// as in Query.
func (s *Search) AllAudiobooks(
	ctx context.Context, q string, p *SearchAllParams,
) iter.Seq2[SimplifiedAudiobook, error] {
	page := func(r *SearchResult) *Page[SimplifiedAudiobook] { return r.Audiobooks }
	return searchAll(ctx, s, q, SearchAudiobook, p, page)
}

// AllEpisodes iterates over the episodes that match q, from p.Offset on, up to the 1000th. q is as
// in Query.
func (s *Search) AllEpisodes(
	ctx context.Context, q string, p *SearchAllParams,
) iter.Seq2[SimplifiedEpisode, error] {
	page := func(r *SearchResult) *Page[SimplifiedEpisode] { return r.Episodes }
	return searchAll(ctx, s, q, SearchEpisode, p, page)
}

// AllPlaylists iterates over the playlists that match q, from p.Offset on, up to the 1000th. q is
// as in Query.
func (s *Search) AllPlaylists(
	ctx context.Context, q string, p *SearchAllParams,
) iter.Seq2[SimplifiedPlaylist, error] {
	page := func(r *SearchResult) *Page[SimplifiedPlaylist] { return r.Playlists }
	return searchAll(ctx, s, q, SearchPlaylist, p, page)
}

// AllShows iterates over the shows that match q, from p.Offset on, up to the 1000th. q is as in
// Query.
func (s *Search) AllShows(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[SimplifiedShow, error] {
	return searchAll(ctx, s, q, SearchShow, p, func(r *SearchResult) *Page[SimplifiedShow] { return r.Shows })
}

// AllTracks iterates over the tracks that match q, from p.Offset on, up to the 1000th. q is as in
// Query.
func (s *Search) AllTracks(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[Track, error] {
	return searchAll(ctx, s, q, SearchTrack, p, func(r *SearchResult) *Page[Track] { return r.Tracks })
}

// searchAll iterates over the items of one kind that match q. A response without a page of that
// kind is an empty page.
func searchAll[T any](
	ctx context.Context, s *Search, q string, kind SearchType, p *SearchAllParams, of func(*SearchResult) *Page[T],
) iter.Seq2[T, error] {
	page := func(ctx context.Context, p *SearchAllParams) (*Page[T], error) {
		found, err := s.find(ctx, q, []SearchType{kind}, p)
		if err != nil {
			return nil, err
		}
		if page := of(found); page != nil {
			return page, nil
		}
		return &Page[T]{}, nil
	}
	return paginate(ctx, s.core, operations.Search, p, page)
}

// searchQuery is all parameters of a search.
type searchQuery struct {
	text  string
	types []SearchType
	rest  *SearchAllParams
}

func (s *searchQuery) query(q *query) {
	if strings.TrimSpace(s.text) == "" {
		q.fail(argument.Errorf("q", s.text, "text to search for"))
	}
	if len(s.types) == 0 {
		s.types = searchTypes
	}
	q.str("q", s.text)
	words(q, "type", "Types", s.types, searchTypes)
	s.rest.query(q)
}

func (s *Search) find(ctx context.Context, q string, types []SearchType, p *SearchAllParams) (*SearchResult, error) {
	return fetch[SearchResult](ctx, s.core, operations.Search, nowhere, &searchQuery{q, types, p})
}

// SearchResult has one page of items for each kind that was searched for. The others are nil.
type SearchResult struct {
	Albums     *Page[SimplifiedAlbum]     `json:"albums,omitzero"`
	Artists    *Page[Artist]              `json:"artists,omitzero"`
	Audiobooks *Page[SimplifiedAudiobook] `json:"audiobooks,omitzero"`
	Episodes   *Page[SimplifiedEpisode]   `json:"episodes,omitzero"`
	Playlists  *Page[SimplifiedPlaylist]  `json:"playlists,omitzero"`
	Shows      *Page[SimplifiedShow]      `json:"shows,omitzero"`
	Tracks     *Page[Track]               `json:"tracks,omitzero"`
}

// String returns the range of each kind that was found: "tracks 1 to 20 of 57".
func (r SearchResult) String() string {
	var found []string
	add := func(kind string, isThere bool, page fmt.Stringer) {
		if isThere {
			found = append(found, kind+" "+page.String())
		}
	}
	add("albums", r.Albums != nil, r.Albums)
	add("artists", r.Artists != nil, r.Artists)
	add("audiobooks", r.Audiobooks != nil, r.Audiobooks)
	add("episodes", r.Episodes != nil, r.Episodes)
	add("playlists", r.Playlists != nil, r.Playlists)
	add("shows", r.Shows != nil, r.Shows)
	add("tracks", r.Tracks != nil, r.Tracks)
	return strings.Join(found, ", ")
}

package resources

import (
	"context"
	"iter"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Search finds things by what they are called.
type Search struct{ core *core }

// SearchType is a kind of thing to look for.
type SearchType string

// The kinds that there are.
const (
	SearchAlbum     SearchType = "album"
	SearchArtist    SearchType = "artist"
	SearchAudiobook SearchType = "audiobook"
	SearchEpisode   SearchType = "episode"
	SearchPlaylist  SearchType = "playlist"
	SearchShow      SearchType = "show"
	SearchTrack     SearchType = "track"
)

var searchTypes = []SearchType{SearchAlbum, SearchArtist, SearchAudiobook, SearchEpisode, SearchPlaylist, SearchShow, SearchTrack}

// SearchParams are the optional parameters of Search.Query.
type SearchParams struct {
	// Types are the kinds of things to look for, all if empty.
	Types []SearchType
	// Market is as in GetParams.
	Market string
	// Limit is how many things of each kind to get. Zero is the API's default.
	Limit int
	// Offset is the index of the first thing of each kind, from zero.
	Offset int
	// IncludeExternalAudio says that what is not on Spotify's servers can be played here, so that it comes marked as playable.
	IncludeExternalAudio bool
}

// SearchResult has a page for each kind of thing that was looked for, and nil for the others.
type SearchResult struct {
	Albums     *Page[SimplifiedAlbum]     `json:"albums,omitzero"`
	Artists    *Page[Artist]              `json:"artists,omitzero"`
	Audiobooks *Page[SimplifiedAudiobook] `json:"audiobooks,omitzero"`
	Episodes   *Page[SimplifiedEpisode]   `json:"episodes,omitzero"`
	Playlists  *Page[SimplifiedPlaylist]  `json:"playlists,omitzero"`
	Shows      *Page[SimplifiedShow]      `json:"shows,omitzero"`
	Tracks     *Page[Track]               `json:"tracks,omitzero"`
}

// Query returns one page of what is found for each kind of thing. The terms q may have filters, such as artist:"Boards of Canada" year:1998-2002 (album, artist, track, year, upc, isrc, genre,
// tag:new, tag:hipster). Limit is 1 to 50, 20 if zero; for apps in development mode since February 2026 it is 1 to 10, 5 if zero.
// Only the first 1000 things of a kind can be had: Offset and Limit together are 1000 at most.
//
// https://developer.spotify.com/documentation/web-api/reference/search
func (s *Search) Query(ctx context.Context, q string, p *SearchParams) (*SearchResult, error) {
	if p == nil {
		p = &SearchParams{}
	}
	return s.find(ctx, q, p.Types, &SearchAllParams{p.Limit, p.Offset, p.Market, p.IncludeExternalAudio})
}

// SearchAllParams are the optional parameters of the walks over what is found.
type SearchAllParams struct {
	// Limit is how many things to get with each call. Zero is the most that the app may.
	Limit int
	// Offset is the index of the first thing, from zero.
	Offset int
	// Market and IncludeExternalAudio are as in SearchParams.
	Market               string
	IncludeExternalAudio bool
}

func (p *SearchAllParams) query(q *query) {
	(&PageParams{p.Limit, p.Offset, p.Market}).query(q)
	if most := q.op.Ceiling - p.Offset; p.Limit > most {
		q.fail(argument.Errorf("Limit", p.Limit, "1 to %d from Offset %d on: search goes up to the %dth", most, p.Offset, q.op.Ceiling))
	}
	if p.IncludeExternalAudio {
		q.add("include_external", "audio")
	}
}

func (p *SearchAllParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *SearchAllParams) at(limit, offset int) *SearchAllParams {
	next := SearchAllParams{Limit: limit, Offset: offset}
	if p != nil {
		next.Market, next.IncludeExternalAudio = p.Market, p.IncludeExternalAudio
	}
	return &next
}

// searchQuery is a search with its terms.
type searchQuery struct {
	terms string
	types []SearchType
	rest  *SearchAllParams
}

func (s *searchQuery) query(q *query) {
	if strings.TrimSpace(s.terms) == "" {
		q.fail(argument.Errorf("q", s.terms, "what to look for"))
	}
	if len(s.types) == 0 {
		s.types = searchTypes
	}
	q.str("q", s.terms)
	words(q, "type", "Types", s.types, searchTypes)
	s.rest.query(q)
}

func (s *Search) find(ctx context.Context, q string, types []SearchType, p *SearchAllParams) (*SearchResult, error) {
	return fetch[SearchResult](ctx, s.core, operations.Search, nowhere, &searchQuery{q, types, p})
}

// searchWalk walks over what is found of one kind. An answer without that kind has nothing of it.
func searchWalk[T any](ctx context.Context, s *Search, q string, kind SearchType, p *SearchAllParams, of func(*SearchResult) *Page[T]) iter.Seq2[T, error] {
	return walk(ctx, s.core, operations.Search, p, func(ctx context.Context, p *SearchAllParams) (*Page[T], error) {
		found, err := s.find(ctx, q, []SearchType{kind}, p)
		if err != nil {
			return nil, err
		}
		if page := of(found); page != nil {
			return page, nil
		}
		return &Page[T]{}, nil
	})
}

// search_all.go walks over all that is found of one kind: at most the first 1000, in pages as large as the app may have them.

// AllAlbums walks over the albums that are found for q, from p.Offset on, up to the 1000th, as Query returns them.
func (s *Search) AllAlbums(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[SimplifiedAlbum, error] {
	return searchWalk(ctx, s, q, SearchAlbum, p, func(r *SearchResult) *Page[SimplifiedAlbum] { return r.Albums })
}

// AllArtists walks over the artists that are found for q, from p.Offset on, up to the 1000th, as Query returns them.
func (s *Search) AllArtists(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[Artist, error] {
	return searchWalk(ctx, s, q, SearchArtist, p, func(r *SearchResult) *Page[Artist] { return r.Artists })
}

// AllAudiobooks walks over the audiobooks that are found for q, from p.Offset on, up to the 1000th, as Query returns them.
func (s *Search) AllAudiobooks(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[SimplifiedAudiobook, error] {
	return searchWalk(ctx, s, q, SearchAudiobook, p, func(r *SearchResult) *Page[SimplifiedAudiobook] { return r.Audiobooks })
}

// AllEpisodes walks over the episodes that are found for q, from p.Offset on, up to the 1000th, as Query returns them.
func (s *Search) AllEpisodes(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[SimplifiedEpisode, error] {
	return searchWalk(ctx, s, q, SearchEpisode, p, func(r *SearchResult) *Page[SimplifiedEpisode] { return r.Episodes })
}

// AllPlaylists walks over the playlists that are found for q, from p.Offset on, up to the 1000th, as Query returns them.
func (s *Search) AllPlaylists(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[SimplifiedPlaylist, error] {
	return searchWalk(ctx, s, q, SearchPlaylist, p, func(r *SearchResult) *Page[SimplifiedPlaylist] { return r.Playlists })
}

// AllShows walks over the shows that are found for q, from p.Offset on, up to the 1000th, as Query returns them.
func (s *Search) AllShows(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[SimplifiedShow, error] {
	return searchWalk(ctx, s, q, SearchShow, p, func(r *SearchResult) *Page[SimplifiedShow] { return r.Shows })
}

// AllTracks walks over the tracks that are found for q, from p.Offset on, up to the 1000th, as Query returns them.
func (s *Search) AllTracks(ctx context.Context, q string, p *SearchAllParams) iter.Seq2[Track, error] {
	return searchWalk(ctx, s, q, SearchTrack, p, func(r *SearchResult) *Page[Track] { return r.Tracks })
}

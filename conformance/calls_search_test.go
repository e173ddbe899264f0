package conformance

import "github.com/seed-2147f1a9/spotify/resources"

// terms match something of every kind in the tests' catalogue.
const terms = "harbour"

var (
	search = &resources.SearchParams{
		Types:  []resources.SearchType{"album", "artist", "audiobook", "episode", "playlist", "show", "track"},
		Market: "DE", IncludeExternalAudio: true, ListParams: resources.ListParams{Limit: 10, Offset: 1},
	}
	searchAll = &resources.SearchAllParams{
		Market:               "DE",
		IncludeExternalAudio: true,
		ListParams:           resources.ListParams{Limit: 10, Offset: 1},
	}
)

var searchCalls = []call{
	{"Search.Query", func(c ctx, s api, full bool) (any, error) { return s.Search.Query(c, terms, given(full, search)) }},
	{"Search.AllAlbums", func(c ctx, s api, full bool) (any, error) {
		return first(s.Search.AllAlbums(c, terms, given(full, searchAll)))
	}},
	{"Search.AllArtists", func(c ctx, s api, full bool) (any, error) {
		return first(s.Search.AllArtists(c, terms, given(full, searchAll)))
	}},
	{"Search.AllAudiobooks", func(c ctx, s api, full bool) (any, error) {
		return first(s.Search.AllAudiobooks(c, terms, given(full, searchAll)))
	}},
	{"Search.AllEpisodes", func(c ctx, s api, full bool) (any, error) {
		return first(s.Search.AllEpisodes(c, terms, given(full, searchAll)))
	}},
	{"Search.AllPlaylists", func(c ctx, s api, full bool) (any, error) {
		return first(s.Search.AllPlaylists(c, terms, given(full, searchAll)))
	}},
	{"Search.AllShows", func(c ctx, s api, full bool) (any, error) {
		return first(s.Search.AllShows(c, terms, given(full, searchAll)))
	}},
	{"Search.AllTracks", func(c ctx, s api, full bool) (any, error) {
		return first(s.Search.AllTracks(c, terms, given(full, searchAll)))
	}},
}

package conformance

import (
	"github.com/seed-2147f1a9/spotify/mock"
)

var spokenCalls = []call{
	{"Shows.Get", func(c ctx, s api, full bool) (any, error) { return s.Shows.Get(c, mock.ShowID, given(full, get)) }},
	{"Shows.GetMany", func(c ctx, s api, full bool) (any, error) { return s.Shows.GetMany(c, shows, given(full, get)) }},
	{"Shows.Episodes", func(c ctx, s api, full bool) (any, error) {
		return s.Shows.Episodes(c, mock.ShowID, given(full, paging))
	}},
	{"Shows.AllEpisodes", func(c ctx, s api, full bool) (any, error) {
		return first(s.Shows.AllEpisodes(c, mock.ShowID, given(full, paging)))
	}},
	{"Shows.Saved", func(c ctx, s api, full bool) (any, error) { return s.Shows.Saved(c, given(full, listed)) }},
	{
		"Shows.AllSaved",
		func(c ctx, s api, full bool) (any, error) { return first(s.Shows.AllSaved(c, given(full, listed))) },
	},

	{
		"Episodes.Get",
		func(c ctx, s api, full bool) (any, error) { return s.Episodes.Get(c, mock.EpisodeID, given(full, get)) },
	},
	{
		"Episodes.GetMany",
		func(c ctx, s api, full bool) (any, error) { return s.Episodes.GetMany(c, episodes, given(full, get)) },
	},
	{"Episodes.Saved", func(c ctx, s api, full bool) (any, error) { return s.Episodes.Saved(c, given(full, paging)) }},
	{
		"Episodes.AllSaved",
		func(c ctx, s api, full bool) (any, error) { return first(s.Episodes.AllSaved(c, given(full, paging))) },
	},

	{"Audiobooks.Get", func(c ctx, s api, full bool) (any, error) {
		return s.Audiobooks.Get(c, mock.AudiobookID, given(full, get))
	}},
	{"Audiobooks.GetMany", func(c ctx, s api, full bool) (any, error) {
		return s.Audiobooks.GetMany(c, audiobooks, given(full, get))
	}},
	{"Audiobooks.Chapters", func(c ctx, s api, full bool) (any, error) {
		return s.Audiobooks.Chapters(c, mock.AudiobookID, given(full, paging))
	}},
	{"Audiobooks.AllChapters", func(c ctx, s api, full bool) (any, error) {
		return first(s.Audiobooks.AllChapters(c, mock.AudiobookID, given(full, paging)))
	}},
	{"Audiobooks.Saved", func(c ctx, s api, full bool) (any, error) { return s.Audiobooks.Saved(c, given(full, listed)) }},
	{"Audiobooks.AllSaved", func(c ctx, s api, full bool) (any, error) {
		return first(s.Audiobooks.AllSaved(c, given(full, listed)))
	}},

	{
		"Chapters.Get",
		func(c ctx, s api, full bool) (any, error) { return s.Chapters.Get(c, mock.ChapterID, given(full, get)) },
	},
	{
		"Chapters.GetMany",
		func(c ctx, s api, full bool) (any, error) { return s.Chapters.GetMany(c, chapters, given(full, get)) },
	},
}

package resources

// search_all.go walks over all that is found of one kind: at most the first 1000, in pages as large as the app may have them.

import (
	"context"
	"iter"
)

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

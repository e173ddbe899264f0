package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// FeaturedPlaylists are one page of playlists that Spotify recommends, and what it says to that.
type FeaturedPlaylists struct {
	// Message is a heading: "Popular Playlists".
	Message   string                   `json:"message"`
	Playlists Page[SimplifiedPlaylist] `json:"playlists"`
}

// FeaturedPlaylists returns one page of the playlists that Spotify recommends to everyone. Limit is 1 to 50, 20 if zero.
//
// Deprecated: apps made after 27 November 2024 get 403 or 404, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-featured-playlists
func (s *Browse) FeaturedPlaylists(ctx context.Context, p *CategoriesParams) (*FeaturedPlaylists, error) {
	return fetch[FeaturedPlaylists](ctx, s.core, operations.BrowseFeatured, nowhere, p)
}

// AllFeaturedPlaylists walks over the playlists that Spotify recommends to everyone, from p.Offset on, as FeaturedPlaylists returns them.
//
// Deprecated: as FeaturedPlaylists is.
func (s *Browse) AllFeaturedPlaylists(ctx context.Context, p *CategoriesParams) iter.Seq2[SimplifiedPlaylist, error] {
	return walk(ctx, s.core, operations.BrowseFeatured, p, func(ctx context.Context, p *CategoriesParams) (*Page[SimplifiedPlaylist], error) {
		return playlistsOf(s.FeaturedPlaylists(ctx, p))
	})
}

// CategoryPlaylists returns one page of the playlists that Spotify has put into a category, by the category's id. Limit is 1 to 50, 20 if zero.
//
// Deprecated: apps made after 27 November 2024 get 403 or 404, unless they had extended quota by then. There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-categories-playlists
func (s *Browse) CategoryPlaylists(ctx context.Context, id string, p *ListParams) (*FeaturedPlaylists, error) {
	return fetch[FeaturedPlaylists](ctx, s.core, operations.BrowseCategoryPlaylists, at(KindCategory, id), p)
}

// AllCategoryPlaylists walks over the playlists that Spotify has put into a category, from p.Offset on, as CategoryPlaylists returns them.
//
// Deprecated: as CategoryPlaylists is.
func (s *Browse) AllCategoryPlaylists(ctx context.Context, id string, p *ListParams) iter.Seq2[SimplifiedPlaylist, error] {
	return walk(ctx, s.core, operations.BrowseCategoryPlaylists, p, func(ctx context.Context, p *ListParams) (*Page[SimplifiedPlaylist], error) {
		return playlistsOf(s.CategoryPlaylists(ctx, id, p))
	})
}

func playlistsOf(found *FeaturedPlaylists, err error) (*Page[SimplifiedPlaylist], error) {
	if err != nil {
		return nil, err
	}
	return &found.Playlists, nil
}

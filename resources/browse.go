package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Browse gets what Spotify puts in its shop window: categories, new releases, featured playlists.
type Browse struct{ core *core }

// NewReleases returns one page of new albums. Limit is 1 to 50, 20 if zero.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). There is nothing in its place;
// Search.Query for tag:new comes close.
//
// https://developer.spotify.com/documentation/web-api/reference/get-new-releases
func (s *Browse) NewReleases(ctx context.Context, p *ListParams) (*Page[SimplifiedAlbum], error) {
	return fetch[Page[SimplifiedAlbum]](ctx, s.core, operations.BrowseNewReleases, nowhere, p)
}

// AllNewReleases walks over the new albums, from p.Offset on, as NewReleases returns them.
//
// Deprecated: as NewReleases is.
func (s *Browse) AllNewReleases(ctx context.Context, p *ListParams) iter.Seq2[SimplifiedAlbum, error] {
	return walk(ctx, s.core, operations.BrowseNewReleases, p, s.NewReleases)
}

// CategoriesParams are the optional parameters of Browse.Categories.
type CategoriesParams struct {
	// Locale is the language of the names, as in CategoryParams.
	Locale string
	// Limit is how many categories to get. Zero is the API's default; AllCategories takes the most it may.
	Limit int
	// Offset is the index of the first category, from zero.
	Offset int
}

func (p *CategoriesParams) query(q *query) {
	if p == nil {
		return
	}
	q.locale(p.Locale)
	q.limit(p.Limit)
	q.offset(p.Offset)
}

func (p *CategoriesParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *CategoriesParams) at(limit, offset int) *CategoriesParams {
	next := CategoriesParams{Limit: limit, Offset: offset}
	if p != nil {
		next.Locale = p.Locale
	}
	return &next
}

// Categories returns one page of Spotify's categories. Limit is 1 to 50, 20 if zero.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-categories
func (s *Browse) Categories(ctx context.Context, p *CategoriesParams) (*Page[Category], error) {
	return fetch[Page[Category]](ctx, s.core, operations.BrowseCategories, nowhere, p)
}

// AllCategories walks over Spotify's categories, from p.Offset on, as Categories returns them.
//
// Deprecated: as Categories is.
func (s *Browse) AllCategories(ctx context.Context, p *CategoriesParams) iter.Seq2[Category, error] {
	return walk(ctx, s.core, operations.BrowseCategories, p, s.Categories)
}

// CategoryParams are the optional parameters of Browse.Category.
type CategoryParams struct {
	// Locale is the language of the name and the country it is for, such as es_MX; American English if empty, or if Spotify has no name in that language.
	Locale string
}

func (p *CategoryParams) query(q *query) {
	if p != nil {
		q.locale(p.Locale)
	}
}

// Category returns one of Spotify's categories, by its id.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-category
func (s *Browse) Category(ctx context.Context, id string, p *CategoryParams) (*Category, error) {
	return fetch[Category](ctx, s.core, operations.BrowseCategory, at(KindCategory, id), p)
}

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

// Category is a shelf of Spotify's shop window.
type Category struct {
	// ID names the category: a word or a Spotify id.
	ID   string `json:"id"`
	Href string `json:"href"`
	// Name is in the language of the locale that was asked for.
	Name  string `json:"name"`
	Icons Images `json:"icons"`
}

package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Browse returns the lists that Spotify's editors make: new releases, categories, featured
// playlists.
type Browse struct{ core *core }

// NewReleases returns one page of new albums. Limit is 1 to 50, 20 if zero.
//
// Closed to apps in development mode since 11 February 2026 (403). There is no replacement;
// Search.Query for tag:new returns similar albums.
//
// https://developer.spotify.com/documentation/web-api/reference/get-new-releases
func (s *Browse) NewReleases(ctx context.Context, p *ListParams) (*Page[SimplifiedAlbum], error) {
	return fetch[Page[SimplifiedAlbum]](ctx, s.core, operations.BrowseNewReleases, nowhere, p)
}

// AllNewReleases iterates over the new albums from p.Offset on. It is closed to the same apps as
// NewReleases.
func (s *Browse) AllNewReleases(ctx context.Context, p *ListParams) iter.Seq2[SimplifiedAlbum, error] {
	return paginate(ctx, s.core, operations.BrowseNewReleases, p, s.NewReleases)
}

// CategoriesParams are the optional parameters of Browse.Categories.
type CategoriesParams struct {
	ListParams
	// Locale is as in CategoryParams.
	Locale string
}

func (p *CategoriesParams) query(q *query) {
	if p == nil {
		return
	}
	q.locale(p.Locale)
	p.ListParams.query(q)
}

// Categories returns one page of Spotify's categories. Limit is 1 to 50, 20 if zero.
//
// Closed to apps in development mode since 11 February 2026 (403). There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-categories
func (s *Browse) Categories(ctx context.Context, p *CategoriesParams) (*Page[Category], error) {
	return fetch[Page[Category]](ctx, s.core, operations.BrowseCategories, nowhere, p)
}

// AllCategories iterates over Spotify's categories from p.Offset on. It is closed to the same apps
// as Categories.
func (s *Browse) AllCategories(ctx context.Context, p *CategoriesParams) iter.Seq2[Category, error] {
	return paginate(ctx, s.core, operations.BrowseCategories, p, s.Categories)
}

// CategoryParams are the optional parameters of Browse.Category.
type CategoryParams struct {
	// Locale is the language and the country of the names, such as es_MX. If it is empty, or
	// Spotify has no names in that language, the names are in American English.
	Locale string
}

func (p *CategoryParams) query(q *query) {
	if p != nil {
		q.locale(p.Locale)
	}
}

// Category returns the category with an id.
//
// Closed to apps in development mode since 11 February 2026 (403). There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-category
func (s *Browse) Category(ctx context.Context, id string, p *CategoryParams) (*Category, error) {
	return fetch[Category](ctx, s.core, operations.BrowseCategory, at(KindCategory, id), p)
}

// FeaturedPlaylistsParams are the optional parameters of Browse.FeaturedPlaylists.
type FeaturedPlaylistsParams struct {
	ListParams
	// Locale is as in CategoryParams.
	Locale string
}

func (p *FeaturedPlaylistsParams) query(q *query) {
	if p == nil {
		return
	}
	q.locale(p.Locale)
	p.ListParams.query(q)
}

// FeaturedPlaylists returns one page of the playlists that Spotify recommends to all users. Limit
// is 1 to 50, 20 if zero.
//
// Closed to apps made after 27 November 2024 (403 or 404), unless they had extended quota then.
// There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-featured-playlists
func (s *Browse) FeaturedPlaylists(ctx context.Context, p *FeaturedPlaylistsParams) (*FeaturedPlaylists, error) {
	return fetch[FeaturedPlaylists](ctx, s.core, operations.BrowseFeatured, nowhere, p)
}

// AllFeaturedPlaylists iterates over the playlists that Spotify recommends to all users, from
// p.Offset on. It is closed to the same apps as FeaturedPlaylists.
func (s *Browse) AllFeaturedPlaylists(
	ctx context.Context, p *FeaturedPlaylistsParams,
) iter.Seq2[SimplifiedPlaylist, error] {
	page := func(ctx context.Context, p *FeaturedPlaylistsParams) (*Page[SimplifiedPlaylist], error) {
		return playlistsOf(s.FeaturedPlaylists(ctx, p))
	}
	return paginate(ctx, s.core, operations.BrowseFeatured, p, page)
}

// CategoryPlaylists returns one page of the playlists in the category with an id. Limit is 1 to 50,
// 20 if zero.
//
// Closed to apps made after 27 November 2024 (403 or 404), unless they had extended quota then.
// There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-categories-playlists
func (s *Browse) CategoryPlaylists(ctx context.Context, id string, p *ListParams) (*FeaturedPlaylists, error) {
	return fetch[FeaturedPlaylists](ctx, s.core, operations.BrowseCategoryPlaylists, at(KindCategory, id), p)
}

// AllCategoryPlaylists iterates over the playlists in the category with an id, from p.Offset on. It
// is closed to the same apps as CategoryPlaylists.
func (s *Browse) AllCategoryPlaylists(
	ctx context.Context, id string, p *ListParams,
) iter.Seq2[SimplifiedPlaylist, error] {
	page := func(ctx context.Context, p *ListParams) (*Page[SimplifiedPlaylist], error) {
		return playlistsOf(s.CategoryPlaylists(ctx, id, p))
	}
	return paginate(ctx, s.core, operations.BrowseCategoryPlaylists, p, page)
}

func playlistsOf(found *FeaturedPlaylists, err error) (*Page[SimplifiedPlaylist], error) {
	if err != nil {
		return nil, err
	}
	return &found.Playlists, nil
}

// Category is a category of playlists, such as a genre or a mood.
type Category struct {
	// ID identifies the category: a word or a Spotify id.
	ID   string `json:"id"`
	Href string `json:"href"`
	// Name is in the language of the request's locale.
	Name  string `json:"name"`
	Icons Images `json:"icons"`
}

// String returns the category's name.
func (c Category) String() string { return line(c.Name, c.ID, "", "") }

// FeaturedPlaylists is one page of recommended playlists with a heading.
type FeaturedPlaylists struct {
	// Message is the heading, such as "Popular Playlists".
	Message   string                   `json:"message"`
	Playlists Page[SimplifiedPlaylist] `json:"playlists"`
}

// String returns the heading and the range of the playlists.
func (f FeaturedPlaylists) String() string {
	return line(f.Message, "playlists", "", f.Playlists.String())
}

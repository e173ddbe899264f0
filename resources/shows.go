package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Shows gets shows and their episodes, and the ones a user has saved.
type Shows struct{ core *core }

// Get returns a show. id is a bare id, a spotify: URI or an open.spotify.com address. A token without a user needs a market.
// Scope: user-read-playback-position, for how far the user has come.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-show
func (s *Shows) Get(ctx context.Context, id string, p *GetParams) (*Show, error) {
	return fetch[Show](ctx, s.core, operations.ShowGet, at(KindShow, id), p)
}

// GetMany returns any number of shows without their episodes, in the order of ids, several calls at a time: 50 shows a call with extended quota, one without.
// A show that cannot be had is nil, and the error, a *BatchError, says why. Shows named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows
func (s *Shows) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*SimplifiedShow, error) {
	return getMany[SimplifiedShow](ctx, s.core, operations.ShowGet, operations.ShowGetSeveral, KindShow, ids, p)
}

// Episodes returns one page of a show's episodes, the latest first. Limit is 1 to 50, 20 if zero. A token without a user needs a market.
// Scope: user-read-playback-position, for how far the user has come.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-shows-episodes
func (s *Shows) Episodes(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedEpisode], error) {
	return fetch[Page[SimplifiedEpisode]](ctx, s.core, operations.ShowEpisodes, at(KindShow, id), p)
}

// AllEpisodes walks over a show's episodes, from p.Offset on, as Episodes returns them.
func (s *Shows) AllEpisodes(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedEpisode, error] {
	return walk(ctx, s.core, operations.ShowEpisodes, p, of(id, s.Episodes))
}

// Saved returns one page of the shows in the user's library. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-shows
func (s *Shows) Saved(ctx context.Context, p *ListParams) (*Page[SavedShow], error) {
	return fetch[Page[SavedShow]](ctx, s.core, operations.ShowsSaved, nowhere, p)
}

// AllSaved walks over the shows in the user's library, from p.Offset on, as Saved returns them.
func (s *Shows) AllSaved(ctx context.Context, p *ListParams) iter.Seq2[SavedShow, error] {
	return walk(ctx, s.core, operations.ShowsSaved, p, s.Saved)
}

// SimplifiedShow is a podcast as other things name one.
type SimplifiedShow struct {
	// ID, URI and Href name the show: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "show".
	Type string `json:"type"`
	Name string `json:"name"`
	// Description is without markup, HTMLDescription with it.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// Explicit says that what is said is; false may also mean that nobody knows.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// Languages are the ones spoken, as ISO 639-1 codes.
	Languages []string `json:"languages"`
	// MediaType is "audio", or "mixed" where some episodes have pictures.
	MediaType string `json:"media_type"`
	// TotalEpisodes is how many episodes the show has.
	TotalEpisodes int         `json:"total_episodes"`
	Copyrights    []Copyright `json:"copyrights"`
	// IsExternallyHosted reports whether the episodes are on other servers than Spotify's. It is
	// nil, which means unknown, where Spotify does not say.
	IsExternallyHosted *bool        `json:"is_externally_hosted,omitzero"`
	ExternalURLs       ExternalURLs `json:"external_urls,omitzero"`
	// Publisher and AvailableMarkets are empty for apps in development mode since February 2026.
	Publisher        string   `json:"publisher,omitzero"`
	AvailableMarkets []string `json:"available_markets,omitzero"`
}

// Show is everything the API tells of a podcast.
type Show struct {
	SimplifiedShow
	// Episodes is the first page of its episodes; Shows.AllEpisodes gets them all.
	Episodes Page[SimplifiedEpisode] `json:"episodes"`
}

// SavedShow is a show in the user's library.
type SavedShow struct {
	// AddedAt is when it was saved.
	AddedAt time.Time      `json:"added_at,omitzero"`
	Show    SimplifiedShow `json:"show"`
}

// Save puts any number of shows into the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-shows-user
func (s *Shows) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.ShowsSave, KindShow, ids, idsInQuery)
}

// Remove takes any number of shows out of the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-shows-user
func (s *Shows) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.ShowsRemoveSaved, KindShow, ids, idsInQuery)
}

// Contains reports for each of any number of shows whether it is in the user's library, in the order of ids. It sends one request for each 50, several at a time.
// Scope: user-library-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-shows
func (s *Shows) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.ShowsContains, KindShow, ids, idsInQuery)
}

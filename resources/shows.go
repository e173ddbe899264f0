package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Shows returns shows (podcasts) and their episodes, and reads and changes the user's saved shows.
type Shows struct{ core *core }

// Get returns a show. id is an id, a spotify: URI or an open.spotify.com link. With a token that
// belongs to no user, a market is required. Scope: user-read-playback-position, for the ResumePoint
// of the episodes.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-show
func (s *Shows) Get(ctx context.Context, id string, p *GetParams) (*Show, error) {
	return fetch[Show](ctx, s.core, operations.ShowGet, at(KindShow, id), p)
}

// GetMany returns shows without their episodes, in the order of ids. It sends one request for each
// 50 shows with extended quota and one for each show without, Config.Concurrency at a time. Shows
// that could not be fetched are nil; the *BatchError says why. An id that is repeated has the same
// pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-shows
func (s *Shows) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*SimplifiedShow, error) {
	return getMany[SimplifiedShow](ctx, s.core, operations.ShowGet, operations.ShowGetSeveral, KindShow, ids, p)
}

// Episodes returns one page of a show's episodes, the latest first. Limit is 1 to 50, 20 if zero.
// With a token that belongs to no user, a market is required. Scope: user-read-playback-position,
// for ResumePoint.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-shows-episodes
func (s *Shows) Episodes(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedEpisode], error) {
	return fetch[Page[SimplifiedEpisode]](ctx, s.core, operations.ShowEpisodes, at(KindShow, id), p)
}

// AllEpisodes iterates over a show's episodes from p.Offset on, the latest first.
// Scope: user-read-playback-position, for ResumePoint.
func (s *Shows) AllEpisodes(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedEpisode, error] {
	return paginate(ctx, s.core, operations.ShowEpisodes, p, of(id, s.Episodes))
}

// Saved returns one page of the user's saved shows. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-shows
func (s *Shows) Saved(ctx context.Context, p *ListParams) (*Page[SavedShow], error) {
	return fetch[Page[SavedShow]](ctx, s.core, operations.ShowsSaved, nowhere, p)
}

// AllSaved iterates over the user's saved shows from p.Offset on. Scope: user-library-read.
func (s *Shows) AllSaved(ctx context.Context, p *ListParams) iter.Seq2[SavedShow, error] {
	return paginate(ctx, s.core, operations.ShowsSaved, p, s.Saved)
}

// Save saves shows to the user's library. It sends one request for each 50 ids; if a later one
// fails, the *PartialError has the number of saved shows. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-shows-user
func (s *Shows) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.ShowsSave, KindShow, ids, idsInQuery)
}

// Remove removes shows from the user's library. It sends one request for each 50 ids; if a later
// one fails, the *PartialError has the number of removed shows. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-shows-user
func (s *Shows) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.ShowsRemoveSaved, KindShow, ids, idsInQuery)
}

// Contains reports for each id whether the show is in the user's library. It sends one request for
// each 50 ids, several at a time. Scope: user-library-read.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-shows
func (s *Shows) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.ShowsContains, KindShow, ids, idsInQuery)
}

// SimplifiedShow has the members of a show that episodes, lists and search results include.
type SimplifiedShow struct {
	// ID, URI and Href identify the show: in this package, in players, in the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "show".
	Type string `json:"type"`
	Name string `json:"name"`
	// Description is plain text, and HTMLDescription the same text with HTML markup.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// Explicit reports whether the show has explicit content. False may also mean unknown.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// Languages are the spoken languages, as ISO 639-1 codes.
	Languages []string `json:"languages"`
	// MediaType is "audio", or "mixed" if some episodes have video.
	MediaType string `json:"media_type"`
	// TotalEpisodes is the number of episodes.
	TotalEpisodes int         `json:"total_episodes"`
	Copyrights    []Copyright `json:"copyrights"`
	// IsExternallyHosted reports whether the episodes are on servers that are not Spotify's. It is
	// nil, which means unknown, if Spotify does not send it.
	IsExternallyHosted *bool        `json:"is_externally_hosted,omitzero"`
	ExternalURLs       ExternalURLs `json:"external_urls,omitzero"`
	// Publisher and AvailableMarkets are empty for apps in development mode since February 2026.
	Publisher        string   `json:"publisher,omitzero"`
	AvailableMarkets []string `json:"available_markets,omitzero"`
}

// Link returns the address of the show's page at open.spotify.com, empty if the show has no id.
func (s *SimplifiedShow) Link() string { return linkTo(KindShow, s.ID, s.ExternalURLs) }

// String returns the show in one line: its name and its publisher.
func (s SimplifiedShow) String() string { return line(s.Name, s.URI, s.Publisher, "") }

// Show has all members of a show.
type Show struct {
	SimplifiedShow
	// Episodes is the first page of the show's episodes. Shows.AllEpisodes iterates over all of
	// them.
	Episodes Page[SimplifiedEpisode] `json:"episodes"`
}

// SavedShow is a show in the user's library.
type SavedShow struct {
	// AddedAt is the time when the user saved the show.
	AddedAt time.Time      `json:"added_at,omitzero"`
	Show    SimplifiedShow `json:"show"`
}

// String returns the show in one line.
func (s SavedShow) String() string { return s.Show.String() }

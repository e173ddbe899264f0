package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Audiobooks gets audiobooks and their chapters, and the ones a user has saved. They are sold in some countries only, and are not there in others:
// give a market.
type Audiobooks struct{ core *core }

// Get returns an audiobook. id is a bare id, a spotify: URI (which says show) or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook
func (s *Audiobooks) Get(ctx context.Context, id string, p *GetParams) (*Audiobook, error) {
	return fetch[Audiobook](ctx, s.core, operations.AudiobookGet, at(KindAudiobook, id), p)
}

// GetMany returns any number of audiobooks, in the order of ids, several calls at a time: 50 audiobooks a call with extended quota, one without.
// An audiobook that cannot be had is nil, and the error, a *BatchError, says why. Audiobooks named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-audiobooks
func (s *Audiobooks) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Audiobook, error) {
	return getMany[Audiobook](ctx, s.core, operations.AudiobookGet, operations.AudiobookGetSeveral, KindAudiobook, ids, p)
}

// Chapters returns one page of an audiobook's chapters. Limit is 1 to 50, 20 if zero.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audiobook-chapters
func (s *Audiobooks) Chapters(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedChapter], error) {
	return fetch[Page[SimplifiedChapter]](ctx, s.core, operations.AudiobookChapters, at(KindAudiobook, id), p)
}

// AllChapters walks over an audiobook's chapters, from p.Offset on, as Chapters returns them.
func (s *Audiobooks) AllChapters(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedChapter, error] {
	return walk(ctx, s.core, operations.AudiobookChapters, p, of(id, s.Chapters))
}

// Saved returns one page of the audiobooks in the user's library. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks
func (s *Audiobooks) Saved(ctx context.Context, p *ListParams) (*Page[SavedAudiobook], error) {
	return fetch[Page[SavedAudiobook]](ctx, s.core, operations.AudiobooksSaved, nowhere, p)
}

// AllSaved walks over the audiobooks in the user's library, from p.Offset on, as Saved returns them.
func (s *Audiobooks) AllSaved(ctx context.Context, p *ListParams) iter.Seq2[SavedAudiobook, error] {
	return walk(ctx, s.core, operations.AudiobooksSaved, p, s.Saved)
}

// SimplifiedAudiobook is an audiobook as other things name one.
type SimplifiedAudiobook struct {
	// ID, URI and Href name the audiobook: for this package, for players, for the API. The URI says show.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "audiobook".
	Type      string     `json:"type"`
	Name      string     `json:"name"`
	Authors   []Author   `json:"authors"`
	Narrators []Narrator `json:"narrators"`
	// Edition is "Unabridged", for example.
	Edition string `json:"edition,omitzero"`
	// Description is without markup, HTMLDescription with it.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// Explicit says that what is said is; false may also mean that nobody knows.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// Languages are the ones spoken, as ISO 639-1 codes.
	Languages []string `json:"languages"`
	// MediaType is "audio".
	MediaType string `json:"media_type"`
	// TotalChapters is how many chapters the audiobook has.
	TotalChapters int          `json:"total_chapters"`
	Copyrights    []Copyright  `json:"copyrights"`
	ExternalURLs  ExternalURLs `json:"external_urls,omitzero"`
	// Publisher and AvailableMarkets are empty for apps in development mode since February 2026.
	Publisher        string   `json:"publisher,omitzero"`
	AvailableMarkets []string `json:"available_markets,omitzero"`
}

// Audiobook is everything the API tells of an audiobook.
type Audiobook struct {
	SimplifiedAudiobook
	// Chapters is the first page of its chapters; Audiobooks.AllChapters gets them all.
	Chapters Page[SimplifiedChapter] `json:"chapters"`
}

// SavedAudiobook is an audiobook in the user's library.
type SavedAudiobook struct {
	// AddedAt is when it was saved; Spotify does not always say.
	AddedAt   time.Time `json:"added_at,omitzero"`
	Audiobook Audiobook `json:"audiobook" bare:"true"`
}

// Author wrote an audiobook.
type Author struct {
	Name string `json:"name"`
}

// Narrator reads an audiobook aloud.
type Narrator struct {
	Name string `json:"name"`
}

// Save puts any number of audiobooks into the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-audiobooks-user
func (s *Audiobooks) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AudiobooksSave, KindAudiobook, ids, idsInQuery)
}

// Remove takes any number of audiobooks out of the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-audiobooks-user
func (s *Audiobooks) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AudiobooksRemoveSaved, KindAudiobook, ids, idsInQuery)
}

// Contains reports for each of any number of audiobooks whether it is in the user's library, in the order of ids. It sends one request for each 50, several at a time.
// Scope: user-library-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-audiobooks
func (s *Audiobooks) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.AudiobooksContains, KindAudiobook, ids, idsInQuery)
}

package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Audiobooks returns audiobooks and their chapters, and reads and changes the user's saved
// audiobooks. Spotify has audiobooks in some markets only and responds with 404 in the others, so
// calls should name a market.
type Audiobooks struct{ core *core }

// Get returns an audiobook. id is an id, a spotify: URI (which says "show") or an open.spotify.com
// link.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook
func (s *Audiobooks) Get(ctx context.Context, id string, p *GetParams) (*Audiobook, error) {
	return fetch[Audiobook](ctx, s.core, operations.AudiobookGet, at(KindAudiobook, id), p)
}

// GetMany returns audiobooks in the order of ids. It sends one request for each 50 audiobooks with
// extended quota and one for each audiobook without, Config.Concurrency at a time. Audiobooks that
// could not be fetched are nil; the *BatchError says why. An id that is repeated has the same
// pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-audiobooks
func (s *Audiobooks) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Audiobook, error) {
	return getMany[Audiobook](
		ctx, s.core, operations.AudiobookGet, operations.AudiobookGetSeveral, KindAudiobook, ids, p)
}

// Chapters returns one page of an audiobook's chapters. Limit is 1 to 50, 20 if zero.
//
// https://developer.spotify.com/documentation/web-api/reference/get-audiobook-chapters
func (s *Audiobooks) Chapters(ctx context.Context, id string, p *PageParams) (*Page[SimplifiedChapter], error) {
	return fetch[Page[SimplifiedChapter]](ctx, s.core, operations.AudiobookChapters, at(KindAudiobook, id), p)
}

// AllChapters iterates over an audiobook's chapters from p.Offset on.
func (s *Audiobooks) AllChapters(ctx context.Context, id string, p *PageParams) iter.Seq2[SimplifiedChapter, error] {
	return paginate(ctx, s.core, operations.AudiobookChapters, p, of(id, s.Chapters))
}

// Saved returns one page of the user's saved audiobooks. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks
func (s *Audiobooks) Saved(ctx context.Context, p *ListParams) (*Page[SavedAudiobook], error) {
	return fetch[Page[SavedAudiobook]](ctx, s.core, operations.AudiobooksSaved, nowhere, p)
}

// AllSaved iterates over the user's saved audiobooks from p.Offset on. Scope: user-library-read.
func (s *Audiobooks) AllSaved(ctx context.Context, p *ListParams) iter.Seq2[SavedAudiobook, error] {
	return paginate(ctx, s.core, operations.AudiobooksSaved, p, s.Saved)
}

// Save saves audiobooks to the user's library. It sends one request for each 50 ids; if a later one
// fails, the *PartialError has the number of saved audiobooks. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-audiobooks-user
func (s *Audiobooks) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AudiobooksSave, KindAudiobook, ids, idsInQuery)
}

// Remove removes audiobooks from the user's library. It sends one request for each 50 ids; if a
// later one fails, the *PartialError has the number of removed audiobooks.
// Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-audiobooks-user
func (s *Audiobooks) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AudiobooksRemoveSaved, KindAudiobook, ids, idsInQuery)
}

// Contains reports for each id whether the audiobook is in the user's library. It sends one request
// for each 50 ids, several at a time. Scope: user-library-read.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-audiobooks
func (s *Audiobooks) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.AudiobooksContains, KindAudiobook, ids, idsInQuery)
}

// SimplifiedAudiobook has the members of an audiobook that chapters and search results include.
type SimplifiedAudiobook struct {
	// ID, URI and Href identify the audiobook: in this package, in players, in the API. The URI
	// says "show".
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
	// Description is plain text, and HTMLDescription the same text with HTML markup.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// Explicit reports whether the audiobook has explicit content. False may also mean unknown.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// Languages are the spoken languages, as ISO 639-1 codes.
	Languages []string `json:"languages"`
	// MediaType is "audio".
	MediaType string `json:"media_type"`
	// TotalChapters is the number of chapters.
	TotalChapters int          `json:"total_chapters"`
	Copyrights    []Copyright  `json:"copyrights"`
	ExternalURLs  ExternalURLs `json:"external_urls,omitzero"`
	// Publisher and AvailableMarkets are empty for apps in development mode since February 2026.
	Publisher        string   `json:"publisher,omitzero"`
	AvailableMarkets []string `json:"available_markets,omitzero"`
}

// AuthorNames returns the names of the audiobook's authors, separated by commas.
func (a *SimplifiedAudiobook) AuthorNames() string {
	return joined(a.Authors, func(a *Author) string { return a.Name })
}

// Link returns the address of the audiobook's page at open.spotify.com, empty if the audiobook has
// no id.
func (a *SimplifiedAudiobook) Link() string { return linkTo(KindAudiobook, a.ID, a.ExternalURLs) }

// String returns the audiobook in one line: its name and its authors.
func (a SimplifiedAudiobook) String() string { return line(a.Name, a.URI, a.AuthorNames(), "") }

// Audiobook has all members of an audiobook.
type Audiobook struct {
	SimplifiedAudiobook
	// Chapters is the first page of the audiobook's chapters. Audiobooks.AllChapters iterates over
	// all of them.
	Chapters Page[SimplifiedChapter] `json:"chapters"`
}

// SavedAudiobook is an audiobook in the user's library.
type SavedAudiobook struct {
	// AddedAt is the time when the user saved the audiobook. It is zero if Spotify does not send
	// it.
	AddedAt   time.Time `json:"added_at,omitzero"`
	Audiobook Audiobook `json:"audiobook" bare:"true"`
}

// String returns the audiobook in one line.
func (s SavedAudiobook) String() string { return s.Audiobook.String() }

// Author is an author of an audiobook.
type Author struct {
	Name string `json:"name"`
}

// Narrator is a reader of an audiobook.
type Narrator struct {
	Name string `json:"name"`
}

package resources

import (
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Chapters returns chapters of audiobooks.
type Chapters struct{ core *core }

// Get returns a chapter. id is an id, a spotify: URI (which says "episode") or an open.spotify.com
// link.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-chapter
func (s *Chapters) Get(ctx context.Context, id string, p *GetParams) (*Chapter, error) {
	return fetch[Chapter](ctx, s.core, operations.ChapterGet, at(KindChapter, id), p)
}

// GetMany returns chapters in the order of ids. It sends one request for each 50 chapters with
// extended quota and one for each chapter without, Config.Concurrency at a time. Chapters that
// could not be fetched are nil; the *BatchError says why. An id that is repeated has the same
// pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-chapters
func (s *Chapters) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Chapter, error) {
	return getMany[Chapter](ctx, s.core, operations.ChapterGet, operations.ChapterGetSeveral, KindChapter, ids, p)
}

// SimplifiedChapter has the members of a chapter that audiobooks include.
type SimplifiedChapter struct {
	// ID, URI and Href identify the chapter: in this package, in players, in the API. The URI says
	// "episode".
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "episode" or "chapter": Spotify sends both.
	Type string `json:"type"`
	Name string `json:"name"`
	// ChapterNumber is the chapter's number in the audiobook.
	ChapterNumber int `json:"chapter_number"`
	// Description is plain text, and HTMLDescription the same text with HTML markup.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// DurationMS is the length in milliseconds. Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Explicit reports whether the chapter has explicit content. False may also mean unknown.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// IsPlayable reports whether the chapter can be played in the market. It is nil, which means
	// unknown, if Spotify does not send it.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// Languages are the spoken languages, as ISO 639-1 codes.
	Languages []string `json:"languages"`
	// ReleaseDate is the date as Spotify sends it, and ReleaseDatePrecision its precision. Released
	// returns both as a Date.
	ReleaseDate          string        `json:"release_date"`
	ReleaseDatePrecision DatePrecision `json:"release_date_precision"`
	// ResumePoint is the user's position in the chapter. Scope: user-read-playback-position.
	ResumePoint  ResumePoint  `json:"resume_point,omitzero"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// Restrictions is set if the chapter cannot be played.
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AvailableMarkets is empty for apps in development mode since February 2026.
	AvailableMarkets []string `json:"available_markets,omitzero"`
	// AudioPreviewURL is the address of a sample of 30 seconds. It is empty for apps made after 27
	// November 2024.
	AudioPreviewURL string `json:"audio_preview_url,omitzero"`
}

// Duration returns the chapter's length.
func (c *SimplifiedChapter) Duration() time.Duration { return milliseconds(c.DurationMS) }

// Released returns the release date with its precision.
func (c *SimplifiedChapter) Released() Date { return parseDate(c.ReleaseDate) }

// Link returns the address of the chapter's page at open.spotify.com, empty if the chapter has no
// id.
func (c *SimplifiedChapter) Link() string { return linkTo(KindChapter, c.ID, c.ExternalURLs) }

// String returns the chapter in one line: "Chapter 1 (12:30)".
func (c SimplifiedChapter) String() string {
	return line(c.Name, c.URI, "", FormatDuration(c.Duration()))
}

// Chapter has all members of a chapter.
type Chapter struct {
	SimplifiedChapter
	Audiobook SimplifiedAudiobook `json:"audiobook,omitzero"`
}

// String returns the chapter in one line: its name, its audiobook and its length.
func (c Chapter) String() string {
	return line(c.Name, c.URI, c.Audiobook.Name, FormatDuration(c.Duration()))
}

package resources

import (
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Chapters gets chapters of audiobooks.
type Chapters struct{ core *core }

// Get returns a chapter. id is a bare id, a spotify: URI (which says episode) or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-chapter
func (s *Chapters) Get(ctx context.Context, id string, p *GetParams) (*Chapter, error) {
	return fetch[Chapter](ctx, s.core, operations.ChapterGet, at(KindChapter, id), p)
}

// GetMany returns any number of chapters, in the order of ids, several calls at a time: 50 chapters a call with extended quota, one without.
// A chapter that cannot be had is nil, and the error, a *BatchError, says why. Chapters named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-chapters
func (s *Chapters) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Chapter, error) {
	return getMany[Chapter](ctx, s.core, operations.ChapterGet, operations.ChapterGetSeveral, KindChapter, ids, p)
}

// SimplifiedChapter is a chapter as its audiobook names it.
type SimplifiedChapter struct {
	// ID, URI and Href name the chapter: for this package, for players, for the API. The URI says episode.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "episode" or "chapter": Spotify says both.
	Type string `json:"type"`
	Name string `json:"name"`
	// ChapterNumber is the chapter's place in the audiobook.
	ChapterNumber int `json:"chapter_number"`
	// Description is without markup, HTMLDescription with it.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// DurationMS is the chapter's length in milliseconds; Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Explicit says that what is said is; false may also mean that nobody knows.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// IsPlayable reports whether the chapter can be played in the market. It is nil, which means
	// unknown, where Spotify does not say.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// Languages are the ones spoken, as ISO 639-1 codes.
	Languages []string `json:"languages"`
	// ReleaseDate is the date as sent, as precise as ReleaseDatePrecision says; Released reads it.
	ReleaseDate          string        `json:"release_date"`
	ReleaseDatePrecision DatePrecision `json:"release_date_precision"`
	// ResumePoint is how far the user has come; it takes the scope user-read-playback-position.
	ResumePoint  ResumePoint  `json:"resume_point,omitzero"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// Restrictions is there where the chapter cannot be played.
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AvailableMarkets is empty for apps in development mode since February 2026.
	AvailableMarkets []string `json:"available_markets,omitzero"`
	// AudioPreviewURL leads to 30 seconds of the chapter.
	//
	// Deprecated: apps made after 27 November 2024 do not get it.
	AudioPreviewURL string `json:"audio_preview_url,omitzero"`
}

// Duration returns the chapter's length.
func (c *SimplifiedChapter) Duration() time.Duration { return milliseconds(c.DurationMS) }

// Released returns the date of release, as precise as it is known.
func (c *SimplifiedChapter) Released() Date { return parseDate(c.ReleaseDate) }

// Chapter is everything the API tells of a chapter.
type Chapter struct {
	SimplifiedChapter
	Audiobook SimplifiedAudiobook `json:"audiobook,omitzero"`
}

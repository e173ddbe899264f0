package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Episodes returns episodes of shows, and reads and changes the user's saved episodes.
type Episodes struct{ core *core }

// Get returns an episode. id is an id, a spotify: URI or an open.spotify.com link. With a token
// that belongs to no user, a market is required. Scope: user-read-playback-position, for
// ResumePoint.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-episode
func (s *Episodes) Get(ctx context.Context, id string, p *GetParams) (*Episode, error) {
	return fetch[Episode](ctx, s.core, operations.EpisodeGet, at(KindEpisode, id), p)
}

// GetMany returns episodes in the order of ids. It sends one request for each 50 episodes with
// extended quota and one for each episode without, Config.Concurrency at a time. Episodes that
// could not be fetched are nil; the *BatchError says why. An id that is repeated has the same
// pointer.
// Scope: user-read-playback-position, for ResumePoint.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-episodes
func (s *Episodes) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Episode, error) {
	return getMany[Episode](ctx, s.core, operations.EpisodeGet, operations.EpisodeGetSeveral, KindEpisode, ids, p)
}

// Saved returns one page of the user's saved episodes, the latest first. Limit is 1 to 50, 20 if
// zero. Scopes: user-library-read, user-read-playback-position.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-episodes
func (s *Episodes) Saved(ctx context.Context, p *PageParams) (*Page[SavedEpisode], error) {
	return fetch[Page[SavedEpisode]](ctx, s.core, operations.EpisodesSaved, nowhere, p)
}

// AllSaved iterates over the user's saved episodes from p.Offset on, the latest first.
// Scopes: user-library-read, user-read-playback-position.
func (s *Episodes) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedEpisode, error] {
	return paginate(ctx, s.core, operations.EpisodesSaved, p, s.Saved)
}

// Save saves episodes to the user's library. It sends one request for each 50 ids; if a later one
// fails, the *PartialError has the number of saved episodes. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-episodes-user
func (s *Episodes) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.EpisodesSave, KindEpisode, ids, idsInQuery)
}

// Remove removes episodes from the user's library. It sends one request for each 50 ids; if a later
// one fails, the *PartialError has the number of removed episodes. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-episodes-user
func (s *Episodes) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.EpisodesRemoveSaved, KindEpisode, ids, idsInQuery)
}

// Contains reports for each id whether the episode is in the user's library. It sends one request
// for each 50 ids, several at a time. Scope: user-library-read.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-episodes
func (s *Episodes) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.EpisodesContains, KindEpisode, ids, idsInQuery)
}

// SimplifiedEpisode has the members of an episode that shows and search results include.
type SimplifiedEpisode struct {
	// ID, URI and Href identify the episode: in this package, in players, in the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "episode".
	Type string `json:"type"`
	Name string `json:"name"`
	// Description is plain text, and HTMLDescription the same text with HTML markup.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// DurationMS is the length in milliseconds. Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Explicit reports whether the episode has explicit content. False may also mean unknown.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// IsExternallyHosted reports whether the episode is on a server that is not Spotify's.
	IsExternallyHosted bool `json:"is_externally_hosted"`
	// IsPlayable reports whether the episode can be played in the market. It is nil, which means
	// unknown, if Spotify does not send it.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// Language is a spoken language, as an ISO 639 code.
	//
	// Deprecated: use Languages, which has all of them.
	Language  string   `json:"language,omitzero"`
	Languages []string `json:"languages"`
	// ReleaseDate is the date as Spotify sends it, and ReleaseDatePrecision its precision. Released
	// returns both as a Date.
	ReleaseDate          string        `json:"release_date"`
	ReleaseDatePrecision DatePrecision `json:"release_date_precision"`
	// ResumePoint is the user's position in the episode. Scope: user-read-playback-position.
	ResumePoint  ResumePoint  `json:"resume_point,omitzero"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// Restrictions is set if the episode cannot be played.
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AudioPreviewURL is the address of a sample of 30 seconds. It is empty for apps made after 27
	// November 2024.
	AudioPreviewURL string `json:"audio_preview_url,omitzero"`
}

// Duration returns the episode's length.
func (e *SimplifiedEpisode) Duration() time.Duration { return milliseconds(e.DurationMS) }

// Released returns the release date with its precision.
func (e *SimplifiedEpisode) Released() Date { return parseDate(e.ReleaseDate) }

// Link returns the address of the episode's page at open.spotify.com, empty if the episode has no
// id.
func (e *SimplifiedEpisode) Link() string { return linkTo(KindEpisode, e.ID, e.ExternalURLs) }

// String returns the episode in one line: "Rivers (42:00)".
func (e SimplifiedEpisode) String() string {
	return line(e.Name, e.URI, "", FormatDuration(e.Duration()))
}

// Episode has all members of an episode.
type Episode struct {
	SimplifiedEpisode
	Show SimplifiedShow `json:"show,omitzero"`
}

// String returns the episode in one line: its name, its show and its length.
func (e Episode) String() string {
	return line(e.Name, e.URI, e.Show.Name, FormatDuration(e.Duration()))
}

// SavedEpisode is an episode in the user's library.
type SavedEpisode struct {
	// AddedAt is the time when the user saved the episode.
	AddedAt time.Time `json:"added_at,omitzero"`
	Episode Episode   `json:"episode"`
}

// String returns the episode in one line.
func (s SavedEpisode) String() string { return s.Episode.String() }

// ResumePoint is a user's position in an episode or a chapter.
type ResumePoint struct {
	// FullyPlayed reports whether the user has played it to the end. It is nil, which means
	// unknown, without the scope user-read-playback-position.
	FullyPlayed *bool `json:"fully_played,omitzero"`
	// ResumePositionMS is the position in milliseconds. Position returns it as a time.Duration.
	ResumePositionMS int `json:"resume_position_ms"`
}

// Position returns the position where the user stopped.
func (r ResumePoint) Position() time.Duration { return milliseconds(r.ResumePositionMS) }

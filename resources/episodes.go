package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Episodes gets episodes of shows, and the ones a user has saved.
type Episodes struct{ core *core }

// Get returns an episode. id is a bare id, a spotify: URI or an open.spotify.com address. A token without a user needs a market.
// Scope: user-read-playback-position, for how far the user has come.
//
// https://developer.spotify.com/documentation/web-api/reference/get-an-episode
func (s *Episodes) Get(ctx context.Context, id string, p *GetParams) (*Episode, error) {
	return fetch[Episode](ctx, s.core, operations.EpisodeGet, at(KindEpisode, id), p)
}

// GetMany returns any number of episodes, in the order of ids, several calls at a time: 50 episodes a call with extended quota, one without.
// An episode that cannot be had is nil, and the error, a *BatchError, says why. Episodes named twice are the same pointer.
// Scope: user-read-playback-position.
//
// https://developer.spotify.com/documentation/web-api/reference/get-multiple-episodes
func (s *Episodes) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Episode, error) {
	return getMany[Episode](ctx, s.core, operations.EpisodeGet, operations.EpisodeGetSeveral, KindEpisode, ids, p)
}

// Saved returns one page of the episodes in the user's library, the latest first. Limit is 1 to 50, 20 if zero.
// Scopes: user-library-read, user-read-playback-position.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-episodes
func (s *Episodes) Saved(ctx context.Context, p *PageParams) (*Page[SavedEpisode], error) {
	return fetch[Page[SavedEpisode]](ctx, s.core, operations.EpisodesSaved, nowhere, p)
}

// AllSaved walks over the episodes in the user's library, from p.Offset on, as Saved returns them.
func (s *Episodes) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedEpisode, error] {
	return walk(ctx, s.core, operations.EpisodesSaved, p, s.Saved)
}

// SimplifiedEpisode is an episode as its show names it.
type SimplifiedEpisode struct {
	// ID, URI and Href name the episode: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "episode".
	Type string `json:"type"`
	Name string `json:"name"`
	// Description is without markup, HTMLDescription with it.
	Description     string `json:"description"`
	HTMLDescription string `json:"html_description"`
	// DurationMS is the episode's length in milliseconds; Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Explicit says that what is said is; false may also mean that nobody knows.
	Explicit bool   `json:"explicit"`
	Images   Images `json:"images"`
	// IsExternallyHosted says that the episode is not on Spotify's servers.
	IsExternallyHosted bool `json:"is_externally_hosted"`
	// IsPlayable reports whether the episode can be played in the market. It is nil, which means
	// unknown, where Spotify does not say.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// Language is the one spoken, as an ISO 639 code.
	//
	// Deprecated: use Languages, which has them all.
	Language  string   `json:"language,omitzero"`
	Languages []string `json:"languages"`
	// ReleaseDate is the date as sent, as precise as ReleaseDatePrecision says; Released reads it.
	ReleaseDate          string        `json:"release_date"`
	ReleaseDatePrecision DatePrecision `json:"release_date_precision"`
	// ResumePoint is how far the user has come; it takes the scope user-read-playback-position.
	ResumePoint  ResumePoint  `json:"resume_point,omitzero"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// Restrictions is there where the episode cannot be played.
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AudioPreviewURL leads to 30 seconds of the episode.
	//
	// Deprecated: apps made after 27 November 2024 do not get it.
	AudioPreviewURL string `json:"audio_preview_url,omitzero"`
}

// Duration returns the episode's length.
func (e *SimplifiedEpisode) Duration() time.Duration { return milliseconds(e.DurationMS) }

// Released returns the date of release, as precise as it is known.
func (e *SimplifiedEpisode) Released() Date { return parseDate(e.ReleaseDate) }

// Episode is everything the API tells of an episode.
type Episode struct {
	SimplifiedEpisode
	Show SimplifiedShow `json:"show,omitzero"`
}

// SavedEpisode is an episode in the user's library.
type SavedEpisode struct {
	// AddedAt is when it was saved.
	AddedAt time.Time `json:"added_at,omitzero"`
	Episode Episode   `json:"episode"`
}

// ResumePoint is how far a user has come in an episode or a chapter.
type ResumePoint struct {
	// FullyPlayed reports whether the user has heard it to the end. It is nil, which means unknown,
	// without the scope user-read-playback-position.
	FullyPlayed *bool `json:"fully_played,omitzero"`
	// ResumePositionMS is where the user left off, in milliseconds; Position returns it as a time.Duration.
	ResumePositionMS int `json:"resume_position_ms"`
}

// Position returns where the user left off.
func (r ResumePoint) Position() time.Duration { return milliseconds(r.ResumePositionMS) }

// Save puts any number of episodes into the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-episodes-user
func (s *Episodes) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.EpisodesSave, KindEpisode, ids, idsInQuery)
}

// Remove takes any number of episodes out of the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-episodes-user
func (s *Episodes) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.EpisodesRemoveSaved, KindEpisode, ids, idsInQuery)
}

// Contains reports for each of any number of episodes whether it is in the user's library, in the order of ids. It sends one request for each 50, several at a time.
// Scope: user-library-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-episodes
func (s *Episodes) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.EpisodesContains, KindEpisode, ids, idsInQuery)
}

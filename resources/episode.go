package resources

import "time"

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

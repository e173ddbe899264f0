package resources

import "time"

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

package resources

import "time"

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

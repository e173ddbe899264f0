package resources

import "time"

// SimplifiedTrack is a track as its album names it.
type SimplifiedTrack struct {
	// ID, URI and Href name the track: for this package, for players, for the API. A local track has a URI only.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "track".
	Type    string             `json:"type"`
	Name    string             `json:"name"`
	Artists []SimplifiedArtist `json:"artists"`
	// DiscNumber is 1 unless the album has several discs, TrackNumber the track's place on the disc.
	DiscNumber  int `json:"disc_number"`
	TrackNumber int `json:"track_number"`
	// DurationMS is the track's length in milliseconds; Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Explicit says that the lyrics are; false may also mean that nobody knows.
	Explicit bool `json:"explicit"`
	// IsLocal says that the track is a file of the user's.
	IsLocal      bool         `json:"is_local"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// IsPlayable reports whether the track can be played in the market that was asked for. It is
	// nil, which means unknown, where no market was.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// LinkedFrom and Restrictions are there where a market was asked for: LinkedFrom is the track
	// that was asked for, where another is played in its place
	// (https://developer.spotify.com/documentation/web-api/concepts/track-relinking).
	LinkedFrom   LinkedTrack  `json:"linked_from,omitzero"`
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AvailableMarkets is empty where a market was asked for, and for apps in development mode since February 2026.
	AvailableMarkets []string `json:"available_markets,omitzero"`
	// PreviewURL leads to 30 seconds of the track.
	//
	// Deprecated: apps made after 27 November 2024 do not get it.
	PreviewURL string `json:"preview_url,omitzero"`
}

// Duration returns the track's length.
func (t *SimplifiedTrack) Duration() time.Duration { return milliseconds(t.DurationMS) }

// Track is everything the API tells of a track.
type Track struct {
	SimplifiedTrack
	Album SimplifiedAlbum `json:"album,omitzero"`
	// ExternalIDs is empty in what the player returns.
	ExternalIDs ExternalIDs `json:"external_ids,omitzero"`
	// Popularity is 0 to 100. It is nil, which means unknown, where Spotify does not say: for apps in
	// development mode since February 2026.
	Popularity *int `json:"popularity,omitzero"`
}

// LinkedTrack names the track that another one stands for.
type LinkedTrack struct {
	ID           string       `json:"id"`
	URI          string       `json:"uri"`
	Href         string       `json:"href"`
	Type         string       `json:"type"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// SavedTrack is a track in the user's library.
type SavedTrack struct {
	// AddedAt is when it was saved.
	AddedAt time.Time `json:"added_at,omitzero"`
	Track   Track     `json:"track"`
}

package resources

// SimplifiedArtist is an artist as other things name one.
type SimplifiedArtist struct {
	// ID, URI and Href name the artist: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "artist".
	Type         string       `json:"type"`
	Name         string       `json:"name"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// Artist is everything the API tells of an artist.
type Artist struct {
	SimplifiedArtist
	Images Images `json:"images"`
	// Followers and Genres are empty for apps in development mode since February 2026.
	Followers Followers `json:"followers,omitzero"`
	Genres    []string  `json:"genres,omitzero"`
	// Popularity is 0 to 100. It is nil, which means unknown, where Spotify does not say: for apps in
	// development mode since February 2026.
	Popularity *int `json:"popularity,omitzero"`
}

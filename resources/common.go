package resources

// ExternalURLs are addresses of a thing outside the API.
type ExternalURLs struct {
	// Spotify is the address at open.spotify.com.
	Spotify string `json:"spotify,omitzero"`
}

// ExternalIDs are the names of a recording or release in the registries of the trade. What the player returns has none.
type ExternalIDs struct {
	// ISRC names a recording, EAN and UPC a product.
	ISRC string `json:"isrc,omitzero"`
	EAN  string `json:"ean,omitzero"`
	UPC  string `json:"upc,omitzero"`
}

// Followers tells how many follow someone or something.
type Followers struct {
	// Href is always empty.
	Href string `json:"href,omitzero"`
	// Total is how many there are. It is nil, which means unknown, where Spotify does not say: for
	// apps in development mode since February 2026.
	Total *int `json:"total,omitzero"`
}

// Copyright is one statement of who owns the rights.
type Copyright struct {
	// Text is the statement.
	Text string `json:"text"`
	// Type is "C" for the copyright, "P" for that of the sound recording.
	Type string `json:"type"`
}

// Restrictions say why something cannot be played.
type Restrictions struct {
	// Reason is "market", "product" or "explicit"; more may come.
	Reason RestrictionReason `json:"reason,omitzero"`
}

// RestrictionReason is why something cannot be played. Values beyond the constants may come.
type RestrictionReason string

// The reasons of the reference.
const (
	RestrictionMarket   RestrictionReason = "market"
	RestrictionProduct  RestrictionReason = "product"
	RestrictionExplicit RestrictionReason = "explicit"
)

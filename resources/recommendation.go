package resources

// RecommendationsResult is what Recommendations.Get found.
type RecommendationsResult struct {
	Tracks []Track `json:"tracks"`
	// Seeds tell how far each seed has led.
	Seeds []RecommendationSeed `json:"seeds"`
}

// RecommendationSeed tells how many tracks a seed has led to.
type RecommendationSeed struct {
	// ID is the seed as it was given, Href its address if it is a track or an artist.
	ID   string `json:"id"`
	Href string `json:"href"`
	// Type is "artist", "track" or "genre", also in upper case.
	Type string `json:"type"`
	// InitialPoolSize is how many tracks there were for the seed, AfterFilteringSize how many the wanted attributes left of them,
	// AfterRelinkingSize how many of those the market has.
	InitialPoolSize    int `json:"initialPoolSize"`
	AfterFilteringSize int `json:"afterFilteringSize"`
	AfterRelinkingSize int `json:"afterRelinkingSize"`
}

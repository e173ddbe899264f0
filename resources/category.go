package resources

// Category is a shelf of Spotify's shop window.
type Category struct {
	// ID names the category: a word or a Spotify id.
	ID   string `json:"id"`
	Href string `json:"href"`
	// Name is in the language of the locale that was asked for.
	Name  string `json:"name"`
	Icons Images `json:"icons"`
}

package resources

// Page is one page of a list (https://developer.spotify.com/documentation/web-api/concepts/api-calls#pagination).
// Elements that Spotify sent as null, in place of what is gone, are not among its items.
type Page[T any] struct {
	// Href is the address of this page.
	Href string `json:"href"`
	// Items are this page's.
	Items []T `json:"items"`
	// Limit is how many items were asked for, Offset the index of the first one, Total how many there are on all pages.
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
	Total  int `json:"total"`
	// Next and Previous are the addresses of the pages beside this one, empty at the ends.
	Next     string `json:"next"`
	Previous string `json:"previous"`
	// Dropped is how many null elements were left out of Items: an empty page with Dropped > 0 need not be the last one.
	Dropped int `json:"-"`
}

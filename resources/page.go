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
	Dropped int `json:"-" nulls:"items"`
}

// MarshalJSON returns the page with a null for each element that was dropped, so that it decodes to
// the same page.
func (p Page[T]) MarshalJSON() ([]byte, error) {
	return marshal(struct {
		Href     string `json:"href"`
		Items    any    `json:"items"`
		Limit    int    `json:"limit"`
		Offset   int    `json:"offset"`
		Total    int    `json:"total"`
		Next     string `json:"next"`
		Previous string `json:"previous"`
	}{p.Href, withNulls(p.Items, p.Dropped), p.Limit, p.Offset, p.Total, p.Next, p.Previous})
}

// withNulls returns items with nulls after them.
func withNulls[T any](items []T, nulls int) any {
	if nulls <= 0 {
		return items
	}
	all := make([]any, len(items), len(items)+nulls)
	for i := range items {
		all[i] = &items[i]
	}
	return all[:len(items)+nulls]
}

package resources

// CursorPage is one page of a list that grows while it is read: the place in it is told by a cursor instead of a count.
// Elements that Spotify sent as null are not among its items.
type CursorPage[T any] struct {
	// Href is the address of this page.
	Href string `json:"href"`
	// Items are this page's.
	Items []T `json:"items"`
	// Limit is how many items were asked for.
	Limit int `json:"limit"`
	// Next is the address of the next page, empty at the end.
	Next string `json:"next"`
	// Cursors lead to the pages beside this one.
	Cursors Cursors `json:"cursors,omitzero"`
	// Total is how many items there are on all pages, zero where Spotify does not say.
	Total int `json:"total,omitzero"`
	// Dropped is how many null elements were left out of Items.
	Dropped int `json:"-" nulls:"items"`
}

// MarshalJSON returns the page with a null for each element that was dropped, so that it decodes to
// the same page.
func (p CursorPage[T]) MarshalJSON() ([]byte, error) {
	return marshal(struct {
		Href    string  `json:"href"`
		Items   any     `json:"items"`
		Limit   int     `json:"limit"`
		Next    string  `json:"next"`
		Cursors Cursors `json:"cursors,omitzero"`
		Total   int     `json:"total,omitzero"`
	}{p.Href, withNulls(p.Items, p.Dropped), p.Limit, p.Next, p.Cursors, p.Total})
}

// Cursors are places in a list, to be given back as they came. One that leads nowhere is empty.
type Cursors struct {
	After  string `json:"after,omitzero"`
	Before string `json:"before,omitzero"`
}

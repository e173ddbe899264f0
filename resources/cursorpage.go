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
	Dropped int `json:"-"`
}

// Cursors are places in a list, to be given back as they came. One that leads nowhere is empty.
type Cursors struct {
	After  string `json:"after,omitzero"`
	Before string `json:"before,omitzero"`
}

package api

import "github.com/seed-2147f1a9/spotify/mock/catalogue"

type category struct{ catalogue.Category }

// categoryJSON is a category. Its name is the same in every language.
type categoryJSON struct {
	Href  string    `json:"href"`
	Icons []picture `json:"icons"`
	ID    string    `json:"id"`
	Name  string    `json:"name"`
}

func (c *category) shape() categoryJSON {
	return categoryJSON{apiBase + "/browse/categories/" + escape(c.ID), pictures(c.ID, 274), c.ID, c.Name}
}

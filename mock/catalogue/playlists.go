package catalogue

import (
	"cmp"
	"slices"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Playlist is a list of tracks and episodes. Only Name is required.
type Playlist struct {
	ID, Name    string
	Description string
	// Owner is a user's id, UserID if empty.
	Owner string
	// Private playlists are visible to their owner and collaborators only.
	Private bool
	// Collaborators are the ids of other users who may change the playlist. A playlist with
	// collaborators is collaborative and private.
	Collaborators []string
	// Followers is the number of followers besides the users of this catalogue.
	Followers int
	// Items are the URIs of tracks and episodes. A local file is
	// "spotify:local:<artist>:<album>:<title>:<seconds>". An empty URI is an item that is gone,
	// which the Web API returns as null.
	Items []string
}

// Category is a category of playlists. Only Name is required.
type Category struct {
	// ID is 22 letters and digits, or a word such as "dinner".
	ID, Name string
	// Playlists are the ids of the category's playlists.
	Playlists []string
}

// AddPlaylist adds a playlist and returns the id.
func (c *Catalogue) AddPlaylist(p Playlist) string {
	defer c.change()()
	need(resources.KindPlaylist, p.Name)
	owner := c.user(p.Owner)
	p.Owner = owner.ID
	p.ID = key(resources.KindPlaylist, p.ID, p.Owner, p.Name)
	for _, id := range p.Collaborators {
		c.user(id)
	}
	p.Private = p.Private || len(p.Collaborators) > 0
	for _, uri := range p.Items {
		if !c.listable(uri) {
			refuse(
				"invalid item %[2]q of the playlist %[1]q: want a track or episode in the catalogue, a local file or an empty URI",
				p.Name,
				uri,
			)
		}
	}
	p.Items, p.Collaborators = slices.Clone(p.Items), slices.Clone(p.Collaborators)
	c.playlists.put(resources.KindPlaylist, p.ID, &p)
	uri := resources.URI(resources.KindPlaylist, p.ID)
	owner.Saved = append(owner.Saved, uri)
	for _, id := range p.Collaborators {
		u := c.user(id)
		u.Saved = append(u.Saved, uri)
	}
	return p.ID
}

func (c *Catalogue) listable(uri string) bool {
	if uri == "" || ids.IsLocal(uri) {
		return true
	}
	kind, id, ok := ids.SplitURI(uri)
	return ok && (kind == resources.KindTrack || kind == resources.KindEpisode) && c.has(kind, id)
}

// AddCategory adds a category and returns the id.
func (c *Catalogue) AddCategory(ca Category) string {
	defer c.change()()
	need(resources.KindCategory, ca.Name)
	ca.ID = cmp.Or(ca.ID, ids.New("category", ca.Name))
	for _, id := range ca.Playlists {
		if c.playlists.byID[id] == nil {
			refuse("the category %q names the playlist %q, which is not there", ca.Name, id)
		}
	}
	ca.Playlists = slices.Clone(ca.Playlists)
	c.categories.put(resources.KindCategory, ca.ID, &ca)
	return ca.ID
}

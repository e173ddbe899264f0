package catalogue

import (
	"cmp"
	"slices"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Playlist is a list of tracks and episodes. Only the name is needed.
type Playlist struct {
	ID, Name    string
	Description string
	// Owner is a user's id, UserID if empty.
	Owner string
	// Private playlists are not shown to others.
	Private bool
	// Collaborators are the ids of users who may change it as well. Having some makes it a
	// collaborative playlist, which is private.
	Collaborators []string
	// Followers is how many others follow it.
	Followers int
	// Items are URIs of tracks and episodes. "spotify:local:<artist>:<album>:<title>:<seconds>" is
	// a file on somebody's computer, and an empty one stands for what is no longer there, which
	// Spotify answers with null.
	Items []string
}

// Category is something playlists are found under. Only the name is needed.
type Category struct {
	// ID is 22 letters and digits, or a word such as "dinner".
	ID, Name string
	// Playlists are ids.
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
				"the playlist %q names %q, allowed: a track or episode in the catalogue, a local file, or an empty URI",
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

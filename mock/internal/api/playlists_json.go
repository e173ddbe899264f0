package api

import (
	"encoding/json"
	"strconv"

	"github.com/seed-2147f1a9/spotify/resources"
)

type ownerJSON struct {
	DisplayName string `json:"display_name"`
	identity
}

// playlistJSON has its items under the names that AppAccess.itemsKeys returns: a link to them, or
// the first page.
type playlistJSON struct {
	Collaborative bool   `json:"collaborative"`
	Description   string `json:"description"`
	identity
	Followers    *followers      `json:"followers,omitzero"`
	Images       []picture       `json:"images"`
	Items        json.RawMessage `json:"items,omitzero"`
	Name         string          `json:"name"`
	Owner        ownerJSON       `json:"owner"`
	PrimaryColor *string         `json:"primary_color"`
	Public       bool            `json:"public"`
	SnapshotID   string          `json:"snapshot_id"`
	Tracks       json.RawMessage `json:"tracks,omitzero"`
}

// toJSON returns the playlist as it is in lists, with a link to its items.
func (p *playlist) toJSON(v view) any {
	s := p.brief()
	s.setItems(
		v.access,
		object(field{"href", quote(p.itemsURL(v.access))}, field{"total", strconv.AppendInt(nil, int64(len(p.items)), 10)}),
	)
	return s
}

func (s *playlistJSON) setItems(on AppAccess, items []byte) {
	keys, _ := on.itemsKeys()
	for _, key := range keys {
		if key == "items" {
			s.Items = items
		} else {
			s.Tracks = items
		}
	}
}

func (p *playlist) brief() playlistJSON {
	return playlistJSON{
		Collaborative: p.collaborative,
		Description:   p.Description,
		identity:      identify(resources.KindPlaylist, p.ID),
		Images:        p.images(),
		Name:          p.Name,
		Owner:         ownerJSON{p.owner.Name, identify(resources.KindUser, p.owner.ID)},
		Public:        !p.Private,
		SnapshotID:    p.snapshot(),
	}
}

// itemsURL returns the URL of the items.
func (p *playlist) itemsURL(on AppAccess) string {
	keys, _ := on.itemsKeys()
	return hrefOf(resources.KindPlaylist, p.ID) + "/" + keys[0]
}

// images returns the uploaded cover, or else a picture made of the items; nil (null) without items.
func (p *playlist) images() []picture {
	switch {
	case p.cover != "":
		return []picture{{URL: imageBase + imagePath + p.cover}}
	case len(p.items) == 0:
		return nil
	}
	return pictures(p.ID, 640, 300, 64)
}

// followersOf returns the number of users, besides the owner, with the playlist in their library.
func (st *state) followersOf(p *playlist) int {
	n := p.Followers
	for id, who := range st.people {
		if id != p.Owner && who.saved[resources.KindPlaylist].has(p.ID) {
			n++
		}
	}
	return n
}

// fullPlaylist returns the playlist as an object of its own. Apps in development mode get the items
// of the user's own and collaborative playlists only.
func (st *state) fullPlaylist(p *playlist, req *Request, market string) []byte {
	s := p.brief()
	s.Followers = &followers{Total: st.followersOf(p)}
	if st.Access.showsItems(p.member(req.User)) {
		s.setItems(st.Access, st.itemsPage(p, req, pageSpan{limit: firstItemsLimit}, p.itemsURL(st.Access), market))
	}
	return encode(s)
}

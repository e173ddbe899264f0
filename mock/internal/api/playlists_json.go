package api

// world_playlist_shape.go is what playlists look like on the wire. They change, so that none of it is kept.

import (
	"encoding/json"
	"strconv"

	"github.com/seed-2147f1a9/spotify/resources"
)

type ownerJSON struct {
	DisplayName string `json:"display_name"`
	identity
}

// playlistShape has its items under "items" for apps in development mode, under "tracks" for others: where they are, or the first page.
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

// shape is the playlist in lists, which only say where its items are.
func (p *playlist) toJSON(v view) any {
	s := p.brief()
	s.setItems(v.access, object(field{"href", quote(p.itemsURL(v.access))}, field{"total", strconv.AppendInt(nil, int64(len(p.items)), 10)}))
	return s
}

func (s *playlistJSON) setItems(on Access, items []byte) {
	if on == DevelopmentMode {
		s.Items = items
	} else {
		s.Tracks = items
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

// address is where the items are.
func (p *playlist) itemsURL(on Access) string {
	last := "/tracks"
	if on == DevelopmentMode {
		last = "/items"
	}
	return hrefOf(resources.KindPlaylist, p.ID) + last
}

// images are the uploaded cover, or else what Spotify makes of the items; null where it has nothing to make one of.
func (p *playlist) images() []picture {
	switch {
	case p.cover != "":
		return []picture{{URL: imageBase + imagePath + p.cover}}
	case len(p.items) == 0:
		return nil
	}
	return pictures(p.ID, 640, 300, 64)
}

// following counts who has the playlist in their library besides its owner.
func (st *state) followersOf(p *playlist) int {
	n := p.Followers
	for id, who := range st.people {
		if id != p.Owner && who.saved[resources.KindPlaylist].has(p.ID) {
			n++
		}
	}
	return n
}

// full is the playlist by itself. Apps in development mode see the items of what the user works on only.
func (st *state) fullPlaylist(p *playlist, req *Request, market string) []byte {
	s := p.brief()
	s.Followers = &followers{Total: st.followersOf(p)}
	if st.showsItems(p, req) {
		s.setItems(st.access, st.itemsPage(p, req, pageSpan{limit: firstItemsLimit}, p.itemsURL(st.access), market))
	}
	return encode(s)
}

// opens reports whether the user may see what is in a playlist.
func (st *state) showsItems(p *playlist, req *Request) bool {
	return st.access == ExtendedQuota || p.member(req.User)
}

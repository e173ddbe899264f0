package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

var playlistItemHandlers = map[string]handler{
	"get-playlists-items":                 (*state).listItems,
	"get-playlists-tracks":                (*state).listItems,
	"add-items-to-playlist":               (*state).addItems,
	"add-tracks-to-playlist":              (*state).addItems,
	"reorder-or-replace-playlists-items":  (*state).updateItems,
	"reorder-or-replace-playlists-tracks": (*state).updateItems,
	"remove-items-playlist":               (*state).removeItems,
	"remove-tracks-playlist":              (*state).removeItems,
}

func (st *state) listItems(req *Request) Response {
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	s, refused := req.pageParams(st.Access)
	if refused != nil {
		return *refused
	}
	wanted, ok := parseFields(req.Query.Get("fields"))
	if !ok {
		return badRequest("Invalid fields")
	}
	p, refused := st.playlist(req)
	if refused != nil {
		return *refused
	}
	if !st.Access.showsItems(p.member(req.User)) {
		return noAccess()
	}
	return ok200(wanted.of(st.itemsPage(p, req, s, req.url(), market)))
}

// update is the body of a request that changes items. Pointers and slices are nil if they are not
// given.
type update struct {
	URIs         []string  `json:"uris"`
	Position     *int      `json:"position"`
	RangeStart   *int      `json:"range_start"`
	InsertBefore *int      `json:"insert_before"`
	RangeLength  *int      `json:"range_length"`
	Snapshot     string    `json:"snapshot_id"`
	Items        []removal `json:"items"`
	Tracks       []removal `json:"tracks"`
}

// removal names items to remove. Positions are ignored.
type removal struct {
	URI string `json:"uri"`
}

// readUpdate reads the body and the query parameters that can replace it.
func (st *state) readUpdate(req *Request) (update, *Response) {
	var u update
	var body any = &u
	if req.Op.Name == operations.PlaylistAddTracks.Name && req.isArray() {
		body = &u.URIs // the older path takes the URIs alone, too
	}
	if refused := req.decodeBody(body); refused != nil {
		return u, refused
	}
	if given, ok := req.Query["uris"]; ok {
		u.URIs = []string{}
		if given[0] != "" {
			u.URIs = strings.Split(given[0], ",")
		}
	}
	if req.Query.Get("position") != "" {
		n, refused := req.intParam("position", 0, 0, 1<<30, "Invalid position")
		if refused != nil {
			return u, refused
		}
		u.Position = &n
	}
	return u, nil
}

// listable checks the URIs of items to add.
func (st *state) listable(req *Request, uris []string, tooMany string) *Response {
	if len(uris) > req.Op.MaxItems {
		return new(badRequest(tooMany))
	}
	for i, uri := range uris {
		uris[i] = strings.TrimSpace(uri)
		kind, id, ok := ids.SplitURI(uris[i])
		if !ok || kind != resources.KindTrack && kind != resources.KindEpisode {
			return new(badRequest("Invalid track uri: " + uri))
		}
		if st.index.find(kind, id) == nil {
			return new(badRequest("Payload contains a non-existing ID"))
		}
	}
	return nil
}

func (st *state) addItems(req *Request) Response {
	p, refused := st.playlistToChange(req, true, "You cannot add tracks to a playlist you don't own.")
	if refused != nil {
		return *refused
	}
	u, refused := st.readUpdate(req)
	switch {
	case refused != nil:
		return *refused
	case len(u.URIs) == 0:
		return badRequest("No uris provided")
	}
	if refused := st.listable(req, u.URIs, "You can add a maximum of 100 tracks per request."); refused != nil {
		return *refused
	}
	added := newPlaylistItems(u.URIs, req.User, req.Now)
	switch {
	case u.Position == nil:
		p.setItems(append(p.items, added...))
	case *u.Position < 0 || *u.Position > len(p.items):
		return badRequest("Index out of bounds.")
	default:
		p.setItems(slices.Concat(p.items[:*u.Position], added, p.items[*u.Position:]))
	}
	return snapshotResponse(http.StatusCreated, p)
}

// updateItems replaces all items if there are URIs, and reorders items otherwise.
func (st *state) updateItems(req *Request) Response {
	p, refused := st.playlistToChange(req, true, "You cannot change tracks of a playlist you don't own.")
	if refused != nil {
		return *refused
	}
	u, refused := st.readUpdate(req)
	moves := u.RangeStart != nil || u.InsertBefore != nil || u.RangeLength != nil
	switch {
	case refused != nil:
		return *refused
	case u.URIs != nil && moves:
		return badRequest("Items are either replaced (uris) or reordered (range_start), not both")
	case u.URIs == nil && !moves:
		return badRequest("No uris provided")
	case moves:
		return p.move(u)
	}
	if refused := st.listable(req, u.URIs, "You can set a maximum of 100 tracks per request."); refused != nil {
		return *refused
	}
	p.setItems(newPlaylistItems(u.URIs, req.User, req.Now))
	return snapshotResponse(http.StatusOK, p)
}

// move moves a range of items, one by default, to before another item or to the end.
func (p *playlist) move(u update) Response {
	length := 1
	set(&length, u.RangeLength)
	switch n := len(p.items); {
	case u.RangeStart == nil:
		return badRequest("Missing required field: range_start")
	case u.InsertBefore == nil:
		return badRequest("Missing required field: insert_before")
	case *u.RangeStart < 0 || *u.RangeStart >= n,
		length < 1 || length > n-*u.RangeStart,
		*u.InsertBefore < 0 || *u.InsertBefore > n:
		return badRequest("Index out of bounds.")
	case !p.hadSnapshot(u.Snapshot):
		return badRequest("Invalid snapshot id")
	}
	from, to, before := *u.RangeStart, *u.RangeStart+length, *u.InsertBefore
	switch {
	case before < from:
		p.setItems(slices.Concat(p.items[:before], p.items[from:to], p.items[before:from], p.items[to:]))
	case before > to:
		p.setItems(slices.Concat(p.items[:from], p.items[to:before], p.items[from:to], p.items[before:]))
	}
	return snapshotResponse(http.StatusOK, p)
}

// removeItems removes every item with one of the URIs, which are in "tracks" or "items" depending
// on the path.
func (st *state) removeItems(req *Request) Response {
	p, refused := st.playlistToChange(req, true, "You cannot remove tracks from a playlist you don't own.")
	if refused != nil {
		return *refused
	}
	u, refused := st.readUpdate(req)
	if refused != nil {
		return *refused
	}
	unwanted := u.Items
	if strings.HasSuffix(req.Op.Path, "/tracks") {
		unwanted = u.Tracks
	}
	switch {
	case len(unwanted) == 0:
		return badRequest("No uris provided")
	case len(unwanted) > req.Op.MaxItems:
		return badRequest("You can remove a maximum of 100 tracks per request.")
	case !p.hadSnapshot(u.Snapshot):
		return badRequest("Invalid snapshot id")
	}
	gone := map[string]bool{}
	for _, item := range unwanted {
		if kind, _, ok := ids.SplitURI(item.URI); !ids.IsLocal(item.URI) &&
			(!ok || kind != resources.KindTrack && kind != resources.KindEpisode) {
			return badRequest("Invalid track uri: " + item.URI)
		}
		gone[item.URI] = true
	}
	left := make([]playlistItem, 0, len(p.items))
	for _, l := range p.items {
		if !gone[l.uri] {
			left = append(left, l)
		}
	}
	if len(left) < len(p.items) {
		p.setItems(left)
	}
	return snapshotResponse(http.StatusOK, p)
}

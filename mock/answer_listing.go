package mock

// answer_listing.go answers for what is in a playlist: lists it, adds, removes, replaces, reorders.

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

var listingAnswers = map[string]handler{
	"get-playlists-items":                 (*world).listItems,
	"get-playlists-tracks":                (*world).listItems,
	"add-items-to-playlist":               (*world).addItems,
	"add-tracks-to-playlist":              (*world).addItems,
	"reorder-or-replace-playlists-items":  (*world).updateItems,
	"reorder-or-replace-playlists-tracks": (*world).updateItems,
	"remove-items-playlist":               (*world).removeItems,
	"remove-tracks-playlist":              (*world).removeItems,
}

func (w *world) listItems(x *exchange) answer {
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	s, no := x.span(w.surface)
	if no != nil {
		return *no
	}
	wanted, ok := parseFields(x.query.Get("fields"))
	if !ok {
		return bad("Invalid fields")
	}
	p, no := w.playlist(x)
	if no != nil {
		return *no
	}
	if !w.opens(p, x) {
		return beyond()
	}
	return found(wanted.of(w.items(p, x, s, x.path(), market)))
}

// update is everything that a call may say about a playlist's items. Pointers and slices are nil where nothing was said.
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

// removal names an entry to remove. Positions are ignored.
type removal struct {
	URI string `json:"uri"`
}

// readUpdate reads the body, and what the query says in its place.
func (w *world) readUpdate(x *exchange) (update, *answer) {
	var u update
	if no := x.read(&u); no != nil {
		return u, no
	}
	if given, ok := x.query["uris"]; ok {
		u.URIs = []string{}
		if given[0] != "" {
			u.URIs = strings.Split(given[0], ",")
		}
	}
	if x.query.Get("position") != "" {
		n, no := x.number("position", 0, 0, 1<<30, "Invalid position")
		if no != nil {
			return u, no
		}
		u.Position = &n
	}
	return u, nil
}

// listable checks URIs that are to go into a playlist.
func (w *world) listable(x *exchange, uris []string, tooMany string) *answer {
	if len(uris) > x.op.MaxItems {
		return new(bad(tooMany))
	}
	for i, uri := range uris {
		uris[i] = strings.TrimSpace(uri)
		kind, id, ok := ids.SplitURI(uris[i])
		if !ok || kind != resources.KindTrack && kind != resources.KindEpisode {
			return new(bad("Invalid track uri: " + uri))
		}
		if w.c.find(kind, id) == nil {
			return new(bad("Payload contains a non-existing ID"))
		}
	}
	return nil
}

func (w *world) addItems(x *exchange) answer {
	p, no := w.mine(x, true, "You cannot add tracks to a playlist you don't own.")
	if no != nil {
		return *no
	}
	u, no := w.readUpdate(x)
	switch {
	case no != nil:
		return *no
	case len(u.URIs) == 0:
		return bad("No uris provided")
	}
	if no := w.listable(x, u.URIs, "You can add a maximum of 100 tracks per request."); no != nil {
		return *no
	}
	added := listings(u.URIs, x.user, x.now)
	switch {
	case u.Position == nil:
		p.set(append(p.items, added...))
	case *u.Position < 0 || *u.Position > len(p.items):
		return bad("Index out of bounds.")
	default:
		p.set(slices.Concat(p.items[:*u.Position], added, p.items[*u.Position:]))
	}
	return snapshotted(http.StatusCreated, p)
}

// updateItems replaces all items if there are URIs, and else moves some.
func (w *world) updateItems(x *exchange) answer {
	p, no := w.mine(x, true, "You cannot change tracks of a playlist you don't own.")
	if no != nil {
		return *no
	}
	u, no := w.readUpdate(x)
	moves := u.RangeStart != nil || u.InsertBefore != nil || u.RangeLength != nil
	switch {
	case no != nil:
		return *no
	case u.URIs != nil && moves:
		return bad("Items are either replaced (uris) or reordered (range_start), not both")
	case u.URIs == nil && !moves:
		return bad("No uris provided")
	case moves:
		return p.move(u)
	}
	if no := w.listable(x, u.URIs, "You can set a maximum of 100 tracks per request."); no != nil {
		return *no
	}
	p.set(listings(u.URIs, x.user, x.now))
	return snapshotted(http.StatusOK, p)
}

// move takes a range of items, one unless more is said, and puts it before another item, or at the end.
func (p *playlist) move(u update) answer {
	length := 1
	set(&length, u.RangeLength)
	switch n := len(p.items); {
	case u.RangeStart == nil:
		return bad("Missing required field: range_start")
	case u.InsertBefore == nil:
		return bad("Missing required field: insert_before")
	case *u.RangeStart < 0 || *u.RangeStart >= n, length < 1 || length > n-*u.RangeStart, *u.InsertBefore < 0 || *u.InsertBefore > n:
		return bad("Index out of bounds.")
	case !p.had(u.Snapshot):
		return bad("Invalid snapshot id")
	}
	from, to, before := *u.RangeStart, *u.RangeStart+length, *u.InsertBefore
	switch {
	case before < from:
		p.set(slices.Concat(p.items[:before], p.items[from:to], p.items[before:from], p.items[to:]))
	case before > to:
		p.set(slices.Concat(p.items[:from], p.items[to:before], p.items[from:to], p.items[before:]))
	}
	return snapshotted(http.StatusOK, p)
}

// removeItems takes out every entry with one of the URIs. The path tells under which name they come.
func (w *world) removeItems(x *exchange) answer {
	p, no := w.mine(x, true, "You cannot remove tracks from a playlist you don't own.")
	if no != nil {
		return *no
	}
	u, no := w.readUpdate(x)
	if no != nil {
		return *no
	}
	unwanted := u.Items
	if strings.HasSuffix(x.op.Path, "/tracks") {
		unwanted = u.Tracks
	}
	switch {
	case len(unwanted) == 0:
		return bad("No uris provided")
	case len(unwanted) > x.op.MaxItems:
		return bad("You can remove a maximum of 100 tracks per request.")
	case !p.had(u.Snapshot):
		return bad("Invalid snapshot id")
	}
	gone := map[string]bool{}
	for _, item := range unwanted {
		if kind, _, ok := ids.SplitURI(item.URI); !ids.IsLocal(item.URI) && (!ok || kind != resources.KindTrack && kind != resources.KindEpisode) {
			return bad("Invalid track uri: " + item.URI)
		}
		gone[item.URI] = true
	}
	left := make([]listing, 0, len(p.items))
	for _, l := range p.items {
		if !gone[l.uri] {
			left = append(left, l)
		}
	}
	if len(left) < len(p.items) {
		p.set(left)
	}
	return snapshotted(http.StatusOK, p)
}

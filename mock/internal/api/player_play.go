package api

import (
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

var playHandlers = map[string]handler{"start-a-users-playback": (*state).play}

// maxPlayBytes is the maximum size of the body.
const maxPlayBytes = 32 << 10

// playRequest is the body. Without a context and URIs the playback is resumed.
type playRequest struct {
	Context  string   `json:"context_uri"`
	URIs     []string `json:"uris"`
	Offset   *offset  `json:"offset"`
	Position int      `json:"position_ms"`
}

// offset is the first item: by position or by URI.
type offset struct {
	Position *int   `json:"position"`
	URI      string `json:"uri"`
}

func (st *state) play(req *Request) Response {
	var r playRequest
	if len(req.Body) > maxPlayBytes {
		return Problem(http.StatusRequestEntityTooLarge, "Request entity too large", "")
	}
	if refused := req.decodeCommand(&r); refused != nil {
		return *refused
	}
	items, refused := st.itemsToPlay(req, r)
	if refused != nil {
		return *refused
	}
	at, refused := r.begin(items)
	if refused != nil {
		return *refused
	}
	return st.commandOn(req, req.Query.Get("device_id"), func(p *player, d *catalogue.Device) *Response {
		if r.Context == "" && r.URIs == nil {
			return p.resume(d, r.Position)
		}
		country := st.user(req).Country
		for i, e := range items {
			if e != nil && !playsIn(e, country) {
				items[i] = nil
			}
		}
		if !p.start(r.Context, items, at) {
			return restrictionViolated()
		}
		p.active, p.playing = d.ID, true
		p.seek(milliseconds(r.Position))
		return nil
	})
}

// decodeCommand decodes the body of a player command, with the player's own error.
func (req *Request) decodeCommand(v any) *Response {
	if refused := req.decodeBody(v); refused != nil {
		return new(badRequest("Malformed json"))
	}
	return nil
}

// itemsToPlay returns the items to play, nil for those that do not play.
func (st *state) itemsToPlay(req *Request, r playRequest) ([]entry, *Response) {
	switch {
	case r.Position < 0:
		return nil, new(badRequest("Invalid position_ms"))
	case r.Context != "" && r.URIs != nil:
		return nil, new(badRequest(`Only one of either "context_uri" or "uris" can be specified`))
	case r.Context != "":
		return st.itemsOfContext(req, r)
	case r.URIs != nil && len(r.URIs) == 0:
		return nil, new(badRequest("No uris provided"))
	}
	return st.itemsOfURIs(r.URIs)
}

// begin returns the index of the first item, negative if none is given.
func (r *playRequest) begin(items []entry) (int, *Response) {
	switch o := r.Offset; {
	case o == nil || items == nil:
		return -1, nil
	case o.Position == nil && o.URI == "":
		return 0, new(badRequest(`At least one of "uri" or "position" should be specified`))
	case o.URI != "":
		for i, e := range items {
			if e != nil && resources.URI(e.kind(), e.id()) == o.URI {
				return i, nil
			}
		}
		return 0, new(notFound())
	case *o.Position < 0 || *o.Position >= len(items):
		return 0, new(badRequest("Invalid offset"))
	default:
		return *o.Position, nil
	}
}

// start starts the items at one of them, or at the next one that plays. It reports whether any of
// them plays.
func (p *player) start(context string, items []entry, at int) bool {
	l := newPlayOrder(items)
	l.at = max(at, 0)
	if l.current() == nil && !l.move(1, true) {
		return false
	}
	p.order, p.context = l, context
	if p.shuffled {
		p.shuffleItems(at < 0)
		if p.order.current() == nil {
			p.order.move(1, true)
		}
	}
	p.load(p.order.current())
	return true
}

// resume resumes the playback, at a position if one is given.
func (p *player) resume(d *catalogue.Device, position int) *Response {
	if p.current == nil || p.playing && d.ID == p.active && position == 0 {
		return restrictionViolated()
	}
	p.active, p.playing = d.ID, true
	if position > 0 {
		p.seek(milliseconds(position))
	}
	return nil
}

// seek seeks to a position, or starts the next item if the position is after the end.
func (p *player) seek(to time.Duration) {
	if to >= lengthOf(p.current) {
		p.next(p.repeat != repeatOff)
		return
	}
	p.position = to
}

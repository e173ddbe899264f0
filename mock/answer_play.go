package mock

// answer_play.go answers for putting something on: an album, artist, playlist, show or audiobook, or single items; and for going on with what was.

import (
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"

	"github.com/seed-2147f1a9/spotify/resources"
)

var playAnswers = map[string]handler{"start-a-users-playback": (*world).play}

// mostPlayBody is how large a list of what to play may be.
const mostPlayBody = 32 << 10

// playRequest is what a call wants played. Nothing is named where playing is to go on.
type playRequest struct {
	Context  string   `json:"context_uri"`
	URIs     []string `json:"uris"`
	Offset   *offset  `json:"offset"`
	Position int      `json:"position_ms"`
}

// offset is where to begin: by place or by URI.
type offset struct {
	Position *int   `json:"position"`
	URI      string `json:"uri"`
}

func (w *world) play(x *exchange) answer {
	var r playRequest
	if len(x.body) > mostPlayBody {
		return problem(http.StatusRequestEntityTooLarge, "Request entity too large", "")
	}
	if no := x.commands(&r); no != nil {
		return *no
	}
	items, no := w.wanted(x, r)
	if no != nil {
		return *no
	}
	at, no := r.begin(items)
	if no != nil {
		return *no
	}
	return w.steerOn(x, x.query.Get("device_id"), func(p *player, d *catalogue.Device) *answer {
		if r.Context == "" && r.URIs == nil {
			return p.resume(d, r.Position)
		}
		country := w.me(x).Country
		for i, e := range items {
			if e != nil && !playsIn(e, country) {
				items[i] = nil
			}
		}
		if !p.put(r.Context, items, at) {
			return restricted()
		}
		p.active, p.playing = d.ID, true
		p.seek(milliseconds(r.Position))
		return nil
	})
}

// commands reads a player's body, of which the player thinks less clearly than the rest of the API.
func (x *exchange) commands(v any) *answer {
	if no := x.read(v); no != nil {
		return new(bad("Malformed json"))
	}
	return nil
}

// wanted are the items to play, nil for those that cannot be played by anybody.
func (w *world) wanted(x *exchange, r playRequest) ([]entry, *answer) {
	switch {
	case r.Position < 0:
		return nil, new(bad("Invalid position_ms"))
	case r.Context != "" && r.URIs != nil:
		return nil, new(bad(`Only one of either "context_uri" or "uris" can be specified`))
	case r.Context != "":
		return w.inContext(x, r)
	case r.URIs != nil && len(r.URIs) == 0:
		return nil, new(bad("No uris provided"))
	}
	return w.inList(r.URIs)
}

// begin is the index of the item to begin with, negative where it was not said.
func (r *playRequest) begin(items []entry) (int, *answer) {
	switch o := r.Offset; {
	case o == nil || items == nil:
		return -1, nil
	case o.Position == nil && o.URI == "":
		return 0, new(bad(`At least one of "uri" or "position" should be specified`))
	case o.URI != "":
		for i, e := range items {
			if e != nil && resources.URI(e.kind(), e.id()) == o.URI {
				return i, nil
			}
		}
		return 0, new(notFound())
	case *o.Position < 0 || *o.Position >= len(items):
		return 0, new(bad("Invalid offset"))
	default:
		return *o.Position, nil
	}
}

// put makes items the line, and begins with one of them, or the next that plays. It reports whether any does.
func (p *player) put(context string, items []entry, at int) bool {
	l := newLine(items)
	l.at = max(at, 0)
	if l.here() == nil && !l.move(1, true) {
		return false
	}
	p.line, p.context = l, context
	if p.shuffle {
		p.mix(at < 0)
		if p.line.here() == nil {
			p.line.move(1, true)
		}
	}
	p.load(p.line.here())
	return true
}

// resume goes on with what was paused, at a position if one is given.
func (p *player) resume(d *catalogue.Device, position int) *answer {
	if p.current == nil || p.playing && d.ID == p.active && position == 0 {
		return restricted()
	}
	p.active, p.playing = d.ID, true
	if position > 0 {
		p.seek(milliseconds(position))
	}
	return nil
}

// seek goes to a position, past the end of the item to the next one.
func (p *player) seek(to time.Duration) {
	if to >= lengthOf(p.current) {
		p.next(p.repeat != repeatOff)
		return
	}
	p.position = to
}

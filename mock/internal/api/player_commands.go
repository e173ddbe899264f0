package api

import (
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

var commandHandlers = map[string]handler{
	"transfer-a-users-playback":                   (*state).transfer,
	"pause-a-users-playback":                      (*state).pause,
	"skip-users-playback-to-next-track":           (*state).skipNext,
	"skip-users-playback-to-previous-track":       (*state).skipPrevious,
	"seek-to-position-in-currently-playing-track": (*state).seekTo,
	"set-repeat-mode-on-users-playback":           (*state).setRepeat,
	"toggle-shuffle-for-users-playback":           (*state).setShuffle,
	"set-volume-for-users-playback":               (*state).setVolume,
	"add-to-queue":                                (*state).enqueue,
}

// playerError returns an error of the player.
func playerError(status int, reason string) *Response {
	return new(Problem(status, Message(reason), reason))
}

// restrictionViolated is Spotify's error for a command that is not possible now, such as pausing a
// paused player.
func restrictionViolated() *Response {
	return playerError(http.StatusForbidden, "UNKNOWN")
}

// command runs a command for the active device.
func (st *state) command(req *Request, do func(*player) *Response) Response {
	return st.commandOn(req, req.Query.Get("device_id"), func(p *player, d *catalogue.Device) *Response {
		if d.ID != p.active {
			return restrictionViolated()
		}
		return do(p)
	})
}

// commandOn runs a command for a device, if the user's product allows commands and the device
// accepts them.
func (st *state) commandOn(req *Request, id string, do func(*player, *catalogue.Device) *Response) Response {
	p := st.player(req)
	if st.user(req).Product != "premium" {
		return *playerError(http.StatusForbidden, "PREMIUM_REQUIRED")
	}
	d, refused := p.targetDevice(id)
	if refused == nil {
		refused = do(p, d)
	}
	if refused != nil {
		return *refused
	}
	p.changed = req.Now
	return empty(http.StatusNoContent)
}

// targetDevice returns the device with an id, or the active device for an empty id.
func (p *player) targetDevice(id string) (*catalogue.Device, *Response) {
	d := p.device(id)
	switch {
	case d == nil && id != "":
		return nil, new(Problem(http.StatusNotFound, "Device not found", ""))
	case d == nil:
		if d = p.device(p.active); d == nil {
			return nil, playerError(http.StatusNotFound, "NO_ACTIVE_DEVICE")
		}
	}
	if d.Restricted {
		return nil, playerError(http.StatusForbidden, "DEVICE_NOT_CONTROLLABLE")
	}
	return d, nil
}

// transfer moves the playback to another device. A paused playback stays paused unless play is
// true.
func (st *state) transfer(req *Request) Response {
	var body struct {
		Devices []string `json:"device_ids"`
		Play    bool     `json:"play"`
	}
	if refused := req.decodeCommand(&body); refused != nil {
		return *refused
	}
	switch {
	case len(body.Devices) == 0 || body.Devices[0] == "":
		return badRequest("Missing required field: device_ids")
	case len(body.Devices) > 1:
		return badRequest("Only one device_id is supported")
	}
	return st.commandOn(req, body.Devices[0], func(p *player, d *catalogue.Device) *Response {
		p.active = d.ID
		p.playing = p.playing || body.Play && p.current != nil
		return nil
	})
}

func (st *state) pause(req *Request) Response {
	return st.command(req, func(p *player) *Response {
		if !p.playing {
			return restrictionViolated()
		}
		p.playing = false
		return nil
	})
}

func (st *state) skipNext(req *Request) Response {
	return st.command(req, func(p *player) *Response {
		if p.current == nil && len(p.queue) == 0 {
			return restrictionViolated()
		}
		p.playing = true
		p.next(p.repeat != repeatOff)
		return nil
	})
}

// skipPrevious moves to the previous item; from a queued item it returns to the current item of the
// context.
func (st *state) skipPrevious(req *Request) Response {
	return st.command(req, func(p *player) *Response {
		if p.current == nil || !p.hasPrevious() {
			return restrictionViolated()
		}
		if !p.queued {
			p.order.move(-1, p.repeat != repeatOff)
		}
		p.playing = true
		p.load(p.order.current())
		return nil
	})
}

func (p *player) hasPrevious() bool {
	back := p.order
	return p.order.current() != nil && (p.queued || back.move(-1, p.repeat != repeatOff))
}

func (st *state) seekTo(req *Request) Response {
	position, refused := req.requiredInt("position_ms", 0, math.MaxInt32)
	if refused != nil {
		return *refused
	}
	return st.command(req, func(p *player) *Response {
		if p.current == nil {
			return restrictionViolated()
		}
		p.seek(milliseconds(position))
		return nil
	})
}

func (st *state) setRepeat(req *Request) Response {
	state := req.Query.Get("state")
	if !slices.Contains([]string{repeatOff, repeatTrack, repeatContext}, state) {
		return badRequest("Invalid state")
	}
	return st.command(req, func(p *player) *Response {
		p.repeat = state
		return nil
	})
}

func (st *state) setShuffle(req *Request) Response {
	on, err := strconv.ParseBool(req.Query.Get("state"))
	if err != nil {
		return badRequest("Invalid state")
	}
	return st.command(req, func(p *player) *Response {
		if on && !p.shuffled {
			p.shuffleItems(false)
		} else if !on && p.shuffled {
			p.order.unshuffle()
		}
		p.shuffled = on
		return nil
	})
}

func (st *state) setVolume(req *Request) Response {
	percent, refused := req.requiredInt("volume_percent", 0, 100)
	if refused != nil {
		return *refused
	}
	return st.commandOn(req, req.Query.Get("device_id"), func(_ *player, d *catalogue.Device) *Response {
		if d.Volume < 0 {
			return playerError(http.StatusForbidden, "VOLUME_CONTROL_DISALLOW")
		}
		d.Volume = percent
		return nil
	})
}

func (st *state) enqueue(req *Request) Response {
	uri := req.Query.Get("uri")
	if uri == "" {
		return badRequest("Missing required field: uri")
	}
	items, refused := st.itemsOfURIs([]string{uri})
	if refused != nil {
		return *refused
	}
	return st.command(req, func(p *player) *Response {
		if !playsIn(items[0], st.user(req).Country) {
			return restrictionViolated()
		}
		p.queue = append(p.queue, items[0])
		return nil
	})
}

package mock

// answer_steer.go answers for the player's other commands.

import (
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

var steerAnswers = map[string]handler{
	"transfer-a-users-playback":                   (*world).transfer,
	"pause-a-users-playback":                      (*world).pause,
	"skip-users-playback-to-next-track":           (*world).skipNext,
	"skip-users-playback-to-previous-track":       (*world).skipPrevious,
	"seek-to-position-in-currently-playing-track": (*world).seekTo,
	"set-repeat-mode-on-users-playback":           (*world).setRepeat,
	"toggle-shuffle-for-users-playback":           (*world).setShuffle,
	"set-volume-for-users-playback":               (*world).setVolume,
	"add-to-queue":                                (*world).enqueue,
}

// failed is how the player says no.
func failed(status int, message, reason string) *answer {
	return new(problem(status, "Player command failed: "+message, reason))
}

// restricted is Spotify's word for what makes no sense now, such as pausing what is paused.
func restricted() *answer { return failed(http.StatusForbidden, "Restriction violated", "UNKNOWN") }

// steer carries out a command for the device that plays.
func (w *world) steer(x *exchange, do func(*player) *answer) answer {
	return w.steerOn(x, x.query.Get("device_id"), func(p *player, d *catalogue.Device) *answer {
		if d.ID != p.active {
			return restricted()
		}
		return do(p)
	})
}

// steerOn carries out a command on any device, if the user may give commands and the device takes them.
func (w *world) steerOn(x *exchange, id string, do func(*player, *catalogue.Device) *answer) answer {
	p := w.player(x)
	if w.me(x).Product != "premium" {
		return *failed(http.StatusForbidden, "Premium required", "PREMIUM_REQUIRED")
	}
	d, no := p.target(id)
	if no == nil {
		no = do(p, d)
	}
	if no != nil {
		return *no
	}
	p.changed = x.now
	return done(http.StatusNoContent)
}

// target is the device with an id, without one the active device.
func (p *player) target(id string) (*catalogue.Device, *answer) {
	d := p.device(id)
	switch {
	case d == nil && id != "":
		return nil, new(problem(http.StatusNotFound, "Device not found", ""))
	case d == nil:
		if d = p.device(p.active); d == nil {
			return nil, failed(http.StatusNotFound, "No active device found", "NO_ACTIVE_DEVICE")
		}
	}
	if d.Restricted {
		return nil, failed(http.StatusForbidden, "Device cannot be controlled", "DEVICE_NOT_CONTROLLABLE")
	}
	return d, nil
}

// transfer takes what is played to another device. What is paused stays so unless it is to play.
func (w *world) transfer(x *exchange) answer {
	var body struct {
		Devices []string `json:"device_ids"`
		Play    bool     `json:"play"`
	}
	if no := x.commands(&body); no != nil {
		return *no
	}
	switch {
	case len(body.Devices) == 0 || body.Devices[0] == "":
		return bad("Missing required field: device_ids")
	case len(body.Devices) > 1:
		return bad("Only one device_id is supported")
	}
	return w.steerOn(x, body.Devices[0], func(p *player, d *catalogue.Device) *answer {
		p.active = d.ID
		p.playing = p.playing || body.Play && p.current != nil
		return nil
	})
}

func (w *world) pause(x *exchange) answer {
	return w.steer(x, func(p *player) *answer {
		if !p.playing {
			return restricted()
		}
		p.playing = false
		return nil
	})
}

func (w *world) skipNext(x *exchange) answer {
	return w.steer(x, func(p *player) *answer {
		if p.current == nil && len(p.queue) == 0 {
			return restricted()
		}
		p.playing = true
		p.next(p.repeat != repeatOff)
		return nil
	})
}

// skipPrevious goes back in the line; from what was queued, to where the line was left.
func (w *world) skipPrevious(x *exchange) answer {
	return w.steer(x, func(p *player) *answer {
		if p.current == nil || !p.hasPrevious() {
			return restricted()
		}
		if !p.queued {
			p.line.move(-1, p.repeat != repeatOff)
		}
		p.playing = true
		p.load(p.line.here())
		return nil
	})
}

func (p *player) hasPrevious() bool {
	back := p.line
	return p.line.here() != nil && (p.queued || back.move(-1, p.repeat != repeatOff))
}

func (w *world) seekTo(x *exchange) answer {
	position, no := x.must("position_ms", 0, math.MaxInt32)
	if no != nil {
		return *no
	}
	return w.steer(x, func(p *player) *answer {
		if p.current == nil {
			return restricted()
		}
		p.seek(milliseconds(position))
		return nil
	})
}

func (w *world) setRepeat(x *exchange) answer {
	state := x.query.Get("state")
	if !slices.Contains([]string{repeatOff, repeatTrack, repeatContext}, state) {
		return bad("Invalid state")
	}
	return w.steer(x, func(p *player) *answer {
		p.repeat = state
		return nil
	})
}

func (w *world) setShuffle(x *exchange) answer {
	on, err := strconv.ParseBool(x.query.Get("state"))
	if err != nil {
		return bad("Invalid state")
	}
	return w.steer(x, func(p *player) *answer {
		if on && !p.shuffle {
			p.mix(false)
		} else if !on && p.shuffle {
			p.line.sort()
		}
		p.shuffle = on
		return nil
	})
}

func (w *world) setVolume(x *exchange) answer {
	percent, no := x.must("volume_percent", 0, 100)
	if no != nil {
		return *no
	}
	return w.steerOn(x, x.query.Get("device_id"), func(_ *player, d *catalogue.Device) *answer {
		if d.Volume < 0 {
			return failed(http.StatusForbidden, "Cannot control device volume", "VOLUME_CONTROL_DISALLOW")
		}
		d.Volume = percent
		return nil
	})
}

func (w *world) enqueue(x *exchange) answer {
	uri := x.query.Get("uri")
	if uri == "" {
		return bad("Missing required field: uri")
	}
	items, no := w.inList([]string{uri})
	if no != nil {
		return *no
	}
	return w.steer(x, func(p *player) *answer {
		if !playsIn(items[0], w.me(x).Country) {
			return restricted()
		}
		p.queue = append(p.queue, items[0])
		return nil
	})
}

// must reads a whole number that has to be there.
func (x *exchange) must(name string, least, most int) (int, *answer) {
	if x.query.Get(name) == "" {
		return 0, new(bad("Missing required field: " + name))
	}
	return x.number(name, 0, least, most, "Invalid "+name)
}

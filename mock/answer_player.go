package mock

// answer_player.go answers for what a player does: its devices, what it plays, what comes next, what it has played.

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

var playerAnswers = map[string]handler{
	"get-information-about-the-users-current-playback": (*world).playback,
	"get-the-users-currently-playing-track":            (*world).currentlyPlaying,
	"get-a-users-available-devices":                    (*world).devices,
	"get-queue":                                        (*world).upNext,
	"get-recently-played":                              (*world).recentlyPlayed,
}

// player returns the user's, run up to now.
func (w *world) player(x *exchange) *player {
	p := w.me(x).plays
	p.run(x.now)
	return p
}

func (w *world) devices(x *exchange) answer {
	p := w.player(x)
	all := make([]deviceShape, len(p.devices))
	for i := range p.devices {
		all[i] = p.deviceShape(&p.devices[i])
	}
	return found(encode(map[string]any{x.op.Member: all}))
}

// playback has no body while no device is active.
func (w *world) playback(x *exchange) answer {
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	p := w.player(x)
	on := p.device(p.active)
	if on == nil {
		return done(http.StatusNoContent)
	}
	return found(encode(playbackShape{w.playing(p, x, market), p.deviceShape(on), p.repeat, p.shuffle, false}))
}

func (w *world) currentlyPlaying(x *exchange) answer {
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	p := w.player(x)
	if p.active == "" || p.current == nil {
		return done(http.StatusNoContent)
	}
	return found(encode(w.playing(p, x, market)))
}

// mostUpNext is how much of the queue Spotify tells.
const mostUpNext = 20

func (w *world) upNext(x *exchange) answer {
	p := w.player(x)
	now := []byte("null")
	if p.current != nil {
		now = w.c.render(p.current, w.view(x, playing, ""))
	}
	return found(object(field{"currently_playing", now}, field{"queue", array(w.renderAll(p.upcoming(mostUpNext), w.view(x, playing, "")))}))
}

// recentlyPlayed goes back in time from a moment, or forward; either way the newest comes first.
func (w *world) recentlyPlayed(x *exchange) answer {
	limit, no := x.number("limit", usually(x.op.MaxLimit), 1, x.op.MaxLimit, "Invalid limit")
	if no != nil {
		return *no
	}
	forward := x.query.Get("after") != ""
	if forward && x.query.Get("before") != "" {
		return bad("Only one of before and after can be specified")
	}
	before, no := x.moment("before", math.MaxInt64)
	if no != nil {
		return *no
	}
	after, no := x.moment("after", 0)
	if no != nil {
		return *no
	}
	rest := slices.DeleteFunc(slices.Clone(w.player(x).history), func(one play) bool {
		at := one.at.UnixMilli()
		return at >= before || at <= after
	})
	part := rest[max(0, len(rest)-limit):]
	if forward {
		part = rest[:min(limit, len(rest))]
	}
	items := make([][]byte, len(part))
	for i, one := range part {
		items[len(part)-1-i] = encode(w.played(one, x))
	}
	at, next := []byte("null"), []byte("null")
	if len(part) > 0 {
		newest, oldest := milli(part[len(part)-1]), milli(part[0])
		at = encode(cursors{After: &newest, Before: &oldest})
		switch {
		case len(part) == len(rest):
		case forward:
			next = quote(historyAddress("after", newest, limit))
		default:
			next = quote(historyAddress("before", oldest, limit))
		}
	}
	return found(object(
		field{"items", array(items)},
		field{"next", next},
		field{"cursors", at},
		field{"limit", strconv.AppendInt(nil, int64(limit), 10)},
		field{"href", quote(x.path() + "?" + x.query.Encode())},
	))
}

// moment reads a point in time, in milliseconds since 1970.
func (x *exchange) moment(name string, usual int64) (int64, *answer) {
	given := x.query.Get(name)
	if given == "" {
		return usual, nil
	}
	at, err := strconv.ParseInt(given, 10, 64)
	if err != nil || at < 0 {
		return 0, new(bad("Invalid " + name))
	}
	return at, nil
}

func milli(one play) string { return strconv.FormatInt(one.at.UnixMilli(), 10) }

func historyAddress(name, at string, limit int) string {
	return canonicalBase + "/me/player/recently-played?" + url.Values{name: {at}, "limit": {strconv.Itoa(limit)}}.Encode()
}

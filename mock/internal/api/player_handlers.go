package api

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

var playerHandlers = map[string]handler{
	"get-information-about-the-users-current-playback": (*state).playback,
	"get-the-users-currently-playing-track":            (*state).currentlyPlaying,
	"get-a-users-available-devices":                    (*state).devices,
	"get-queue":                                        (*state).upNext,
	"get-recently-played":                              (*state).recentlyPlayed,
}

// player returns the user's player, run up to the time of the request.
func (st *state) player(req *Request) *player {
	p := st.user(req).plays
	p.run(req.Now)
	return p
}

func (st *state) devices(req *Request) Response {
	p := st.player(req)
	all := make([]deviceJSON, len(p.devices))
	for i := range p.devices {
		all[i] = p.deviceJSON(&p.devices[i])
	}
	return ok200(encode(map[string]any{req.Op.Member: all}))
}

// playback has no body while no device is active.
func (st *state) playback(req *Request) Response {
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	p := st.player(req)
	on := p.device(p.active)
	if on == nil {
		return empty(http.StatusNoContent)
	}
	return ok200(encode(playbackJSON{st.playingOf(p, req, market), p.deviceJSON(on), p.repeat, p.shuffled, false}))
}

func (st *state) currentlyPlaying(req *Request) Response {
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	p := st.player(req)
	if p.active == "" || p.current == nil {
		return empty(http.StatusNoContent)
	}
	return ok200(encode(st.playingOf(p, req, market)))
}

// maxQueueItems is the maximum number of queued items that Spotify returns.
const maxQueueItems = 20

func (st *state) upNext(req *Request) Response {
	p := st.player(req)
	now := []byte("null")
	if p.current != nil {
		now = st.index.render(p.current, st.view(req, inPlayer, ""))
	}
	return ok200(
		object(
			field{"currently_playing", now},
			field{"queue", array(st.renderAll(p.upcoming(maxQueueItems), st.view(req, inPlayer, "")))},
		),
	)
}

// recentlyPlayed returns plays before or after a time. The newest is first in both cases.
func (st *state) recentlyPlayed(req *Request) Response {
	limit, refused := req.intParam("limit", defaultLimit(req.Op.MaxLimit), 1, req.Op.MaxLimit, "Invalid limit")
	if refused != nil {
		return *refused
	}
	forward := req.Query.Get("after") != ""
	if forward && req.Query.Get("before") != "" {
		return badRequest("Only one of before and after can be specified")
	}
	before, refused := req.timeParam("before", math.MaxInt64)
	if refused != nil {
		return *refused
	}
	after, refused := req.timeParam("after", 0)
	if refused != nil {
		return *refused
	}
	rest := slices.DeleteFunc(slices.Clone(st.player(req).history), func(one play) bool {
		at := one.at.UnixMilli()
		return at >= before || at <= after
	})
	part := rest[max(0, len(rest)-limit):]
	if forward {
		part = rest[:min(limit, len(rest))]
	}
	items := make([][]byte, len(part))
	for i, one := range part {
		items[len(part)-1-i] = encode(st.playOf(one, req))
	}
	at, next := []byte("null"), []byte("null")
	if len(part) > 0 {
		newest, oldest := millisOf(part[len(part)-1]), millisOf(part[0])
		at = encode(cursors{After: &newest, Before: &oldest})
		switch {
		case len(part) == len(rest):
		case forward:
			next = quote(historyAddress("after", newest, limit))
		default:
			next = quote(historyAddress("before", oldest, limit))
		}
	}
	return ok200(object(
		field{"items", array(items)},
		field{"next", next},
		field{"cursors", at},
		field{"limit", strconv.AppendInt(nil, int64(limit), 10)},
		field{"href", quote(req.url() + "?" + req.Query.Encode())},
	))
}

func millisOf(one play) string { return strconv.FormatInt(one.at.UnixMilli(), 10) }

func historyAddress(name, at string, limit int) string {
	return apiBase + "/me/player/recently-played?" + url.Values{name: {at}, "limit": {strconv.Itoa(limit)}}.Encode()
}

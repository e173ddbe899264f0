package api

import (
	"slices"
	"strconv"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

// player is the playback state of a user. It has no timers: each request first lets the player run
// up to the time of the request.
type player struct {
	owner   string
	devices []catalogue.Device
	active  string // the device's id, empty for none

	current  entry // nil before anything was played
	queued   bool  // current comes from the queue
	playing  bool
	position time.Duration // in current, at the time since
	since    time.Time
	heard    time.Duration // how long current was played
	changed  time.Time     // the time of the last command

	context  string // the URI of the context, empty for a list of URIs
	order    playOrder
	queue    []entry // items that the user queued, which play before the rest of the context
	repeat   string
	shuffled bool
	shuffles int // the number of shuffles so far

	history []play // oldest first
}

const (
	repeatOff     = "off"
	repeatTrack   = "track"
	repeatContext = "context"
)

// Spotify's history holds the 50 newest tracks, and only tracks that were played for more than 30
// seconds.
const (
	maxHistory = 50
	minHeard   = 30 * time.Second
)

func newPlayer(u *user) *player {
	p := &player{owner: u.ID, devices: slices.Clone(u.Devices), repeat: repeatOff, history: slices.Clip(newest(u.history))}
	for _, d := range p.devices {
		if d.Active {
			p.active = d.ID
		}
	}
	if n := len(p.history); n > 0 && p.active != "" { // the user stopped at the last track
		last := p.history[n-1]
		p.current, p.context, p.changed = last.track, resources.URI(resources.KindAlbum, last.track.album.ID), last.at
		p.order = newPlayOrder(asEntries(last.track.album.tracks))
		p.order.at = slices.Index(last.track.album.tracks, last.track)
	}
	return p
}

// lengthOf returns the duration of an item.
func lengthOf(e entry) time.Duration {
	d := time.Duration(0)
	switch e := e.(type) {
	case *track:
		d = e.Duration
	case *episode:
		d = e.Duration
	case *chapter:
		d = e.Duration
	}
	return max(d, time.Millisecond) // every item takes some time
}

// run lets the player run up to now. A request that arrived earlier than a handled one changes
// nothing.
func (p *player) run(now time.Time) {
	if now.Before(p.since) {
		return
	}
	for p.playing {
		ran, left := now.Sub(p.since), lengthOf(p.current)-p.position
		if ran < left {
			p.heard += ran
			p.position += ran
			break
		}
		p.heard += left
		p.since = p.since.Add(left)
		p.finish()
	}
	p.since = now
}

// finish ends an item.
func (p *player) finish() {
	if p.repeat == repeatTrack {
		p.load(p.current)
		return
	}
	p.next(p.repeat == repeatContext)
}

// load starts an item in place of the current one.
func (p *player) load(e entry) {
	p.remember()
	p.current, p.queued, p.position, p.heard = e, false, 0, 0
}

// remember adds the current item to the history if it was played long enough. Only tracks are
// added.
func (p *player) remember() {
	if t, ok := p.current.(*track); ok && p.heard > minHeard {
		p.history = newest(append(p.history, play{t, p.since.Truncate(time.Millisecond), p.context}))
	}
}

func newest(all []play) []play { return all[max(0, len(all)-maxHistory):] }

// next starts the next item. After the last item the player stops at the first one.
func (p *player) next(round bool) {
	if len(p.queue) > 0 {
		e := p.queue[0]
		p.queue = p.queue[1:]
		p.load(e)
		p.queued = true
		return
	}
	if p.order.move(1, round) {
		p.load(p.order.current())
		return
	}
	p.playing = false
	if p.order.rewind() {
		p.load(p.order.current())
	} else {
		p.load(p.current)
	}
}

// shuffleItems shuffles the items: in another order each time, in the same order in every run.
func (p *player) shuffleItems(all bool) {
	p.shuffles++
	p.order.shuffle(seedOf("shuffle", p.owner, p.context, strconv.Itoa(p.shuffles)), all)
}

// device returns a device by its id.
func (p *player) device(id string) *catalogue.Device {
	for i := range p.devices {
		if p.devices[i].ID == id && id != "" {
			return &p.devices[i]
		}
	}
	return nil
}

// upcoming returns the next items, up to a number.
func (p *player) upcoming(most int) []entry {
	if p.repeat == repeatTrack && p.current != nil {
		return slices.Repeat([]entry{p.current}, most)
	}
	all := slices.Concat(p.queue, p.order.upcoming(most, p.repeat == repeatContext))
	return all[:min(len(all), most)]
}

// play is a played track.
type play struct {
	track   *track
	at      time.Time
	context string // URI of the context, empty for none
}

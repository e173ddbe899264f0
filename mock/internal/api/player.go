package api

// world_player.go plays: what, where, since when, and what comes next. Nothing ticks: each call first lets the player run up to the time at which it came.

import (
	"slices"
	"strconv"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"

	"github.com/seed-2147f1a9/spotify/resources"
)

// player is what a person listens to.
type player struct {
	owner   string
	devices []catalogue.Device
	active  string // the device's id, empty for none

	current  entry // nil before anything was played
	queued   bool  // current comes from the queue
	playing  bool
	position time.Duration // in current, at since
	since    time.Time
	heard    time.Duration // of current
	changed  time.Time     // when somebody last did something

	context  string // the URI of what is played from, empty for a list of URIs
	order    playOrder
	queue    []entry // what the user put in, which comes before the line
	repeat   string
	shuffled bool
	shuffles int // how often the line was mixed

	history []play // oldest first
}

const (
	repeatOff     = "off"
	repeatTrack   = "track"
	repeatContext = "context"
)

// Spotify remembers the newest plays, and of those only what was listened to for a while.
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
	if n := len(p.history); n > 0 && p.active != "" { // where the user stopped
		last := p.history[n-1]
		p.current, p.context, p.changed = last.track, resources.URI(resources.KindAlbum, last.track.album.ID), last.at
		p.order = newPlayOrder(asEntries(last.track.album.tracks))
		p.order.at = slices.Index(last.track.album.tracks, last.track)
	}
	return p
}

// lengthOf is how long something plays.
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
	return max(d, time.Millisecond) // time has to pass
}

// run lets the player play up to now. A call that came before another but is answered after it finds the player where it is.
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

// finish is what happens at the end of an item.
func (p *player) finish() {
	if p.repeat == repeatTrack {
		p.load(p.current)
		return
	}
	p.next(p.repeat == repeatContext)
}

// load puts an item on, in place of the one before.
func (p *player) load(e entry) {
	p.remember()
	p.current, p.queued, p.position, p.heard = e, false, 0, 0
}

// note remembers the item that was on, if it was listened to. Only tracks are remembered.
func (p *player) remember() {
	if t, ok := p.current.(*track); ok && p.heard > minHeard {
		p.history = newest(append(p.history, play{t, p.since.Truncate(time.Millisecond), p.context}))
	}
}

func newest(all []play) []play { return all[max(0, len(all)-maxHistory):] }

// next goes on to what comes next. At the end the player is back at the beginning, and silent.
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

// mix puts the line into an order that is random to listen to, yet the same in every run.
func (p *player) shuffleItems(all bool) {
	p.shuffles++
	p.order.shuffle(seedOf("shuffle", p.owner, p.context, strconv.Itoa(p.shuffles)), all)
}

// device finds one of the devices.
func (p *player) device(id string) *catalogue.Device {
	for i := range p.devices {
		if p.devices[i].ID == id && id != "" {
			return &p.devices[i]
		}
	}
	return nil
}

// upcoming are the items that come next, at most so many.
func (p *player) upcoming(most int) []entry {
	if p.repeat == repeatTrack && p.current != nil {
		return slices.Repeat([]entry{p.current}, most)
	}
	all := slices.Concat(p.queue, p.order.upcoming(most, p.repeat == repeatContext))
	return all[:min(len(all), most)]
}

// play is something that was played.
type play struct {
	track   *track
	at      time.Time
	context string // URI, empty for none
}

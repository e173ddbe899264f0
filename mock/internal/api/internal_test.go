package api

import (
	"runtime"
	"strconv"
	"testing"
	"time"
	"weak"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

func TestEveryHandlerHasAnOperation(t *testing.T) {
	known := map[string]bool{}
	for _, op := range operations.All() {
		known[op.Name] = true
	}
	for name := range handlers {
		if !known[name] {
			t.Errorf("there is no operation %q", name)
		}
	}
}

// All fakes of a catalogue share an index, which is freed with the catalogue.
func TestIndexIsSharedAndFreed(t *testing.T) {
	c := catalogue.New()
	key := weak.Make(c.Contents())
	if one, other := indexOf(c), indexOf(c); one != other {
		t.Error("two fakes of a catalogue have two indexes")
	}
	if _, ok := indexes.Load(key); !ok {
		t.Error("the index is not cached")
	}
	runtime.KeepAlive(c)
	for { // until the cleanup has run: the test's timeout ends a loop that waits in vain
		runtime.GC()
		if _, ok := indexes.Load(key); !ok {
			return
		}
		runtime.Gosched()
	}
}

// A request that was sent earlier and is handled later does not turn the player's clock back.
func TestPlayerTimeGoesForward(t *testing.T) {
	c := catalogue.New()
	for i := range 5 {
		c.AddTrack(catalogue.Track{Name: strconv.Itoa(i), Duration: time.Duration(i+1) * time.Minute})
	}
	ix := indexOf(c)
	p := newPlayer(ix.users.byID[catalogue.UserID])
	p.order = newPlayOrder(asEntries(ix.tracks.list))
	p.load(p.order.current())
	now := time.Now()
	p.run(now)
	p.playing = true
	p.run(now.Add(10 * time.Second))
	if p.run(now.Add(5 * time.Second)); p.position != 10*time.Second {
		t.Errorf("went back to %v", p.position)
	}
	if p.run(now.Add(11 * time.Second)); p.position != 11*time.Second || p.heard != p.position {
		t.Errorf("at %v, heard %v", p.position, p.heard)
	}
}

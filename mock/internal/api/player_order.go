package api

// world_line.go is the order in which the items of an album, a playlist or a list of URIs are played.

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

// line is a list with a place in it. Items that do not play are nil, and passed over.
type playOrder struct {
	items   []entry
	indexes []int // indexes of items
	at      int   // place in order
}

func newPlayOrder(items []entry) playOrder {
	l := playOrder{items: items, indexes: make([]int, len(items))}
	for i := range l.indexes {
		l.indexes[i] = i
	}
	return l
}

// here is the item at the place, nil if there is none that plays.
func (l *playOrder) current() entry {
	if l.at >= len(l.indexes) {
		return nil
	}
	return l.items[l.indexes[l.at]]
}

// move goes one item on (1) or back (-1), at the ends only if it goes round. It reports whether there was one to go to.
func (l *playOrder) move(by int, round bool) bool {
	n := len(l.indexes)
	for i := 1; i <= n; i++ {
		to := l.at + by*i
		if to < 0 || to >= n {
			if !round {
				return false
			}
			to = (to + n) % n
		}
		if l.items[l.indexes[to]] != nil {
			l.at = to
			return true
		}
	}
	return false
}

// rewind goes to the first item that plays.
func (l *playOrder) rewind() bool {
	l.at = 0
	return l.current() != nil || l.move(1, false)
}

// after lists what comes next.
func (l *playOrder) upcoming(most int, round bool) []entry {
	var all []entry
	ahead := *l
	for len(all) < most && ahead.move(1, round) {
		all = append(all, ahead.current())
	}
	return all
}

// mix changes the order, the same way for the same seed. What is played now stays, with everything else to come, unless all is mixed.
func (l *playOrder) shuffle(seed [2]uint64, all bool) {
	if len(l.indexes) == 0 {
		return
	}
	rest := l.indexes
	if !all {
		l.indexes[0], l.indexes[l.at] = l.indexes[l.at], l.indexes[0]
		rest = l.indexes[1:]
	}
	l.at = 0
	rand.New(rand.NewPCG(seed[0], seed[1])).Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
}

// sort puts the order right, and stays at the item that is played.
func (l *playOrder) unshuffle() {
	if len(l.indexes) == 0 {
		return
	}
	now := l.indexes[l.at]
	*l = newPlayOrder(l.items)
	l.at = now
}

// seedOf makes chance out of words, always the same.
func seedOf(words ...string) [2]uint64 {
	sum := ids.Digest(words...)
	return [2]uint64{binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])}
}

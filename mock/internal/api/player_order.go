package api

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

// playOrder is the order in which a list of items is played, with a position. Items that do not
// play are nil and are skipped.
type playOrder struct {
	items   []entry
	indexes []int // indexes of items
	at      int   // position in indexes
}

func newPlayOrder(items []entry) playOrder {
	l := playOrder{items: items, indexes: make([]int, len(items))}
	for i := range l.indexes {
		l.indexes[i] = i
	}
	return l
}

// current returns the item at the position, nil if it does not play.
func (l *playOrder) current() entry {
	if l.at >= len(l.indexes) {
		return nil
	}
	return l.items[l.indexes[l.at]]
}

// move moves to the next (1) or the previous item (-1), over the ends if round is true. It reports
// whether there is such an item.
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

// rewind moves to the first item that plays.
func (l *playOrder) rewind() bool {
	l.at = 0
	return l.current() != nil || l.move(1, false)
}

// upcoming returns the next items.
func (l *playOrder) upcoming(most int, round bool) []entry {
	var all []entry
	ahead := *l
	for len(all) < most && ahead.move(1, round) {
		all = append(all, ahead.current())
	}
	return all
}

// shuffle shuffles the order, the same way for the same seed: all items, or the items after the
// current one.
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

// unshuffle restores the order and keeps the current item.
func (l *playOrder) unshuffle() {
	if len(l.indexes) == 0 {
		return
	}
	now := l.indexes[l.at]
	*l = newPlayOrder(l.items)
	l.at = now
}

// seedOf returns a seed derived from words.
func seedOf(words ...string) [2]uint64 {
	sum := ids.Digest(words...)
	return [2]uint64{binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])}
}

package api

import (
	"maps"

	"github.com/seed-2147f1a9/spotify/resources"
)

// person is the state of a user. Its lists are the catalogue's until they are written to, and
// copies from then on.
type person struct {
	*user
	saved map[resources.Kind]*savedList
	owned map[resources.Kind]bool // the lists that are copies; nil for none
	plays *player
}

func newPerson(u *user) *person {
	return &person{user: u, saved: u.saved, plays: newPlayer(u)}
}

// writable returns a list to write to.
func (p *person) writable(kind resources.Kind) *savedList {
	if p.owned == nil {
		p.owned, p.saved = map[resources.Kind]bool{}, maps.Clone(p.saved)
		if p.saved == nil {
			p.saved = map[resources.Kind]*savedList{}
		}
	}
	if !p.owned[kind] {
		p.saved[kind], p.owned[kind] = p.saved[kind].clone(), true
	}
	return p.saved[kind]
}

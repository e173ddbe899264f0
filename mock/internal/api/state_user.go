package api

import (
	"github.com/seed-2147f1a9/spotify/resources"
)

// person is the state of a user. Its lists are the catalogue's until they are written to, and
// copies from then on.
type person struct {
	*user
	saved map[resources.Kind]*savedList
	owned map[resources.Kind]bool // the lists that are copies
	plays *player
}

func newPerson(u *user) *person {
	p := &person{
		user:  u,
		saved: make(map[resources.Kind]*savedList, len(u.saved)),
		owned: map[resources.Kind]bool{},
		plays: newPlayer(u),
	}
	for kind, s := range u.saved {
		p.saved[kind] = s
	}
	return p
}

// writable returns a list to write to.
func (p *person) writable(kind resources.Kind) *savedList {
	if !p.owned[kind] {
		p.saved[kind], p.owned[kind] = p.saved[kind].clone(), true
	}
	return p.saved[kind]
}

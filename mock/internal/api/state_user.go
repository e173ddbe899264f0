package api

// world_person.go is what one user's calls change.

import (
	"github.com/seed-2147f1a9/spotify/resources"
)

// person is a user as far as a world remembers: the catalogue's shelves until they are written to, then copies.
type person struct {
	*user
	saved map[resources.Kind]*savedList
	owned map[resources.Kind]bool // these shelves are copies
	plays *player
}

func newPerson(u *user) *person {
	p := &person{user: u, saved: make(map[resources.Kind]*savedList, len(u.saved)), owned: map[resources.Kind]bool{}, plays: newPlayer(u)}
	for kind, s := range u.saved {
		p.saved[kind] = s
	}
	return p
}

// shelf returns a shelf to write to.
func (p *person) writable(kind resources.Kind) *savedList {
	if !p.owned[kind] {
		p.saved[kind], p.owned[kind] = p.saved[kind].clone(), true
	}
	return p.saved[kind]
}

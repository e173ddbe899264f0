package mock

// world_person.go is what one user's calls change.

import (
	"time"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

// person is a user as far as a world remembers: the catalogue's shelves until they are written to, then copies.
type person struct {
	*user
	saved map[resources.Kind]*shelf
	owned map[resources.Kind]bool // these shelves are copies
	plays *player
}

func newPerson(u *user) *person {
	p := &person{user: u, saved: make(map[resources.Kind]*shelf, len(u.saved)), owned: map[resources.Kind]bool{}, plays: newPlayer(u)}
	for kind, s := range u.saved {
		p.saved[kind] = s
	}
	return p
}

// shelf returns a shelf to write to.
func (p *person) shelf(kind resources.Kind) *shelf {
	if !p.owned[kind] {
		p.saved[kind], p.owned[kind] = p.saved[kind].clone(), true
	}
	return p.saved[kind]
}

type user struct {
	catalogue.User
	saved   map[resources.Kind]*shelf
	history []play // oldest first
	top     map[resources.Kind][]entry
}

// play is something that was played.
type play struct {
	track   *track
	at      time.Time
	context string // URI, empty for none
}

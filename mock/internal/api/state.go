package api

// world.go is what a fake Spotify knows and remembers, and how it takes a request before an area's own answer (answer_*.go) comes to it.

import (
	"sync"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

// world is one fake's own state over a catalogue that it shares. It is safe for concurrent use.
type state struct {
	index  *index
	access Access

	mu        sync.RWMutex
	people    map[string]*person
	playlists map[string]*playlist
	order     []*playlist       // the same, oldest first
	covers    map[string][]byte // uploaded, by the name in their address
}

// newWorld returns the state a catalogue begins with.
func newState(c *index, s Access) *state {
	st := &state{
		index: c, access: s, covers: map[string][]byte{}, people: make(map[string]*person, len(c.users.list)),
		playlists: make(map[string]*playlist, len(c.playlists.list)), order: make([]*playlist, 0, len(c.playlists.list)),
	}
	for _, u := range c.users.list {
		st.people[u.ID] = newPerson(u)
	}
	for _, p := range c.playlists.list {
		st.addPlaylist(p.clone())
	}
	return st
}

// me is the state of the user who is logged in.
func (st *state) user(req *Request) *person { return st.people[req.User] }

// welcome makes sure there is a state of a user whom nobody added: they have just signed up.
func (st *state) ensureUser(id string) {
	st.mu.RLock()
	known := st.people[id] != nil
	st.mu.RUnlock()
	if known {
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.people[id] == nil {
		st.people[id] = newPerson(&user{User: catalogue.User{ID: id, Name: id, Country: "SE", Email: "user@example.com", Product: "premium"}})
	}
}

// hold takes a playlist in.
func (st *state) addPlaylist(p *playlist) {
	st.playlists[p.ID] = p
	st.order = append(st.order, p)
}

package api

import (
	"sync"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

// state is the state of one fake over the index of a catalogue, which fakes share. Its lock is held
// by the API while a handler runs.
type state struct {
	index *index
	Config

	mu        sync.RWMutex
	people    map[string]*person
	playlists map[string]*playlist
	order     []*playlist       // the same playlists, oldest first
	covers    map[string][]byte // uploaded covers by the name in their URL
}

// newState returns the state that a catalogue begins with.
func newState(c *index, cfg Config) *state {
	st := &state{
		index: c, Config: cfg, covers: map[string][]byte{}, people: make(map[string]*person, len(c.users.list)),
		playlists: make(map[string]*playlist, len(c.playlists.list)), order: make([]*playlist, 0, len(c.playlists.list)),
	}
	for _, u := range c.users.list {
		st.people[u.ID] = newPerson(u)
	}
	copies := make([]playlist, len(c.playlists.list)) // one allocation, because tests make many fakes
	for i, p := range c.playlists.list {
		copies[i] = p.clone()
		st.addPlaylist(&copies[i])
	}
	return st
}

// user returns the state of the user who is logged in.
func (st *state) user(req *Request) *person { return st.people[req.User] }

// ensureUser adds a user who is not in the catalogue: a new user without a library.
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
		st.people[id] = newPerson(
			&user{User: catalogue.User{ID: id, Name: id, Country: "SE", Email: "user@example.com", Product: "premium"}},
		)
	}
}

// addPlaylist adds a playlist.
func (st *state) addPlaylist(p *playlist) {
	st.playlists[p.ID] = p
	st.order = append(st.order, p)
}

package mock

// world.go is what a fake Spotify knows and remembers, and how it takes a request before an area's own answer (answer_*.go) comes to it.

import (
	"bytes"
	"net/http"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// world is one fake's own state over a catalogue that it shares. It is safe for concurrent use.
type world struct {
	c       *index
	surface surface

	mu        sync.RWMutex
	people    map[string]*person
	playlists map[string]*playlist
	order     []*playlist       // the same, oldest first
	covers    map[string][]byte // uploaded, by the name in their address
}

// newWorld returns the state a catalogue begins with.
func newWorld(c *index, s surface) *world {
	w := &world{
		c: c, surface: s, covers: map[string][]byte{}, people: make(map[string]*person, len(c.users.list)),
		playlists: make(map[string]*playlist, len(c.playlists.list)), order: make([]*playlist, 0, len(c.playlists.list)),
	}
	for _, u := range c.users.list {
		w.people[u.ID] = newPerson(u)
	}
	for _, p := range c.playlists.list {
		w.hold(p.clone())
	}
	return w
}

// handler answers one operation. The world is locked while it runs: for reading if it only reads, else for writing.
type handler func(w *world, x *exchange) answer

// serve answers an exchange.
func (w *world) serve(x *exchange) answer {
	a := w.admit(x)
	if body, ok := a.body.([]byte); ok && x.base != "" && x.base != canonicalBase {
		body = bytes.ReplaceAll(body, []byte(`"`+canonicalBase+"/"), []byte(`"`+x.base+"/"))
		a.body = bytes.ReplaceAll(body, []byte(`"`+imageBase+imagePath), []byte(`"`+strings.TrimSuffix(x.base, route.BasePath)+imagePath))
	}
	return a
}

// admit refuses what no operation takes.
func (w *world) admit(x *exchange) answer {
	switch {
	case w.surface == developmentMode && (x.op.Access == operations.ExtendedQuota || x.op.Access == operations.Legacy):
		return beyond()
	case x.length < 0 && len(x.body) == 0 && (x.op.Method == http.MethodPut || x.op.Method == http.MethodPost):
		return answer{status: http.StatusLengthRequired, body: "<!DOCTYPE html>\n<html><title>411 Length Required</title></html>\n"}
	case x.user == "" && personal(x.op):
		return problem(http.StatusUnauthorized, "Valid user authentication required", "")
	case !x.has(needed(x.op)...):
		return unscoped()
	}
	if x.user != "" {
		w.welcome(x.user)
	}
	if writes(x.op) {
		w.mu.Lock()
		defer w.mu.Unlock()
	} else {
		w.mu.RLock()
		defer w.mu.RUnlock()
	}
	return answers[x.op.Name](w, x)
}

// personal reports whether an operation is about the user who is logged in.
func personal(op *operations.Operation) bool {
	return op.Method != http.MethodGet || op.Path == "/me" || strings.HasPrefix(op.Path, "/me/")
}

// writes reports whether an operation may change something. What a player plays changes as it is looked at.
func writes(op *operations.Operation) bool {
	return op.Method != http.MethodGet || strings.HasPrefix(op.Path, "/me/player")
}

// me is the state of the user who is logged in.
func (w *world) me(x *exchange) *person { return w.people[x.user] }

// welcome makes sure there is a state of a user whom nobody added: they have just signed up.
func (w *world) welcome(id string) {
	w.mu.RLock()
	known := w.people[id] != nil
	w.mu.RUnlock()
	if known {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.people[id] == nil {
		w.people[id] = newPerson(&user{User: catalogue.User{ID: id, Name: id, Country: "SE", Email: "user@example.com", Product: "premium"}})
	}
}

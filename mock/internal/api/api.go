// Package api is the Web API of a fake: its state, its rules and its JSON, by area. It knows
// nothing of connections, tokens, limits and faults, which package mock handles before it calls
// API.Serve.
//
// Three layers keep the files apart. Entries (music.go, spoken.go, playlists.go) are the objects of
// a catalogue and their JSON; index.go links them. The state (state.go, player.go, library_list.go)
// is what requests change. Handlers (*_handlers.go, library.go, search.go, player_play.go ...)
// respond to the operations of an area; api.go finds the handler of a request.
package api

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/route"
)

// API is the stateful Web API of one fake. It is safe for concurrent use.
type API struct {
	config Config
	given  *index // nil for the index of the invented catalogue
	once   sync.Once
	made   *state
}

// New returns an API that serves a catalogue, nil for the invented one. It panics if the catalogue
// is invalid.
func New(c *catalogue.Catalogue, cfg Config) *API {
	a := &API{config: cfg}
	if c != nil {
		a.given = indexOf(c)
	}
	return a
}

// state returns the state, which the first request makes: many fakes of a test run get no request,
// and a program that starts should not wait for its catalogue.
func (a *API) state() *state {
	a.once.Do(func() {
		ix := a.given
		if ix == nil {
			ix = indexOf(catalogue.Invented())
		}
		a.made = newState(ix, a.config)
	})
	return a.made
}

// Serve handles a request. All links in the response begin with the request's own base URL.
func (a *API) Serve(req *Request) Response {
	resp := a.dispatch(req)
	if body, ok := resp.Body.([]byte); ok && req.Base != "" && req.Base != apiBase {
		body = bytes.ReplaceAll(body, []byte(`"`+apiBase+"/"), []byte(`"`+req.Base+"/"))
		images := strings.TrimSuffix(req.Base, route.BasePath) + imagePath
		resp.Body = bytes.ReplaceAll(body, []byte(`"`+imageBase+imagePath), []byte(`"`+images))
	}
	return resp
}

// dispatch refuses requests that no handler accepts, and passes the others to their handler.
func (a *API) dispatch(req *Request) Response {
	st := a.state()
	if refused := st.Access.refusal(req.Op); refused != nil {
		return *refused
	}
	switch {
	case req.Length < 0 && len(req.Body) == 0 && (req.Op.Method == http.MethodPut || req.Op.Method == http.MethodPost):
		return Response{
			Status: http.StatusLengthRequired,
			Body:   "<!DOCTYPE html>\n<html><title>411 Length Required</title></html>\n",
		}
	case req.User == "" && personal(req.Op):
		return Problem(http.StatusUnauthorized, "Valid user authentication required", "")
	case !req.hasScope(neededScopes(req.Op)...):
		return insufficientScope()
	}
	if req.User != "" {
		st.ensureUser(req.User)
	}
	if writes(req.Op) {
		st.mu.Lock()
		defer st.mu.Unlock()
	} else {
		st.mu.RLock()
		defer st.mu.RUnlock()
	}
	return handlers[req.Op.Name](st, req)
}

// Image returns the JPEG at a picture's path: an uploaded cover, or a drawing whose width and
// colours follow from the 40 hexadecimal digits in the path.
func (a *API) Image(path string) (data []byte, ok bool) {
	name, ok := strings.CutPrefix(path, imagePath)
	if !ok {
		return nil, false
	}
	st := a.state()
	st.mu.RLock()
	data = st.covers[name]
	st.mu.RUnlock()
	if data != nil {
		return data, true
	}
	return drawing(name)
}

// personal reports whether an operation is about the user who is logged in.
func personal(op *operations.Operation) bool {
	return op.Method != http.MethodGet || op.Path == "/me" || strings.HasPrefix(op.Path, "/me/")
}

// handlers holds the handlers of all areas by the names of their operations.
var handlers = func() map[string]handler {
	all := map[string]handler{}
	for _, area := range []map[string]handler{
		musicHandlers, spokenHandlers, audioHandlers, searchHandlers, recommendationHandlers, browseHandlers, userHandlers,
		savedListHandlers, libraryHandlers, followingHandlers, playlistHandlers, playlistItemHandlers, coverHandlers,
		playerHandlers,
		playHandlers, commandHandlers,
	} {
		maps.Copy(all, area)
	}
	return all
}()

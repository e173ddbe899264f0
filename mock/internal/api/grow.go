package api

import "github.com/seed-2147f1a9/spotify/resources"

// Grow adds an item to the list that a request reads, as if another app of the user did: to the
// head of a list of saved items, or to the end of a playlist. It changes nothing for a request that
// reads another list, and if the user has saved everything.
func (a *API) Grow(req *Request) {
	st := a.state()
	st.mu.Lock()
	defer st.mu.Unlock()
	switch req.Op.Name {
	case "get-playlists-items", "get-playlists-tracks":
		if p := st.playlists[req.Vars["playlist_id"]]; p != nil && len(st.index.tracks.list) > 0 {
			uri := resources.URI(resources.KindTrack, st.index.tracks.list[0].ID)
			p.setItems(append(p.items, newPlaylistItems([]string{uri}, p.Owner, req.Now)...))
		}
	default:
		kind, ok := savedKinds[req.Op.Name]
		who := st.people[req.User]
		if !ok || who == nil {
			return
		}
		for _, e := range st.index.entries(kind) {
			if !who.saved[kind].has(e.id()) {
				who.writable(kind).add(e.id(), req.Now)
				return
			}
		}
	}
}

package api

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// firstItemsLimit is the number of items on the first page within a playlist.
const firstItemsLimit = 100

// itemsPage returns a page of a playlist's items.
func (st *state) itemsPage(p *playlist, req *Request, s pageSpan, address, market string) []byte {
	from, to := s.bounds(len(p.items))
	entries := make([][]byte, 0, to-from)
	for _, l := range p.items[from:to] {
		entries = append(entries, st.playlistItemJSON(l, req, market))
	}
	keep := url.Values{}
	for _, name := range []string{"market", "additional_types", "fields"} {
		if given := req.Query[name]; given != nil && (name != "fields" || address == req.url()) {
			keep[name] = given
		}
	}
	return s.json(address, keep, entries, len(p.items))
}

// playlistItemJSON returns an item, with its content under the names that AppAccess.itemsKeys
// returns.
func (st *state) playlistItemJSON(l playlistItem, req *Request, market string) []byte {
	fields := []field{
		{"added_at", quote(l.at.UTC().Format(timestamp))},
		{"added_by", encode(identify(resources.KindUser, l.by))},
		{"is_local", strconv.AppendBool(nil, ids.IsLocal(l.uri))},
	}
	_, keys := st.Access.itemsKeys()
	content := st.playableJSON(l.uri, req, market)
	for _, key := range keys {
		fields = append(fields, field{key, content})
	}
	return object(
		append(fields, field{"primary_color", []byte("null")}, field{"video_thumbnail", []byte(`{"url":null}`)})...)
}

// playableJSON returns the track, episode or local file of an item, null if it is gone.
func (st *state) playableJSON(uri string, req *Request, market string) []byte {
	if ids.IsLocal(uri) {
		return encode(localJSON(uri))
	}
	kind, id, ok := ids.SplitURI(uri)
	if !ok {
		return []byte("null")
	}
	f := inPlaylist
	if kind == resources.KindEpisode && !req.takesEpisodes() {
		f = episodeAsTrack
	}
	return st.index.render(st.index.find(kind, id), st.view(req, f, market))
}

// localJSON returns a local file. Spotify knows of it only the values in its URI.
func localJSON(uri string) map[string]any {
	words := strings.Split(strings.TrimPrefix(uri, ids.LocalPrefix), ":")
	for i := range words {
		if plain, err := url.QueryUnescape(words[i]); err == nil {
			words[i] = plain
		}
	}
	seconds, _ := strconv.ParseInt(words[3], 10, 64)
	none := func(kind resources.Kind, name string) map[string]any {
		return map[string]any{"external_urls": link{}, "href": nil, "id": nil, "name": name, "type": kind, "uri": nil}
	}
	album := none(resources.KindAlbum, words[1])
	for _, name := range []string{"album_type", "release_date", "release_date_precision"} {
		album[name] = nil
	}
	for _, name := range []string{"artists", "available_markets", "images"} {
		album[name] = []any{}
	}
	track := none(resources.KindTrack, words[2])
	for name, value := range map[string]any{
		"album": album, "artists": []any{none(resources.KindArtist, words[0])}, "available_markets": []any{},
		"disc_number": 0, "duration_ms": seconds * 1000,
		"episode": false, "explicit": false, "external_ids": link{}, "is_local": true, "popularity": 0,
		"preview_url": nil, "track": true, "track_number": 0, "uri": uri,
	} {
		track[name] = value
	}
	return track
}

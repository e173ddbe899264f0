package mock

// world_listing.go is what the entries of a playlist look like on the wire.

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

// mostListed is how many entries the first page within a playlist holds.
const mostListed = 100

// items is a page of entries.
func (w *world) items(p *playlist, x *exchange, s span, address, market string) []byte {
	from, to := s.of(len(p.items))
	entries := make([][]byte, 0, to-from)
	for _, l := range p.items[from:to] {
		entries = append(entries, w.entry(l, x, market))
	}
	keep := url.Values{}
	for _, name := range []string{"market", "additional_types", "fields"} {
		if given := x.query[name]; given != nil && (name != "fields" || address == x.path()) {
			keep[name] = given
		}
	}
	return s.write(address, keep, entries, len(p.items))
}

// entry is one entry: its content stands under "item" for apps in development mode, under "track" for others.
func (w *world) entry(l listing, x *exchange, market string) []byte {
	key := "track"
	if w.surface == developmentMode {
		key = "item"
	}
	by := identify(resources.KindUser, l.by)
	return object(
		field{"added_at", quote(l.at.UTC().Format(timestamp))},
		field{"added_by", encode(by)},
		field{"is_local", strconv.AppendBool(nil, ids.IsLocal(l.uri))},
		field{key, w.content(l.uri, x, market)},
		field{"primary_color", []byte("null")},
		field{"video_thumbnail", []byte(`{"url":null}`)},
	)
}

// content is the track, episode or file that an entry names, null for what is no longer there.
func (w *world) content(uri string, x *exchange, market string) []byte {
	if ids.IsLocal(uri) {
		return encode(localShape(uri))
	}
	kind, id, ok := ids.SplitURI(uri)
	if !ok {
		return []byte("null")
	}
	f := listed
	if kind == resources.KindEpisode && !x.takesEpisodes() {
		f = disguised
	}
	return w.c.render(w.c.find(kind, id), w.view(x, f, market))
}

// takesEpisodes reports whether the sender knows that not everything is a track (parameter additional_types).
func (x *exchange) takesEpisodes() bool {
	return slices.Contains(strings.Split(x.query.Get("additional_types"), ","), string(resources.KindEpisode))
}

// disguise is an episode in the shape of a track: its show is the album, the publisher the artist, and there is no description.
func (e *episode) disguise(v view) trackShape {
	s := trackShape{
		identity:         identify(resources.KindEpisode, e.ID),
		Album:            &albumShape{identity: identify(resources.KindShow, e.show.ID), AlbumType: "show", Artists: []artistShape{}, Images: pictures(e.show.ID, 640, 300, 64), Name: e.show.Name, ReleaseDate: e.ReleaseDate, ReleaseDatePrecision: precision(e.ReleaseDate), TotalTracks: len(e.show.episodes)},
		Artists:          []artistShape{{identity{linkTo(resources.KindShow, e.show.ID), hrefOf(resources.KindShow, e.show.ID), e.show.ID, string(resources.KindArtist), resources.URI(resources.KindShow, e.show.ID)}, e.show.Publisher}},
		AvailableMarkets: marketsFor(v, e.Markets),
		DurationMS:       e.Duration.Milliseconds(),
		Episode:          pointer(true),
		Explicit:         e.Explicit,
		ExternalIDs:      map[string]string{"spotify": resources.URI(resources.KindEpisode, e.ID)},
		Name:             e.Name,
		PreviewURL:       preview(v, e.ID),
		Track:            new(bool),
	}
	s.IsPlayable, s.Restrictions = playability(v.market, e.availableIn(v.market))
	return s
}

// localShape is a file on somebody's computer. Spotify knows of it what its URI says.
func localShape(uri string) map[string]any {
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
		"album": album, "artists": []any{none(resources.KindArtist, words[0])}, "available_markets": []any{}, "disc_number": 0, "duration_ms": seconds * 1000,
		"episode": false, "explicit": false, "external_ids": link{}, "is_local": true, "popularity": 0, "preview_url": nil, "track": true, "track_number": 0, "uri": uri,
	} {
		track[name] = value
	}
	return track
}

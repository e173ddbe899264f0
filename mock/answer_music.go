package mock

// answer_music.go answers for artists, albums and tracks.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/resources"
)

var musicAnswers = map[string]handler{
	"get-an-album":                   one(resources.KindAlbum, full),
	"get-multiple-albums":            several(resources.KindAlbum, full),
	"get-an-albums-tracks":           within(resources.KindAlbum, simplified, albumTracks),
	"get-new-releases":               (*world).newReleases,
	"get-an-artist":                  one(resources.KindArtist, full),
	"get-multiple-artists":           several(resources.KindArtist, full),
	"get-an-artists-albums":          (*world).artistAlbums,
	"get-an-artists-top-tracks":      (*world).artistTopTracks,
	"get-an-artists-related-artists": (*world).relatedArtists,
	"get-track":                      one(resources.KindTrack, full),
	"get-several-tracks":             several(resources.KindTrack, full),
}

func albumTracks(of entry, _ *exchange) []entry { return upcast(of.(*album).tracks) }

// artistAlbums lists by group, newest first within each. What cannot be had in the market is left out.
func (w *world) artistAlbums(x *exchange) answer {
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	s, no := x.span(w.surface)
	if no != nil {
		return *no
	}
	of, no := w.look(x, resources.KindArtist, market)
	if no != nil {
		return *no
	}
	groups := []string{"album", "single", "compilation", "appears_on"}
	if given := x.query.Get("include_groups"); given != "" {
		for _, g := range strings.Split(given, ",") {
			if !slices.Contains(groups, g) {
				return bad("Invalid value for include_groups")
			}
		}
		asked := strings.Split(given, ",")
		groups = slices.DeleteFunc(groups, func(g string) bool { return !slices.Contains(asked, g) })
	}
	var all []rendering
	v := w.view(x, discography, market)
	for _, g := range groups {
		var part []rendering
		from := of.(*artist).albums
		v.appears = g == "appears_on"
		if v.appears {
			from = of.(*artist).guests
		}
		for _, a := range from {
			if a.availableIn(market) && (v.appears || a.Type == g) {
				part = append(part, rendering{a, v})
			}
		}
		slices.SortStableFunc(part, func(a, b rendering) int { return byDate(a.entry, b.entry) })
		all = append(all, part...)
	}
	from, to := s.of(len(all))
	items := make([][]byte, 0, to-from)
	for _, r := range all[from:to] {
		items = append(items, w.c.render(r.entry, r.view))
	}
	return found(s.write(x.path(), x.query, items, len(all)))
}

// byDate puts newer albums first.
func byDate(a, b entry) int { return cmp.Compare(b.(*album).ReleaseDate, a.(*album).ReleaseDate) }

// artistTopTracks are the ten most popular ones.
func (w *world) artistTopTracks(x *exchange) answer {
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	of, no := w.look(x, resources.KindArtist, market)
	if no != nil {
		return *no
	}
	all := of.(*artist).favourites(market)
	all = all[:min(len(all), 10)]
	return found(object(field{x.op.Member, array(w.renderAll(upcast(all), w.view(x, full, market)))}))
}

// favourites are the tracks that can be had in a market, the most popular first.
func (a *artist) favourites(market string) []*track {
	var all []*track
	for _, on := range slices.Concat(a.albums, a.guests) {
		for _, t := range on.tracks {
			if slices.Contains(t.artists, a) && t.plays(market).availableIn(market) {
				all = append(all, t)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *track) int { return cmp.Compare(b.Popularity, a.Popularity) })
	return all
}

// relatedArtists are those who share a genre, at most 20.
func (w *world) relatedArtists(x *exchange) answer {
	of, no := w.look(x, resources.KindArtist, "")
	if no != nil {
		return *no
	}
	var all []entry
	for _, a := range w.c.artists.list {
		shared := slices.ContainsFunc(a.Genres, func(g string) bool { return slices.Contains(of.(*artist).Genres, g) })
		if a != of && shared && len(all) < 20 {
			all = append(all, a)
		}
	}
	return found(object(field{x.op.Member, array(w.renderAll(all, w.view(x, full, "")))}))
}

// newReleases are all albums, newest first, at most 100.
func (w *world) newReleases(x *exchange) answer {
	s, no := x.span(w.surface)
	if no != nil {
		return *no
	}
	all := w.c.entries(resources.KindAlbum)
	slices.SortStableFunc(all, byDate)
	all = all[:min(len(all), 100)]
	return found(object(field{x.op.Member, w.page(x, s, all, w.view(x, simplified, ""))}))
}

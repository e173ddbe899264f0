package api

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/resources"
)

var musicHandlers = map[string]handler{
	"get-an-album":                   getOne(resources.KindAlbum, full),
	"get-multiple-albums":            getSeveral(resources.KindAlbum, full),
	"get-an-albums-tracks":           listIn(resources.KindAlbum, simplified, albumTracks),
	"get-new-releases":               (*state).newReleases,
	"get-an-artist":                  getOne(resources.KindArtist, full),
	"get-multiple-artists":           getSeveral(resources.KindArtist, full),
	"get-an-artists-albums":          (*state).artistAlbums,
	"get-an-artists-top-tracks":      (*state).artistTopTracks,
	"get-an-artists-related-artists": (*state).relatedArtists,
	"get-track":                      getOne(resources.KindTrack, full),
	"get-several-tracks":             getSeveral(resources.KindTrack, full),
}

var audioHandlers = map[string]handler{
	"get-audio-features":         getOne(resources.KindTrack, audioFeatures),
	"get-several-audio-features": getSeveral(resources.KindTrack, audioFeatures),
	"get-audio-analysis":         getOne(resources.KindTrack, audioAnalysis),
}

func albumTracks(of entry, _ *Request) []entry { return asEntries(of.(*album).tracks) }

// artistAlbums returns albums by group, newest first within each group, without the albums that are
// not available in the market.
func (st *state) artistAlbums(req *Request) Response {
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	s, refused := req.pageParams(st.Access)
	if refused != nil {
		return *refused
	}
	of, refused := st.entryInPath(req, resources.KindArtist, market)
	if refused != nil {
		return *refused
	}
	groups := []string{"album", "single", "compilation", "appears_on"}
	if given := req.Query.Get("include_groups"); given != "" {
		for _, g := range strings.Split(given, ",") {
			if !slices.Contains(groups, g) {
				return badRequest("Invalid value for include_groups")
			}
		}
		asked := strings.Split(given, ",")
		groups = slices.DeleteFunc(groups, func(g string) bool { return !slices.Contains(asked, g) })
	}
	var all []rendering
	v := st.view(req, discography, market)
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
	from, to := s.bounds(len(all))
	items := make([][]byte, 0, to-from)
	for _, r := range all[from:to] {
		items = append(items, st.index.render(r.entry, r.view))
	}
	return ok200(s.json(req.url(), req.Query, items, len(all)))
}

// byDate sorts newer albums first.
func byDate(a, b entry) int { return cmp.Compare(b.(*album).ReleaseDate, a.(*album).ReleaseDate) }

// artistTopTracks returns the ten most popular tracks.
func (st *state) artistTopTracks(req *Request) Response {
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	of, refused := st.entryInPath(req, resources.KindArtist, market)
	if refused != nil {
		return *refused
	}
	all := of.(*artist).favourites(market)
	all = all[:min(len(all), 10)]
	return ok200(object(field{req.Op.Member, array(st.renderAll(asEntries(all), st.view(req, full, market)))}))
}

// favourites returns the tracks that are available in a market, the most popular first.
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

// relatedArtists returns at most 20 artists that share a genre.
func (st *state) relatedArtists(req *Request) Response {
	of, refused := st.entryInPath(req, resources.KindArtist, "")
	if refused != nil {
		return *refused
	}
	var all []entry
	for _, a := range st.index.artists.list {
		shared := slices.ContainsFunc(a.Genres, func(g string) bool { return slices.Contains(of.(*artist).Genres, g) })
		if a != of && shared && len(all) < 20 {
			all = append(all, a)
		}
	}
	return ok200(object(field{req.Op.Member, array(st.renderAll(all, st.view(req, full, "")))}))
}

// newReleases returns the 100 newest albums.
func (st *state) newReleases(req *Request) Response {
	s, refused := req.pageParams(st.Access)
	if refused != nil {
		return *refused
	}
	all := st.index.entries(resources.KindAlbum)
	slices.SortStableFunc(all, byDate)
	all = all[:min(len(all), 100)]
	return ok200(object(field{req.Op.Member, st.page(req, s, all, st.view(req, simplified, ""))}))
}

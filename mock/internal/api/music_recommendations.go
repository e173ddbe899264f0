package api

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/resources"
)

var recommendationHandlers = map[string]handler{
	"get-recommendations":       (*state).recommend,
	"get-recommendation-genres": (*state).genreSeeds,
}

// maxSeeds is the maximum number of seeds of all kinds together.
const maxSeeds = 5

// seedJSON is a seed with the number of tracks that it leads to.
type seedJSON struct {
	InitialPoolSize    int     `json:"initialPoolSize"`
	AfterFilteringSize int     `json:"afterFilteringSize"`
	AfterRelinkingSize int     `json:"afterRelinkingSize"`
	ID                 string  `json:"id"`
	Type               string  `json:"type"`
	Href               *string `json:"href"`
}

// wish are the attributes that recommended tracks should have.
type wish struct{ least, most, target map[string]float64 }

func (st *state) recommend(req *Request) Response {
	seeds := st.seedsOf(req)
	if len(seeds) == 0 || len(seeds) > maxSeeds {
		return badRequest("invalid request")
	}
	wanted, refused := req.wishParam()
	if refused != nil {
		return *refused
	}
	market, refused := st.market(req)
	if refused != nil {
		return *refused
	}
	limit, refused := req.intParam("limit", defaultLimit(req.Op.MaxLimit), 1, req.Op.MaxLimit, "Invalid limit")
	if refused != nil {
		return *refused
	}
	var shapes []seedJSON
	var all []*track
	for _, s := range seeds {
		pool := st.tracksNear(s)
		s.InitialPoolSize = len(pool)
		pool = slices.DeleteFunc(pool, func(t *track) bool { return !wanted.allows(t) })
		s.AfterFilteringSize = len(pool)
		pool = slices.DeleteFunc(pool, func(t *track) bool { return !t.plays(market).availableIn(market) })
		s.AfterRelinkingSize = len(pool)
		shapes = append(shapes, s)
		for _, t := range pool {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *track) int { return cmp.Compare(wanted.distance(a), wanted.distance(b)) })
	all = all[:min(len(all), limit)]
	return ok200(object(
		field{"tracks", array(st.renderAll(asEntries(all), st.view(req, full, market)))},
		field{"seeds", encode(shapes)},
	))
}

// seedsOf reads the seeds.
func (st *state) seedsOf(req *Request) []seedJSON {
	var all []seedJSON
	for _, kind := range []string{"artist", "genre", "track"} {
		for id := range strings.SplitSeq(req.Query.Get("seed_"+kind+"s"), ",") {
			if id == "" {
				continue
			}
			s := seedJSON{ID: id, Type: strings.ToUpper(kind)}
			if kind != "genre" {
				s.Href = pointer(hrefOf(resources.Kind(kind), id))
			}
			all = append(all, s)
		}
	}
	return all
}

// tracksNear returns the tracks that a seed leads to: of the artist, or of an artist with the
// genre, without the seed itself.
func (st *state) tracksNear(s seedJSON) []*track {
	genres := []string{s.ID}
	var by []*artist
	switch s.Type {
	case "ARTIST":
		genres = nil
		if a := st.index.artists.byID[s.ID]; a != nil {
			by, genres = []*artist{a}, a.Genres
		}
	case "TRACK":
		genres = nil
		if t := st.index.tracks.byID[s.ID]; t != nil {
			by = t.artists
			genres = t.artists[0].Genres
		}
	}
	var all []*track
	for _, t := range st.index.tracks.list {
		near := slices.ContainsFunc(t.artists, func(a *artist) bool {
			return slices.Contains(by, a) ||
				slices.ContainsFunc(a.Genres, func(g string) bool { return slices.Contains(genres, g) })
		})
		if near && t.ID != s.ID {
			all = append(all, t)
		}
	}
	return all
}

// wishParam reads the attributes of a request.
func (req *Request) wishParam() (wish, *Response) {
	wanted := wish{map[string]float64{}, map[string]float64{}, map[string]float64{}}
	for prefix, values := range map[string]map[string]float64{
		"min_": wanted.least, "max_": wanted.most, "target_": wanted.target,
	} {
		for _, name := range attributeNames {
			given := req.Query.Get(prefix + name)
			if given == "" {
				continue
			}
			n, err := strconv.ParseFloat(given, 64)
			if err != nil {
				resp := badRequest("invalid request")
				return wanted, &resp
			}
			values[name] = n
		}
	}
	return wanted, nil
}

func (w wish) allows(t *track) bool {
	has := t.attributes()
	for name, n := range w.least {
		if has[name] < n {
			return false
		}
	}
	for name, n := range w.most {
		if has[name] > n {
			return false
		}
	}
	return true
}

// distance returns the sum of the relative distances of a track from the targets.
func (w wish) distance(t *track) float64 {
	if len(w.target) == 0 {
		return 0
	}
	has, far := t.attributes(), 0.0
	for _, name := range slices.Sorted(maps.Keys(w.target)) { // sorted, because a sum of floats depends on the order
		far += math.Abs(has[name]-w.target[name]) / max(1, math.Abs(w.target[name]))
	}
	return far
}

// genreSeeds returns all genres.
func (st *state) genreSeeds(req *Request) Response {
	all := map[string]bool{}
	for _, a := range st.index.artists.list {
		for _, g := range a.Genres {
			all[g] = true
		}
	}
	return ok200(object(field{req.Op.Member, encode(nonNil(slices.Sorted(maps.Keys(all))))}))
}

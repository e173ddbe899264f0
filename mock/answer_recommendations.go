package mock

// answer_recommendations.go recommends what shares an artist or a genre with the seeds, closest to the targets first.

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2147f1a9/spotify/resources"
)

var recommendationAnswers = map[string]handler{
	"get-recommendations":       (*world).recommend,
	"get-recommendation-genres": (*world).genreSeeds,
}

// mostSeeds is how many seeds there may be, of all kinds together.
const mostSeeds = 5

// seedShape tells how far a seed has led.
type seedShape struct {
	InitialPoolSize    int     `json:"initialPoolSize"`
	AfterFilteringSize int     `json:"afterFilteringSize"`
	AfterRelinkingSize int     `json:"afterRelinkingSize"`
	ID                 string  `json:"id"`
	Type               string  `json:"type"`
	Href               *string `json:"href"`
}

// wish is what recommended tracks shall be like.
type wish struct{ least, most, target map[string]float64 }

func (w *world) recommend(x *exchange) answer {
	seeds := w.seedsOf(x)
	if len(seeds) == 0 || len(seeds) > mostSeeds {
		return bad("invalid request")
	}
	wanted, no := x.wish()
	if no != nil {
		return *no
	}
	market, no := w.market(x)
	if no != nil {
		return *no
	}
	limit, no := x.number("limit", usually(x.op.MaxLimit), 1, x.op.MaxLimit, "Invalid limit")
	if no != nil {
		return *no
	}
	var shapes []seedShape
	var all []*track
	for _, s := range seeds {
		pool := w.pool(s)
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
	return found(object(
		field{"tracks", array(w.renderAll(upcast(all), w.view(x, full, market)))},
		field{"seeds", encode(shapes)},
	))
}

// seedsOf reads the seeds, each of which leads somewhere or nowhere.
func (w *world) seedsOf(x *exchange) []seedShape {
	var all []seedShape
	for _, kind := range []string{"artist", "genre", "track"} {
		for id := range strings.SplitSeq(x.query.Get("seed_"+kind+"s"), ",") {
			if id == "" {
				continue
			}
			s := seedShape{ID: id, Type: strings.ToUpper(kind)}
			if kind != "genre" {
				s.Href = pointer(hrefOf(resources.Kind(kind), id))
			}
			all = append(all, s)
		}
	}
	return all
}

// pool is every track that a seed leads to: those of the artist or of somebody with the genre, the seed itself left out.
func (w *world) pool(s seedShape) []*track {
	genres := []string{s.ID}
	var by []*artist
	switch s.Type {
	case "ARTIST":
		genres = nil
		if a := w.c.artists.byID[s.ID]; a != nil {
			by, genres = []*artist{a}, a.Genres
		}
	case "TRACK":
		genres = nil
		if t := w.c.tracks.byID[s.ID]; t != nil {
			by = t.artists
			genres = t.artists[0].Genres
		}
	}
	var all []*track
	for _, t := range w.c.tracks.list {
		near := slices.ContainsFunc(t.artists, func(a *artist) bool {
			return slices.Contains(by, a) || slices.ContainsFunc(a.Genres, func(g string) bool { return slices.Contains(genres, g) })
		})
		if near && t.ID != s.ID {
			all = append(all, t)
		}
	}
	return all
}

// wish reads the attributes that are asked for.
func (x *exchange) wish() (wish, *answer) {
	wanted := wish{map[string]float64{}, map[string]float64{}, map[string]float64{}}
	for prefix, values := range map[string]map[string]float64{"min_": wanted.least, "max_": wanted.most, "target_": wanted.target} {
		for _, name := range attributeNames {
			given := x.query.Get(prefix + name)
			if given == "" {
				continue
			}
			n, err := strconv.ParseFloat(given, 64)
			if err != nil {
				a := bad("invalid request")
				return wanted, &a
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

// distance says how far a track is from the targets, in parts of them.
func (w wish) distance(t *track) float64 {
	if len(w.target) == 0 {
		return 0
	}
	has, far := t.attributes(), 0.0
	for _, name := range slices.Sorted(maps.Keys(w.target)) { // in order: sums of floats depend on it
		far += math.Abs(has[name]-w.target[name]) / max(1, math.Abs(w.target[name]))
	}
	return far
}

// genreSeeds are all genres there are.
func (w *world) genreSeeds(x *exchange) answer {
	all := map[string]bool{}
	for _, a := range w.c.artists.list {
		for _, g := range a.Genres {
			all[g] = true
		}
	}
	return found(object(field{x.op.Member, encode(list(slices.Sorted(maps.Keys(all))))}))
}

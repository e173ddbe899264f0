package catalogue

import (
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

var (
	qualities = strings.Fields(`
		Paper Silver Slow Hollow Borrowed Golden Quiet Electric Distant Crooked Early Winter
		Velvet Broken Second Little Restless Amber Northern Empty Salt Blue Honest Foreign Neon
		Faded Wooden Secret Heavy Open`)
	things = strings.Fields(`
		River Window Engine Garden Letter Signal Mirror Station Lantern Harbour Orchard
		Staircase Weather Compass Kitchen Mountain Telephone Sparrow Highway Curtain Satellite
		Piano Umbrella Island Bicycle Matchbook Thunder Carousel Alphabet Shoreline Balcony
		Photograph Meadow Circus Ladder Ember Tunnel Parade Postcard Anchor`)
	places = strings.Fields(`
		Lisbon Malmö Ohio Tromsø Kyoto Dakar Bremen Valparaíso Galway Tucson Trieste Uppsala
		Leipzig Memphis Porto Cork`)
	doings = strings.Fields(`
		Leaving Counting Chasing Waiting Burning Dreaming Falling Running Sailing Forgetting
		Learning Drifting`)
)

// title returns a title derived from the words.
func title(words ...string) string {
	pick := func(from []string, salt string) string { return from[ids.Roll(len(from), append(words, salt)...)] }
	quality, thing := pick(qualities, "quality"), pick(things, "thing")
	place, doing := pick(places, "place"), pick(doings, "doing")
	switch ids.Roll(9, append(words, "pattern")...) {
	case 0:
		return "The " + thing
	case 1:
		return thing + " in " + place
	case 2:
		return doing + " the " + thing
	case 3:
		return "Last " + thing + " to " + place
	case 4:
		return quality + " " + doing
	case 5:
		return doing + " for " + place
	}
	return quality + " " + thing
}

// titles returns n different titles.
func titles(n int, words ...string) []string {
	all := make([]string, 0, n)
	used := map[string]bool{}
	for i := 0; len(all) < n; i++ {
		t := title(append(words, string(rune('a'+i)))...)
		if !used[t] {
			used[t] = true
			all = append(all, t)
		}
	}
	return all
}

package api

import (
	"slices"
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

// entry is anything that has a URI.
type entry interface {
	kind() resources.Kind
	id() string
	name() string
	// availableIn reports whether it is available in a market.
	availableIn(market string) bool
	// searched returns the texts in which a search looks for words.
	searched() []string
	// toJSON returns the value that is encoded as the entry's JSON.
	toJSON(v view) any
}

func asEntries[T entry](list []T) []entry {
	all := make([]entry, len(list))
	for i, e := range list {
		all[i] = e
	}
	return all
}

// markets are the countries of a catalogue whose entries name none.
var markets = []string{"DE", "SE", "US"}

// soldIn reports whether something is available in a market. Nil markets are all markets.
func soldIn(in []string, market string) bool {
	return in == nil || market == "" || slices.Contains(in, market)
}

// historyEnd is the end of a catalogue's history: users saved and played everything before it.
var historyEnd = time.Date(2025, 11, 3, 9, 0, 0, 0, time.UTC)

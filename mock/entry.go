package mock

import (
	"slices"

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
	// shape returns the value that is encoded as the entry's JSON.
	shape(v view) any
}

func upcast[T entry](list []T) []entry {
	all := make([]entry, len(list))
	for i, e := range list {
		all[i] = e
	}
	return all
}

// markets are the countries of a catalogue whose entries name none.
var markets = []string{"DE", "SE", "US"}

// sold reports whether something is available in a market. Nil markets are all markets.
func sold(in []string, market string) bool {
	return in == nil || market == "" || slices.Contains(in, market)
}

package resources

import (
	"net/url"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// place is what fills the one parameter in an operation's path: an identifier, or a word from a closed set.
type place struct {
	kind Kind
	id   string
}

// nowhere is the place for an operation whose path has no parameter.
var nowhere place

// at is the place for something that is named by a bare id, a URI or an address.
func at(kind Kind, id string) place { return place{kind, id} }

// fill returns the operation's path with the place in it, escaped.
func (p place) fill(path string) (string, error) {
	before, rest, ok := strings.Cut(path, "{")
	if !ok {
		return path, nil
	}
	_, after, _ := strings.Cut(rest, "}")
	id, err := parseID("id", p.kind, p.id)
	if err != nil {
		return "", err
	}
	return before + escapeSegment(id) + after, nil
}

// escapeSegment escapes an id for a path. A plus is escaped, too: some servers read it as a blank.
func escapeSegment(id string) string { return strings.ReplaceAll(url.PathEscape(id), "+", "%2B") }

// checkMarket accepts an ISO 3166-1 alpha-2 code, or the market of the token's user.
func checkMarket(market string) error {
	if market == "" || market == "from_token" || len(market) == 2 && isUpper(market[0]) && isUpper(market[1]) {
		return nil
	}
	return argument.Errorf("Market", market, "two capital letters (ISO 3166-1 alpha-2), from_token, or nothing")
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

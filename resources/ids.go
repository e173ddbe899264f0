package resources

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// Kind is a kind of item, as in a Spotify URI.
type Kind string

// The kinds of items that have a Spotify URI
// (https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids), and categories,
// which have only an id.
const (
	KindAlbum     Kind = "album"
	KindArtist    Kind = "artist"
	KindAudiobook Kind = "audiobook"
	KindChapter   Kind = "chapter"
	KindCategory  Kind = "category"
	KindEpisode   Kind = "episode"
	KindPlaylist  Kind = "playlist"
	KindShow      Kind = "show"
	KindTrack     Kind = "track"
	KindUser      Kind = "user"
)

var kinds = []Kind{
	KindAlbum, KindArtist, KindAudiobook, KindChapter, KindEpisode, KindPlaylist, KindShow, KindTrack, KindUser,
}

// ParseURI returns the kind and the bare id in a Spotify URI ("spotify:album:…") or a link: from
// open.spotify.com, an embedded player or the API, also with spaces and quotation marks around it.
// Short links (spotify.link) are an error, because only a request could resolve them, see
// Client.ResolveLink of package spotify. Every error is an *ArgumentError.
func ParseURI(s string) (Kind, string, error) {
	kind, id, ok := splitURI(argument.Pasted(s))
	if !ok {
		return "", "", argument.Errorf("uri", s,
			"a URI like spotify:album:<id> or a link like https://open.spotify.com/album/<id>")
	}
	return kind, id, checkID("uri", kind, id, s)
}

// ParseID returns the bare id in s: a bare id, or a URI or link as for ParseURI. A URI or link of
// another kind than want is an *ArgumentError that names both kinds.
func ParseID(want Kind, s string) (string, error) { return parseID("id", want, s) }

func parseID(name string, want Kind, s string) (string, error) {
	if isBase62(s) { // the usual case
		return s, nil
	}
	pasted := argument.Pasted(s)
	kind, id, ok := splitURI(pasted)
	if !ok {
		kind, id = want, pasted
	}
	if !isA(kind, want) {
		return "", argument.Errorf(name, s,
			"the %s's id, URI or open.spotify.com link, not the %s's", want, kind)
	}
	return id, checkID(name, want, id, s)
}

// isA reports whether an id of a kind is valid as one of another kind: in many places Spotify calls
// chapters episodes, and audiobooks shows.
func isA(kind, want Kind) bool {
	return kind == want || want == KindChapter && kind == KindEpisode || want == KindAudiobook && kind == KindShow
}

// checkURI returns the canonical URI in s, a URI or link of one of the allowed kinds.
func checkURI(name, s string, allowed ...Kind) (string, error) {
	pasted := argument.Pasted(s)
	kind, id, ok := splitURI(pasted)
	if !ok || !slices.Contains(allowed, kind) {
		note := ""
		if strings.HasPrefix(pasted, "spotify:local:") {
			note = "; the Web API takes no URI of a local file"
		}
		return "", argument.Errorf(name, s,
			"a Spotify URI or open.spotify.com link of one of %s%s", listed(allowed), note)
	}
	if err := checkID(name, kind, id, s); err != nil {
		return "", err
	}
	return URI(kind, id), nil
}

// checkURIs is checkURI for a list.
func checkURIs(name string, uris []string, allowed ...Kind) ([]string, error) {
	canonical := make([]string, len(uris))
	for i, uri := range uris {
		var err error
		if canonical[i], err = checkURI(element(name, i), uri, allowed...); err != nil {
			return nil, err
		}
	}
	return canonical, nil
}

// element returns the name of one element of a list, for an error.
func element(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

// URI returns the Spotify URI for a bare id.
func URI(kind Kind, id string) string {
	if kind == KindUser {
		id = strings.ReplaceAll(escapeSegment(id), ":", "%3A")
	}
	return "spotify:" + string(kind) + ":" + id
}

// Link returns the open.spotify.com link for a bare id, the address of the item's page. Audiobooks
// have the link of a show, and chapters that of an episode. It is empty for KindCategory, which has
// no page.
func Link(kind Kind, id string) string {
	switch kind {
	case KindCategory:
		return ""
	case KindAudiobook:
		kind = KindShow
	case KindChapter:
		kind = KindEpisode
	}
	return "https://open.spotify.com/" + string(kind) + "/" + escapeSegment(id)
}

// splitURI returns the kind and the id in a URI or a link, and whether s is one.
func splitURI(s string) (Kind, string, bool) {
	rest, isURI := cutURI(s)
	parts := strings.Split(rest, ":")
	if !isURI {
		var ok bool
		if parts, ok = splitLink(s); !ok {
			return "", "", false
		}
	}
	if len(parts) == 4 && parts[0] == "user" && parts[2] == "playlist" { // the URI of a playlist until 2018
		parts = parts[2:]
	}
	if len(parts) < 2 || len(parts) > 2 && isURI {
		return "", "", false
	}
	kind, id := Kind(strings.ToLower(parts[0])), parts[1]
	if !slices.Contains(kinds, kind) {
		return "", "", false
	}
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	return kind, id, true
}

// cutURI returns the part after "spotify:" of a URI, without a query, and whether s is a URI. It
// ignores case.
func cutURI(s string) (string, bool) {
	const scheme = "spotify:"
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return "", false
	}
	rest, _, _ := strings.Cut(s[len(scheme):], "?")
	rest, _, _ = strings.Cut(rest, "#")
	return rest, !strings.HasPrefix(rest, "/") // spotify://track/<id> is a link
}

// hosts are the hosts of links to items: pages, embedded players and the API. "spotify:" is the
// host of links for Spotify's own apps.
var hosts = []string{
	"open.spotify.com", "spotify.com", "play.spotify.com", "embed.spotify.com", "api.spotify.com", "spotify:",
}

// splitLink returns the segments of a link's path from the kind on:
// "artist", "<id>", "discography" and "all" of
// "https://open.spotify.com/intl-de/artist/<id>/discography/all".
func splitLink(s string) ([]string, bool) {
	for _, scheme := range []string{"https://", "http://"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = s[len(scheme):]
		}
	}
	host, path, _ := strings.Cut(s, "/")
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	if host, _, _ = strings.Cut(host, "?"); !slices.Contains(hosts, host) {
		return nil, false
	}
	if u, err := url.Parse("https://" + s); err == nil {
		if inner, ok := cutURI(u.Query().Get("uri")); ok { // https://embed.spotify.com/?uri=spotify:track:<id>
			return strings.Split(inner, ":"), true
		}
	}
	if end := strings.IndexAny(path, "?#&"); end >= 0 {
		path = path[:end]
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if plain, err := url.PathUnescape(parts[len(parts)-1]); err == nil {
		if inner, ok := cutURI(plain); ok { // https://open.spotify.com/track/spotify:track:<id>
			return strings.Split(inner, ":"), true
		}
	}
	prefixes := []string{"embed", "embed-podcast", "v1"}
	for len(parts) > 0 && (strings.HasPrefix(parts[0], "intl-") || slices.Contains(prefixes, parts[0])) {
		parts = parts[1:]
	}
	if host == "api.spotify.com" && len(parts) > 0 { // https://api.spotify.com/v1/tracks/<id>
		parts[0] = strings.TrimSuffix(parts[0], "s")
	}
	return parts, true
}

// checkID returns an error for an invalid id; given is the text that it was found in. Ids of users
// and categories may have any form, so only ids that would change the path are invalid.
func checkID(name string, kind Kind, id, given string) error {
	switch {
	case isBase62(id):
		return nil
	case kind != KindUser && kind != KindCategory:
		return argument.Errorf(name, given,
			"the %s's id (22 letters and digits), URI or open.spotify.com link", kind)
	case id == "", id == ".", id == "..", len(id) > 256, !utf8.ValidString(id),
		strings.ContainsFunc(id, isControl), strings.Contains(id, "://"):
		return argument.Errorf(name, given, "the %s's id: 1 to 256 characters of UTF-8, "+
			"none of them a control character, no link, and neither . nor ..", kind)
	}
	return nil
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }

// isBase62 reports whether s has the form of a Spotify id: 22 letters and digits.
func isBase62(s string) bool {
	if len(s) != 22 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// listed returns words separated by commas.
func listed[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return strings.Join(texts, ", ")
}

// place is the value of the parameter in an operation's path.
type place struct {
	kind Kind
	id   string
}

// nowhere is the place for a path without a parameter.
var nowhere place

// at returns the place for an item, given as an id, a URI or a link.
func at(kind Kind, id string) place { return place{kind, id} }

// fill appends the path, with the place as its parameter, to text.
func (p place) fill(text []byte, path string) ([]byte, error) {
	before, rest, ok := strings.Cut(path, "{")
	text = append(text, before...)
	if !ok {
		return text, nil
	}
	_, after, _ := strings.Cut(rest, "}")
	id, err := parseID("id", p.kind, p.id)
	if err != nil {
		return text, err
	}
	return append(append(text, escapeSegment(id)...), after...), nil
}

// escapeSegment escapes an id for a path. It escapes a plus sign as well, which some servers decode
// as a space.
func escapeSegment(id string) string { return strings.ReplaceAll(url.PathEscape(id), "+", "%2B") }

// MarketFromToken is the market of the user whose token is sent: the country of the account. It
// takes the place of an ISO 3166-1 alpha-2 code.
const MarketFromToken = "from_token"

// checkMarket returns an error unless market is an ISO 3166-1 alpha-2 code, "from_token" or empty.
func checkMarket(market string) error {
	if market == "" || market == MarketFromToken || len(market) == 2 && isUpper(market[0]) && isUpper(market[1]) {
		return nil
	}
	return argument.Errorf("Market", market, `an ISO 3166-1 alpha-2 code (two capital letters), "from_token" or ""`)
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

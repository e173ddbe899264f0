package resources

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// Kind is what an identifier stands for, spelled as in a Spotify URI.
type Kind string

// The kinds of things that have a Spotify URI (https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids), and categories, which have only an id.
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

var kinds = []Kind{KindAlbum, KindArtist, KindAudiobook, KindChapter, KindEpisode, KindPlaylist, KindShow, KindTrack, KindUser}

// ParseURI takes a Spotify URI ("spotify:album:…") or an open.spotify.com address apart. Short links (spotify.link) are not resolved: only following them tells
// where they lead. The error matches ErrInvalidArgument.
func ParseURI(s string) (Kind, string, error) {
	kind, id, ok := splitURI(s)
	if !ok {
		return "", "", argument.Errorf("uri", s, "a URI like spotify:album:<id> or an address like https://open.spotify.com/album/<id>")
	}
	return kind, id, checkID("uri", kind, id)
}

// ParseID returns the bare id of what s names: a bare id, a Spotify URI or an open.spotify.com address. One of another kind than wanted is an error
// that names both and matches ErrInvalidArgument.
func ParseID(want Kind, s string) (string, error) { return parseID("id", want, s) }

func parseID(name string, want Kind, s string) (string, error) {
	if isBase62(s) { // what nearly every call is given
		return s, nil
	}
	kind, id, ok := splitURI(s)
	if !ok {
		kind, id = want, s
	}
	if !isA(kind, want) {
		return "", argument.Errorf(name, s, "the %s's id, URI or open.spotify.com address; this names a different kind: %s", want, kind)
	}
	return id, checkID(name, want, id)
}

// isA reports whether an id of a kind is fit where another is wanted: Spotify itself calls chapters episodes and audiobooks shows in many places.
func isA(kind, want Kind) bool {
	return kind == want || want == KindChapter && kind == KindEpisode || want == KindAudiobook && kind == KindShow
}

// checkURI returns the canonical URI of something of one of the allowed kinds, given as a URI or an open.spotify.com address.
func checkURI(name, s string, allowed ...Kind) (string, error) {
	kind, id, ok := splitURI(s)
	if !ok || !slices.Contains(allowed, kind) {
		return "", argument.Errorf(name, s, "a Spotify URI or open.spotify.com address of one of: %s", joinKinds(allowed))
	}
	if err := checkID(name, kind, id); err != nil {
		return "", err
	}
	return URI(kind, id), nil
}

// checkURIs is checkURI for a list of that name.
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

// someURIs is checkURIs for a list that must not be empty.
func someURIs(uris []string, allowed ...Kind) ([]string, error) {
	if len(uris) == 0 {
		return nil, argument.Errorf("uris", uris, "at least one")
	}
	return checkURIs("uris", uris, allowed...)
}

// URI returns the Spotify URI of an id.
func URI(kind Kind, id string) string {
	if kind == KindUser {
		id = strings.ReplaceAll(url.PathEscape(id), ":", "%3A")
	}
	return "spotify:" + string(kind) + ":" + id
}

// splitURI finds kind and id in a URI or an address, and reports whether s is one at all.
func splitURI(s string) (Kind, string, bool) {
	var parts []string
	if rest, ok := strings.CutPrefix(s, "spotify:"); ok {
		parts = strings.Split(rest, ":")
	} else if rest, ok := cutHost(s); ok {
		rest, _, _ = strings.Cut(rest, "?")
		rest, _, _ = strings.Cut(rest, "#")
		parts = strings.Split(strings.TrimSuffix(rest, "/"), "/")
		for len(parts) > 0 && (strings.HasPrefix(parts[0], "intl-") || parts[0] == "embed") {
			parts = parts[1:]
		}
	}
	if len(parts) == 4 && parts[0] == "user" && parts[2] == "playlist" { // how playlists were named until 2018
		parts = parts[2:]
	}
	if len(parts) != 2 || !slices.Contains(kinds, Kind(parts[0])) {
		return "", "", false
	}
	if id, err := url.PathUnescape(parts[1]); err == nil {
		parts[1] = id
	}
	return Kind(parts[0]), parts[1], true
}

func cutHost(s string) (string, bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	if rest, ok := strings.CutPrefix(s, "open.spotify.com/"); ok {
		return rest, true
	}
	return strings.CutPrefix(s, "play.spotify.com/")
}

// checkID refuses an id that cannot be one. Users and categories chose theirs long ago and freely, so those are only kept from climbing out of the path.
func checkID(name string, kind Kind, id string) error {
	switch {
	case isBase62(id):
		return nil
	case kind != KindUser && kind != KindCategory:
		return argument.Errorf(name, id, "the %s's id (22 letters and digits), URI or open.spotify.com address", kind)
	case id == "" || id == "." || id == ".." || strings.ContainsFunc(id, isControl) || len(id) > 256:
		return argument.Errorf(name, id, "the %s's id: 1 to 256 characters, none of them a control character, and neither . nor ..", kind)
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

func joinKinds(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

package ids

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/resources"
)

// IsMarket reports whether s has the form of a country code (ISO 3166-1 alpha-2).
func IsMarket(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// SplitURI splits a URI such as "spotify:album:4Qv2mWcJ8dTtYb1RkXz6Ln" into its kind and its id,
// and reports whether it is one. A user's id is unescaped.
func SplitURI(uri string) (resources.Kind, string, bool) {
	rest, ok := strings.CutPrefix(uri, "spotify:")
	kind, id, both := strings.Cut(rest, ":")
	if !ok || !both || id == "" {
		return "", "", false
	}
	if kind == string(resources.KindUser) {
		id, err := url.PathUnescape(id)
		return resources.KindUser, id, err == nil
	}
	return resources.Kind(kind), id, Valid(id) && slices.Contains(withURI, resources.Kind(kind))
}

// withURI are the kinds that have URIs, besides users.
var withURI = []resources.Kind{
	resources.KindAlbum, resources.KindArtist, resources.KindAudiobook, resources.KindChapter,
	resources.KindEpisode, resources.KindPlaylist, resources.KindShow, resources.KindTrack,
}

// LocalPrefix begins the URI of a file on a user's own computer.
const LocalPrefix = "spotify:local:"

// IsLocal reports whether a URI is that of a local file: LocalPrefix, then artist, album, title and
// length in seconds, separated by colons.
func IsLocal(uri string) bool {
	rest, ok := strings.CutPrefix(uri, LocalPrefix)
	return ok && strings.Count(rest, ":") == 3
}

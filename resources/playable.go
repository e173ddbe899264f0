package resources

import (
	"strings"
	"time"
)

// Playable is what a playlist holds and a player plays: a track or an episode. Neither is there for what has been removed from Spotify, and for what this package does not know.
type Playable struct {
	// Track is there if it is one, local ones included.
	Track *Track
	// Episode is there if it is one.
	Episode *Episode
	// Raw is the JSON of what is neither, so that nothing is lost: another kind of thing, or one of which a filter has left too little to tell. It is nil for null.
	Raw Raw
}

// URI is the track's or episode's, empty if it is neither.
func (p Playable) URI() string {
	switch {
	case p.Track != nil:
		return p.Track.URI
	case p.Episode != nil:
		return p.Episode.URI
	}
	return ""
}

// Name is the track's or episode's, empty if it is neither.
func (p Playable) Name() string {
	switch {
	case p.Track != nil:
		return p.Track.Name
	case p.Episode != nil:
		return p.Episode.Name
	}
	return ""
}

// Duration is the track's or episode's length, zero if it is neither.
func (p Playable) Duration() time.Duration {
	switch {
	case p.Track != nil:
		return p.Track.Duration()
	case p.Episode != nil:
		return p.Episode.Duration()
	}
	return 0
}

// IsZero reports whether there is nothing at all, as where Spotify sent null.
func (p Playable) IsZero() bool { return p.Track == nil && p.Episode == nil && p.Raw == nil }

// MarshalJSON returns the track, the episode or the raw JSON, and null for none of them.
func (p Playable) MarshalJSON() ([]byte, error) {
	switch {
	case p.Track != nil:
		return marshal(p.Track)
	case p.Episode != nil:
		return marshal(p.Episode)
	}
	return p.Raw.MarshalJSON()
}

// is goes by the type, and by the URI where a filter has left no type.
func is(want Kind, typ, uri string) bool {
	if typ != "" {
		return strings.EqualFold(typ, string(want))
	}
	kind, _, _ := splitURI(uri)
	return kind == want || want == KindTrack && strings.HasPrefix(uri, "spotify:local:")
}

// showOf is the show of an episode that came in the shape of a track: its album.
func showOf(album *SimplifiedAlbum) SimplifiedShow {
	return SimplifiedShow{
		ID: album.ID, URI: album.URI, Href: album.Href, Type: string(KindShow), Name: album.Name, Images: album.Images,
		ExternalURLs: album.ExternalURLs, AvailableMarkets: album.AvailableMarkets,
	}
}

package resources

import (
	"reflect"
	"strings"
	"time"
)

// Playable is an item of a playlist or the player: a track or an episode. It has neither for an
// item that no longer exists, and for an item of another kind.
type Playable struct {
	// Track is the track, which may be a local one, or nil.
	Track *Track
	// Episode is the episode, or nil.
	Episode *Episode
	// Raw is the JSON of an item that is neither, so that nothing is lost: an item of another kind,
	// or one whose kind a filter has left out. It is nil for null.
	Raw Raw
}

// Kind returns KindTrack or KindEpisode, empty if there is neither.
func (p Playable) Kind() Kind {
	switch {
	case p.Track != nil:
		return KindTrack
	case p.Episode != nil:
		return KindEpisode
	}
	return ""
}

// ID returns the id of the track or episode, empty if there is neither, and for a local track.
func (p Playable) ID() string {
	switch {
	case p.Track != nil:
		return p.Track.ID
	case p.Episode != nil:
		return p.Episode.ID
	}
	return ""
}

// Link returns the address of the item's page at open.spotify.com, empty if there is neither a
// track nor an episode, and for a local track.
func (p Playable) Link() string {
	switch {
	case p.Track != nil:
		return p.Track.Link()
	case p.Episode != nil:
		return p.Episode.Link()
	}
	return ""
}

// By returns the names of the track's artists, separated by commas, or the name of the episode's
// show. It is empty if there is neither.
func (p Playable) By() string {
	switch {
	case p.Track != nil:
		return p.Track.ArtistNames()
	case p.Episode != nil:
		return p.Episode.Show.Name
	}
	return ""
}

// Images returns the cover of the track's album or of the episode, nil if there is neither.
func (p Playable) Images() Images {
	switch {
	case p.Track != nil:
		return p.Track.Album.Images
	case p.Episode != nil:
		return p.Episode.Images
	}
	return nil
}

// URI returns the URI of the track or episode, empty if there is neither.
func (p Playable) URI() string {
	switch {
	case p.Track != nil:
		return p.Track.URI
	case p.Episode != nil:
		return p.Episode.URI
	}
	return ""
}

// Name returns the name of the track or episode, empty if there is neither.
func (p Playable) Name() string {
	switch {
	case p.Track != nil:
		return p.Track.Name
	case p.Episode != nil:
		return p.Episode.Name
	}
	return ""
}

// Duration returns the length of the track or episode, zero if there is neither.
func (p Playable) Duration() time.Duration {
	switch {
	case p.Track != nil:
		return p.Track.Duration()
	case p.Episode != nil:
		return p.Episode.Duration()
	}
	return 0
}

// IsZero reports whether all fields are nil, as for null.
func (p Playable) IsZero() bool { return p.Track == nil && p.Episode == nil && p.Raw == nil }

// MarshalJSON returns the track, the episode or the raw JSON, and null if there is none of them.
func (p Playable) MarshalJSON() ([]byte, error) {
	switch {
	case p.Track != nil:
		return marshal(p.Track)
	case p.Episode != nil:
		return marshal(p.Episode)
	}
	return p.Raw.MarshalJSON()
}

// String returns the track or the episode in one line, and "(no item)" if there is neither.
func (p Playable) String() string {
	switch {
	case p.Track != nil:
		return p.Track.String()
	case p.Episode != nil:
		return p.Episode.String()
	}
	return "(no item)"
}

// trackPlan and episodePlan are the plans for the two kinds of items that a Playable holds.
var (
	trackPlan   = planOf(reflect.TypeFor[Track]())
	episodePlan = planOf(reflect.TypeFor[Episode]())
)

// decodeFrom decodes a track or an episode, and stores any other object as raw JSON.
func (p *Playable) decodeFrom(r *reader) error {
	*p = Playable{}
	if err := r.charge(trackPlan.size); err != nil {
		return err
	}
	track := new(Track)
	start := r.dec.InputOffset()
	if err := r.structure(reflect.ValueOf(track).Elem(), trackPlan); err != nil {
		return err
	}
	switch {
	case is(KindTrack, track.Type, track.URI):
		p.Track = track
		return nil
	case !is(KindEpisode, track.Type, track.URI):
		p.Raw = append(Raw(nil), r.since(start)...)
		return r.charge(int64(len(p.Raw)))
	}
	p.Episode = new(Episode)
	left := r.left - episodePlan.size
	err := readAll(r.ctx, r.since(start), max(left, 0), func(again *reader) error {
		err := again.structure(reflect.ValueOf(p.Episode).Elem(), episodePlan)
		left = again.left
		return err
	})
	if r.left = left; err != nil {
		return r.fail(err)
	}
	if p.Episode.Show.Name == "" {
		p.Episode.Show = showOf(&track.Album)
	}
	return nil
}

// is reports whether an item is of a kind: by its type, or by its URI if a filter has left out the
// type.
func is(want Kind, typ, uri string) bool {
	if typ != "" {
		return strings.EqualFold(typ, string(want))
	}
	kind, _, _ := splitURI(uri)
	return kind == want || want == KindTrack && strings.HasPrefix(uri, "spotify:local:")
}

// showOf returns the show of an episode that Spotify has sent in the form of a track, whose album
// is the show.
func showOf(album *SimplifiedAlbum) SimplifiedShow {
	return SimplifiedShow{
		ID: album.ID, URI: album.URI, Href: album.Href, Type: string(KindShow), Name: album.Name, Images: album.Images,
		ExternalURLs: album.ExternalURLs, AvailableMarkets: album.AvailableMarkets,
	}
}

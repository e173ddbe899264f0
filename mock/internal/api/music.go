package api

import (
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

type artist struct {
	catalogue.Artist
	albums []*album // the artist's own albums, in the catalogue's order
	guests []*album // albums on which the artist plays on a track only
}

type album struct {
	catalogue.Album
	artists []*artist
	tracks  []*track
}

type track struct {
	catalogue.Track
	album   *album
	artists []*artist
	number  int
	instead *track // the track that Instead names
}

func (a *artist) kind() resources.Kind      { return resources.KindArtist }
func (a *artist) id() string                { return a.ID }
func (a *artist) name() string              { return a.Name }
func (a *artist) availableIn(_ string) bool { return true }
func (a *artist) searched() []string        { return []string{a.Name} }

func (a *album) kind() resources.Kind           { return resources.KindAlbum }
func (a *album) id() string                     { return a.ID }
func (a *album) name() string                   { return a.Name }
func (a *album) availableIn(market string) bool { return soldIn(a.Markets, market) }
func (a *album) searched() []string             { return append([]string{a.Name}, names(a.artists)...) }

func (t *track) kind() resources.Kind           { return resources.KindTrack }
func (t *track) id() string                     { return t.ID }
func (t *track) name() string                   { return t.Name }
func (t *track) availableIn(market string) bool { return soldIn(t.Markets, market) }
func (t *track) searched() []string {
	return append([]string{t.Name, t.album.Name}, names(t.artists)...)
}

// artistJSON is an artist within another object.
type artistJSON struct {
	identity
	Name string `json:"name"`
}

type fullArtistJSON struct {
	artistJSON
	Followers  *followers `json:"followers,omitzero"`
	Genres     []string   `json:"genres"`
	Images     []picture  `json:"images"`
	Popularity *int       `json:"popularity,omitzero"`
}

func (a *artist) brief() artistJSON {
	return artistJSON{identify(resources.KindArtist, a.ID), a.Name}
}

func (a *artist) toJSON(v view) any {
	return fullArtistJSON{
		artistJSON: a.brief(),
		Followers:  ifExtended(v, followers{Total: a.Followers}),
		Genres:     nonNil(a.Genres),
		Images:     pictures(a.ID, 640, 320, 160),
		Popularity: ifExtended(v, a.Popularity),
	}
}

type albumJSON struct {
	identity
	AlbumGroup           string       `json:"album_group,omitempty"`
	AlbumType            string       `json:"album_type"`
	Artists              []artistJSON `json:"artists"`
	AvailableMarkets     []string     `json:"available_markets,omitzero"`
	Images               []picture    `json:"images"`
	IsPlayable           *bool        `json:"is_playable,omitzero"`
	Name                 string       `json:"name"`
	ReleaseDate          string       `json:"release_date"`
	ReleaseDatePrecision string       `json:"release_date_precision"`
	Restrictions         *restriction `json:"restrictions,omitzero"`
	TotalTracks          int          `json:"total_tracks"`
}

type fullAlbumJSON struct {
	albumJSON
	Copyrights  []copyright       `json:"copyrights"`
	ExternalIDs map[string]string `json:"external_ids"`
	Genres      []string          `json:"genres"`
	Label       *string           `json:"label,omitzero"`
	Popularity  *int              `json:"popularity,omitzero"`
	Tracks      pageJSON          `json:"tracks"`
}

func (a *album) brief(v view) albumJSON {
	s := albumJSON{
		identity:             identify(resources.KindAlbum, a.ID),
		AlbumType:            a.Type,
		Artists:              briefs(a.artists),
		AvailableMarkets:     marketsFor(v, a.Markets),
		Images:               pictures(a.ID, 640, 300, 64),
		Name:                 a.Name,
		ReleaseDate:          a.ReleaseDate,
		ReleaseDatePrecision: precision(a.ReleaseDate),
		TotalTracks:          len(a.tracks),
	}
	s.IsPlayable, s.Restrictions = playability(v.market, a.availableIn(v.market))
	return s
}

func (a *album) toJSON(v view) any {
	switch v.form {
	case simplified:
		return a.brief(v)
	case discography:
		s := a.brief(v)
		if v.extended() {
			s.AlbumGroup = a.Type
			if v.appears {
				s.AlbumGroup = "appears_on"
			}
		}
		return s
	}
	tracks := make([]any, min(len(a.tracks), firstPageLimit))
	for i := range tracks {
		tracks[i] = a.tracks[i].toJSON(v.nested())
	}
	return fullAlbumJSON{
		albumJSON:   a.brief(v),
		Copyrights:  []copyright{{a.ReleaseDate[:4] + " " + a.Label, "C"}, {a.ReleaseDate[:4] + " " + a.Label, "P"}},
		ExternalIDs: map[string]string{"upc": a.UPC},
		Genres:      nonNil(a.Genres),
		Label:       ifExtended(v, a.Label),
		Popularity:  ifExtended(v, a.Popularity),
		Tracks:      firstPage(hrefOf(resources.KindAlbum, a.ID)+"/tracks", v.market, tracks, len(a.tracks)),
	}
}

type trackJSON struct {
	identity
	Album            *albumJSON        `json:"album,omitzero"`
	Artists          []artistJSON      `json:"artists"`
	AvailableMarkets []string          `json:"available_markets,omitzero"`
	DiscNumber       int               `json:"disc_number"`
	DurationMS       int64             `json:"duration_ms"`
	Episode          *bool             `json:"episode,omitzero"`
	Explicit         bool              `json:"explicit"`
	ExternalIDs      map[string]string `json:"external_ids,omitzero"`
	IsLocal          bool              `json:"is_local"`
	IsPlayable       *bool             `json:"is_playable,omitzero"`
	LinkedFrom       *identity         `json:"linked_from,omitzero"`
	Name             string            `json:"name"`
	Popularity       *int              `json:"popularity,omitzero"`
	PreviewURL       *string           `json:"preview_url"`
	Restrictions     *restriction      `json:"restrictions,omitzero"`
	Track            *bool             `json:"track,omitzero"`
	TrackNumber      int               `json:"track_number"`
}

func (t *track) toJSON(v view) any {
	switch v.form {
	case audioFeatures:
		return t.features()
	case audioAnalysis:
		return t.analysis()
	}
	if other := t.plays(v.market); other != t {
		s := other.describe(v)
		if v.extended() {
			from := identify(resources.KindTrack, t.ID)
			s.LinkedFrom = &from
		}
		return s
	}
	return t.describe(v)
}

// plays returns the track that plays in a market if this track is requested.
func (t *track) plays(market string) *track {
	if !t.availableIn(market) && t.instead != nil && t.instead.availableIn(market) {
		return t.instead
	}
	return t
}

func (t *track) describe(v view) trackJSON {
	s := trackJSON{
		identity:         identify(resources.KindTrack, t.ID),
		Artists:          briefs(t.artists),
		AvailableMarkets: marketsFor(v, t.Markets),
		DiscNumber:       t.Disc,
		DurationMS:       t.Duration.Milliseconds(),
		Explicit:         t.Explicit,
		Name:             t.Name,
		PreviewURL:       preview(v, t.ID),
		TrackNumber:      t.number,
	}
	s.IsPlayable, s.Restrictions = playability(v.market, t.availableIn(v.market))
	if v.form == simplified {
		return s
	}
	on := t.album.brief(v)
	s.Album = &on
	s.Popularity = ifExtended(v, t.Popularity)
	if v.form != inPlayer {
		s.ExternalIDs = map[string]string{"isrc": t.ISRC}
	}
	if v.form == inPlaylist {
		s.Episode, s.Track = new(bool), pointer(true)
	}
	return s
}

func briefs(artists []*artist) []artistJSON {
	all := make([]artistJSON, len(artists))
	for i, a := range artists {
		all[i] = a.brief()
	}
	return all
}

// playability returns is_playable and restrictions, which are sent only if a market is given.
func playability(market string, available bool) (*bool, *restriction) {
	switch {
	case market == "":
		return nil, nil
	case available:
		return &available, nil
	}
	return &available, &restriction{"market"}
}

// preview returns the URL of a 30-second preview, nil for apps in development mode, as for all apps
// made since November 2024.
func preview(v view, id string) *string {
	if !v.extended() {
		return nil
	}
	return pointer("https://p.scdn.co/mp3-preview/" + ids.Hex(40, "preview", id))
}

func names(artists []*artist) []string {
	all := make([]string, len(artists))
	for i, a := range artists {
		all[i] = a.Name
	}
	return all
}

// precision returns the precision of a date: "year", "month" or "day".
func precision(date string) string {
	return [...]string{"year", "month", "day"}[strings.Count(date, "-")]
}

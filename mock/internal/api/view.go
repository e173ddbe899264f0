package api

import (
	"net/url"

	"github.com/seed-2147f1a9/spotify/resources"
)

// form is the form in which an entry is shown.
type form uint8

const (
	full           form = iota
	simplified          // as a member of another object
	inPlaylist          // in a playlist
	inPlayer            // in the player
	episodeAsTrack      // an episode in a playlist, as a track: for clients that do not ask for episodes
	discography         // an album among its artist's
	audioFeatures       // a track's audio features
	audioAnalysis       // a track's audio analysis
)

// view is everything that the JSON of an entry depends on.
type view struct {
	access  AppAccess
	form    form
	market  string // availability is shown for this market; if empty, the list of markets is shown instead
	resume  bool   // with the user's resume point
	appears bool   // in a discography: the artist is a guest
}

func (v view) extended() bool { return v.access.showsAllMembers() }

// nested returns the view of an entry that is a member of the viewed one.
func (v view) nested() view {
	v.form = simplified
	return v
}

// anywhere returns the view without a market.
func (v view) anywhere() view {
	v.market = ""
	return v
}

const (
	apiBase  = "https://api.spotify.com/v1" // begins all links until the response is sent
	openBase = "https://open.spotify.com/"
)

func hrefOf(kind resources.Kind, id string) string {
	return apiBase + "/" + string(kind) + "s/" + escape(id)
}

// link is the object external_urls.
type link struct {
	Spotify string `json:"spotify,omitempty"`
}

func linkTo(kind resources.Kind, id string) link {
	return link{openBase + string(kind) + "/" + escape(id)}
}

// identity are the members that name an entry.
type identity struct {
	ExternalURLs link   `json:"external_urls"`
	Href         string `json:"href"`
	ID           string `json:"id"`
	Type         string `json:"type"`
	URI          string `json:"uri"`
}

func identify(kind resources.Kind, id string) identity {
	return identity{linkTo(kind, id), hrefOf(kind, id), id, string(kind), resources.URI(kind, id)}
}

type restriction struct {
	Reason string `json:"reason"`
}

type copyright struct {
	Text string `json:"text"`
	Type string `json:"type"`
}

type followers struct {
	Href  *string `json:"href"`
	Total int     `json:"total"`
}

// ifExtended returns a pointer to value for apps with extended quota, nil for others.
func ifExtended[T any](v view, value T) *T {
	if v.extended() {
		return &value
	}
	return nil
}

// marketsFor returns available_markets: only for apps with extended quota, and only without a
// market.
func marketsFor(v view, in []string) []string {
	switch {
	case !v.extended() || v.market != "":
		return nil
	case in == nil:
		return markets
	}
	return in
}

func escape(segment string) string { return url.PathEscape(segment) }

package api

// world_view.go turns entries into JSON, each view of each entry once.

import (
	"net/url"

	"github.com/seed-2147f1a9/spotify/resources"
)

// surface is what kind of app the fake answers.
type Access uint8

const (
	DevelopmentMode Access = iota
	ExtendedQuota
)

// form is how much of an entry an answer holds.
type form uint8

const (
	full           form = iota
	simplified          // as a member of another object
	inPlaylist          // in a playlist
	inPlayer            // in the player
	episodeAsTrack      // an episode in a playlist, as a track: for who does not ask for episodes
	discography         // an album among its artist's
	audioFeatures       // a track's audio features
	audioAnalysis       // a track's audio analysis
)

// view is everything that makes the JSON of the same entry differ.
type view struct {
	access  Access
	form    form
	market  string // content is judged for this market; empty shows the list of markets instead
	resume  bool   // with how far the user has come
	appears bool   // in a discography: the artist is a guest
}

func (v view) extended() bool { return v.access == ExtendedQuota }

// within is the same view of something that is within something else.
func (v view) nested() view {
	v.form = simplified
	return v
}

const (
	apiBase  = "https://api.spotify.com/v1" // begins all addresses until an answer leaves
	openBase = "https://open.spotify.com/"
)

func hrefOf(kind resources.Kind, id string) string {
	return apiBase + "/" + string(kind) + "s/" + escape(id)
}

// link is external_urls.
type link struct {
	Spotify string `json:"spotify,omitempty"`
}

func linkTo(kind resources.Kind, id string) link {
	return link{openBase + string(kind) + "/" + escape(id)}
}

// reference is what names an entry in another one.
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

// extra returns a pointer to v, which only apps with extended quota get.
func ifExtended[T any](v view, value T) *T {
	if v.extended() {
		return &value
	}
	return nil
}

// marketsFor is available_markets: only for extended quota, and only where no market is asked for.
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

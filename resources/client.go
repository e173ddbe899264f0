// Package resources has one service for each area of the Spotify Web API. A service method names an
// operation, its arguments and its result; the [http.Client] that New is given does the rest, such
// as tokens, rate limiting and retries. So the services work over any pipeline.
//
// Most programs use them through package spotify, which builds that pipeline:
//
//	album, err := client.Albums.Get(ctx, "2up3OPMp9Tb4dAKM2erWXQ", nil)
//
// The All… iterators fetch pages ahead. A list to which items are added while it is read loses none
// of its items; one that moved to a later page meanwhile is yielded twice. Items that are removed
// while the list is read move others to earlier pages, which may then be missed, as with any list
// that is paginated by offset.
package resources

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// Services has a service for each area of the API. All of them send their requests through one
// http.Client.
type Services struct {
	Albums          *Albums
	Artists         *Artists
	Audiobooks      *Audiobooks
	Browse          *Browse
	Chapters        *Chapters
	Episodes        *Episodes
	Library         *Library
	Markets         *Markets
	Player          *Player
	Playlists       *Playlists
	Recommendations *Recommendations
	Search          *Search
	Shows           *Shows
	Tracks          *Tracks
	Users           *Users
	core            *core
}

// New returns the services over hc. The transport of hc should authorize the requests and turn
// responses of 400 and more into errors (middleware.DecodeErrors with spotify.DecodeError); the
// services turn any other response of 300 or more into a *StatusError. New does not change hc. It
// returns an *ArgumentError if hc is nil or conf is invalid.
func New(hc *http.Client, conf Config) (*Services, error) {
	if hc == nil {
		return nil, argument.Errorf("hc", hc, "an *http.Client")
	}
	conf, base, err := conf.checked()
	if err != nil {
		return nil, err
	}
	c := &core{conf: conf, base: base, send: newSender(hc, conf)}
	if !conf.ExtendedQuota {
		c.batches.outcome, c.pages.outcome = refused, refused
	}
	return &Services{
		Albums:          &Albums{c},
		Artists:         &Artists{c},
		Audiobooks:      &Audiobooks{c},
		Browse:          &Browse{c},
		Chapters:        &Chapters{c},
		Episodes:        &Episodes{c},
		Library:         &Library{c},
		Markets:         &Markets{c},
		Player:          &Player{c},
		Playlists:       &Playlists{c},
		Recommendations: &Recommendations{c},
		Search:          &Search{c},
		Shows:           &Shows{c},
		Tracks:          &Tracks{c},
		Users:           &Users{c},
		core:            c,
	}, nil
}

// BaseURL returns the prefix of every path, without a slash at the end: DefaultBaseURL, unless
// Config.BaseURL was another one.
func (s *Services) BaseURL() string { return s.core.conf.BaseURL }

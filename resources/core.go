// Package resources holds the clients for the areas of the Spotify Web API: thin methods that name an operation, its arguments and its result. What a call
// goes through on its way (tokens, pacing, retries) is the business of the [http.Client] they are given, so they work over any chain.
//
// Most programs use them through package spotify, which builds that chain:
//
//	album, err := client.Albums.Get(ctx, "2up3OPMp9Tb4dAKM2erWXQ", nil)
package resources

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// DefaultBaseURL is where the Web API lives.
const DefaultBaseURL = "https://api.spotify.com/v1"

// Config sets the services up. The zero value is ready to use.
type Config struct {
	// BaseURL is what all paths begin with, DefaultBaseURL if empty: https, or http on loopback.
	BaseURL string
	// Market is the market of every call that takes one and is given none: two capital letters (ISO 3166-1 alpha-2) or "from_token".
	Market string
	// Language is the Accept-Language of every call (RFC 9110 section 12.5.4), in which names come where Spotify has them.
	Language string
	// UserAgent is the User-Agent of every call.
	UserAgent string
	// ExtendedQuota says that the app has extended quota
	// (https://developer.spotify.com/documentation/web-api/concepts/quota-modes). If it has not,
	// the first call that is refused says so: batch operations are replaced with single ones, and
	// pages become smaller, as long as the services live. Otherwise pages are as large as they may
	// be there, and GetMany uses the batch operations.
	ExtendedQuota bool
	// MaxBody is the largest answer that is read, in bytes after decompression; 8 MiB if zero.
	MaxBody int64
	// Window is the most pages that an All… walk keeps in flight, 8 if zero.
	Window int
	// Concurrency is the most calls that GetMany keeps in flight, 64 if zero. A limiter in the chain may allow fewer at a time.
	Concurrency int
}

// WithDefaults returns the configuration with its empty fields filled in, or an error that names the field that makes no sense.
func (c Config) WithDefaults() (Config, error) {
	c, _, err := c.checked()
	return c, err
}

func (c Config) checked() (Config, *url.URL, error) {
	c.BaseURL = strings.TrimSuffix(cmp.Or(argument.Pasted(c.BaseURL), DefaultBaseURL), "/")
	c.Market = argument.Pasted(c.Market)
	c.UserAgent = cmp.Or(c.UserAgent, "spotify-go (+https://github.com/seed-2147f1a9/spotify)")
	c.MaxBody = cmp.Or(c.MaxBody, defaultMaxBody)
	c.Window = cmp.Or(c.Window, 8)
	c.Concurrency = cmp.Or(c.Concurrency, 64)
	base, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || base.Hostname() == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" || strings.ContainsAny(c.BaseURL, "{}"):
		return c, nil, argument.Errorf("BaseURL", withoutUser(c.BaseURL), "an address such as %s, without user, query and fragment", DefaultBaseURL)
	case base.Scheme != "https" && (base.Scheme != "http" || !transport.IsLoopback(base)):
		return c, nil, argument.Errorf("BaseURL", c.BaseURL, "https, or http on a loopback address")
	case c.MaxBody < 0:
		return c, nil, argument.Errorf("MaxBody", c.MaxBody, "1 or more bytes, or 0 for 8 MiB")
	case c.Window < 0:
		return c, nil, argument.Errorf("Window", c.Window, "1 or more pages, or 0 for 8")
	case c.Concurrency < 0:
		return c, nil, argument.Errorf("Concurrency", c.Concurrency, "1 or more calls, or 0 for 64")
	}
	for _, header := range []struct{ name, value string }{{"Language", c.Language}, {"UserAgent", c.UserAgent}} {
		if strings.ContainsFunc(header.value, isControl) {
			return c, nil, argument.Errorf(header.name, header.value, "text without control characters")
		}
	}
	return c, base, checkMarket(c.Market)
}

// withoutUser hides a password that someone has put into an address.
func withoutUser(raw string) string {
	if before, after, ok := strings.Cut(raw, "@"); ok && strings.Contains(before, "//") {
		return before[:strings.Index(before, "//")+2] + "[redacted]@" + after
	}
	return raw
}

// core is what the services share: where calls go, and how they are sent and read.
type core struct {
	conf Config
	base *url.URL
	send sender
	// batches is whether the app may call batch operations, pages whether it may ask for large
	// pages.
	batches, pages privilege
}

// Services are the clients for all areas of the API, over one chain.
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

// New returns the services over hc, whose chain should authorize the requests and turn answers of 400 and more into errors
// (middleware.DecodeErrors with spotify.DecodeError); one that comes through all the same is a *StatusError. hc is not changed; nil is an error.
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

// fetch gets a T. It returns nil and no error where the operation's answer may be empty, and is.
func fetch[T any](ctx context.Context, c *core, op *operations.Operation, p place, params querier) (*T, error) {
	return exchange[T](ctx, c, op, p, params, nil)
}

// list gets a list that comes whole, without the null elements in it.
func list[T any](ctx context.Context, c *core, op *operations.Operation, p place, params querier) ([]T, error) {
	got, err := fetch[[]T](ctx, c, op, p, params)
	if err != nil {
		return nil, err
	}
	return *got, nil
}

// exchange sends a body and gets a T.
func exchange[T any](ctx context.Context, c *core, op *operations.Operation, p place, params querier, body any) (*T, error) {
	out := new(T)
	if found, err := c.call(ctx, op, p, params, body, out); err != nil || !found {
		return nil, named(op, err)
	}
	return out, nil
}

// command sends a call whose answer does not matter beyond its status: some carry text that means nothing.
func command(ctx context.Context, c *core, op *operations.Operation, p place, params querier, body any) error {
	_, err := c.call(ctx, op, p, params, body, nil)
	return named(op, err)
}

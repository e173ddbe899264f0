package e2e_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

var update = flag.Bool("update", false, "write docs/errors.md")

const errorsFile = "../../docs/errors.md"

// sentinels are the errors that errors.Is finds, by name.
var sentinels = []struct {
	name string
	err  error
}{
	{"ErrInvalidArgument", spotify.ErrInvalidArgument},
	{"ErrCredentials", spotify.ErrCredentials},
	{"ErrBadRequest", spotify.ErrBadRequest},
	{"ErrAuthentication", spotify.ErrAuthentication},
	{"ErrForbidden", spotify.ErrForbidden},
	{"ErrNotFound", spotify.ErrNotFound},
	{"ErrRateLimited", spotify.ErrRateLimited},
	{"ErrQuotaExceeded", spotify.ErrQuotaExceeded},
	{"ErrServer", spotify.ErrServer},
	{"ErrReauthorize", spotify.ErrReauthorize},
	{"ErrClosed", spotify.ErrClosed},
	{"ErrTooLarge", spotify.ErrTooLarge},
	{"resources.ErrEmpty", resources.ErrEmpty},
	{"resources.ErrUnexpected", resources.ErrUnexpected},
	{"resources.ErrForeignLink", resources.ErrForeignLink},
	{"resources.ErrIncomplete", resources.ErrIncomplete},
	{"auth.ErrDenied", auth.ErrDenied},
	{"auth.ErrState", auth.ErrState},
	{"auth.ErrNoStoredToken", auth.ErrNoStoredToken},
	{"auth.ErrConflict", auth.ErrConflict},
	{"auth.ErrClosed", auth.ErrClosed},
	{"transport.ErrNotReplayable", transport.ErrNotReplayable},
	{"context.DeadlineExceeded", context.DeadlineExceeded},
	{"context.Canceled", context.Canceled},
}

// kinds are the types that errors.As finds, by name.
var kinds = []struct {
	name string
	in   func(error) bool
}{
	{"*Error", has[*spotify.Error]},
	{"*CallError", has[*spotify.CallError]},
	{"*ArgumentError", has[*spotify.ArgumentError]},
	{"*BatchError", has[*spotify.BatchError]},
	{"*PartialError", has[*spotify.PartialError]},
	{"resources.ItemError", has[resources.ItemError]},
	{"*resources.ResponseError", has[*resources.ResponseError]},
	{"*resources.StatusError", has[*resources.StatusError]},
	{"*middleware.LimitError", has[*middleware.LimitError]},
	{"*middleware.RetryError", has[*middleware.RetryError]},
	{"*middleware.TimeoutError", has[*middleware.TimeoutError]},
	{"*transport.BodyError", has[*transport.BodyError]},
	{"*transport.ProxyError", has[*transport.ProxyError]},
	{"*auth.Error", has[*auth.Error]},
	{"*auth.ScopeError", has[*auth.ScopeError]},
	{"*auth.CallbackError", has[*auth.CallbackError]},
	{"*auth.StoreError", has[*auth.StoreError]},
	{"*auth.PanicError", has[*auth.PanicError]},
}

func has[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// caused is one row of the table: a cause in words, and a function that returns its error.
type caused struct {
	cause string
	err   func(t *testing.T) error
}

// on returns the row of a call to a client over a server.
func on(
	cause string, base http.RoundTripper, call func(context.Context, *spotify.Client) error, opts ...spotify.Option,
) caused {
	return caused{cause, func(t *testing.T) error {
		return call(t.Context(), over(t, base, append([]spotify.Option{spotify.WithMaxRetries(0)}, opts...)...))
	}}
}

// invalidArgument returns the row of a call with an invalid argument, for which nothing is sent.
func invalidArgument(cause string, call func(context.Context, *spotify.Client) error) caused {
	return on(cause, responding(response{err: errors.New("a request was sent")}), call)
}

// watch returns the error that ends Player.Watch.
func watch(ctx context.Context, c *spotify.Client, p *spotify.WatchParams) (err error) {
	for _, err = range c.Player.Watch(ctx, p) {
	}
	return err
}

// made returns the row of New with options.
func made(cause string, opts ...spotify.Option) caused {
	return caused{cause, func(t *testing.T) error {
		client, err := spotify.New(opts...)
		if client != nil {
			t.Cleanup(func() { _ = client.Close() })
		}
		return err
	}}
}

// configured returns the row of an auth.Config.
func configured(cause string, change func(*auth.Config)) caused {
	return caused{cause, func(*testing.T) error {
		c := auth.Config{ClientID: "id", ClientSecret: "secret", RedirectURL: "http://127.0.0.1:8080/callback"}
		change(&c)
		_, err := auth.NewAuthorizationCode(c)
		return err
	}}
}

func getAlbum(ctx context.Context, c *spotify.Client) error {
	_, err := c.Albums.Get(ctx, albumID, nil)
	return err
}

func pause(ctx context.Context, c *spotify.Client) error { return c.Player.Pause(ctx, nil) }

// failing returns a server with one error response.
func failing(status int, body string, header ...string) *server {
	return responding(response{status: status, body: body, header: header})
}

func apiError(status int, message, reason string) *server {
	if reason != "" {
		reason = `,"reason":"` + reason + `"`
	}
	return failing(status, fmt.Sprintf(`{"error":{"status":%d,"message":%q%s}}`, status, message, reason))
}

var anyToken = spotify.WithAccessToken("token")

// section is a part of docs/errors.md.
type section struct {
	title, text string
	rows        []caused
}

// sections returns the rows of docs/errors.md, with servers that have sent no response.
func sections() []section {
	return []section{
		{"Options and credentials", "Errors of spotify.New and of package auth's constructors. Nothing was sent.", []caused{
			made("no credentials"),
			made("several credentials", anyToken, spotify.WithClientCredentials("id", "secret")),
			made("an empty access token", spotify.WithAccessToken("")),
			made("an access token with a line break", spotify.WithAccessToken("to\nken")),
			made("a token source that is nil", spotify.WithTokenSource(nil)),
			made("no client id", spotify.WithClientCredentials("", "secret")),
			made("a client secret with a space", spotify.WithClientCredentials("id", "se cret")),
			made("a timeout of 0", anyToken, spotify.WithTimeout(0)),
			made("negative retries", anyToken, spotify.WithMaxRetries(-1)),
			made("a window of 0", anyToken, spotify.WithWindow(0)),
			made("a concurrency of 0", anyToken, spotify.WithConcurrency(0)),
			made("a body size of 0", anyToken, spotify.WithMaxBody(0)),
			made("a transport that is nil", anyToken, spotify.WithTransport(nil)),
			made("a middleware that is nil", anyToken, spotify.WithMiddleware(transport.PerCall, nil)),
			made("a stage that does not exist", anyToken, spotify.WithMiddleware(9)),
			made("an observer that is nil", anyToken, spotify.WithObserver(nil)),
			made("a closer that is nil", anyToken, spotify.WithCloser(nil)),
			made("a market that is not a code", anyToken, spotify.WithMarket("Germany")),
			made("a base URL without https", anyToken, spotify.WithBaseURL("http://example.com/v1")),
			made("a base URL with a query", anyToken, spotify.WithBaseURL("https://example.com/v1?a=b")),
			made("a base URL that is empty", anyToken, spotify.WithBaseURL("")),
			made("a fake API with the real Accounts service", spotify.WithClientCredentials("id", "secret"),
				spotify.WithBaseURL("http://127.0.0.1:8080/v1")),
			made("endpoints without an API", anyToken, spotify.WithEndpoints(spotify.Endpoints{})),
			made("endpoints without Accounts", anyToken,
				spotify.WithEndpoints(spotify.Endpoints{API: "https://example.com/v1"})),
			made("a User-Agent of two lines", anyToken, spotify.WithUserAgentSuffix("a\nb")),
			made("a delay below 0", anyToken, spotify.WithRetry(middleware.RetryConfig{InitialDelay: -1})),
			made("a longest delay below the first", anyToken,
				spotify.WithRetry(middleware.RetryConfig{InitialDelay: 2, MaxDelay: 1})),
			made("a longest delay below 0", anyToken, spotify.WithRetry(middleware.RetryConfig{MaxDelay: -1})),
			made("a multiplier below 1", anyToken, spotify.WithRetry(middleware.RetryConfig{Multiplier: .5})),
			made("a retry budget above 1", anyToken, spotify.WithRetry(middleware.RetryConfig{Budget: 2})),
			made("a window below 1 ms", anyToken,
				spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{Window: -1}))),
			made("a quota below 0", anyToken,
				spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{Quota: -1}))),
			made("a day's quota below 0", anyToken,
				spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{DayQuota: -1}))),
			made("a day's reserve above 1", anyToken,
				spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{DayReserve: 2}))),
			made("a Pacer not made by NewPacer", anyToken, spotify.WithLimiter(&middleware.Pacer{})),
			made("a cached body larger than the cache", anyToken,
				spotify.WithCache(middleware.CacheConfig{MaxBytes: 1, MaxBodyBytes: 2})),
			configured("no redirect URL", func(c *auth.Config) { c.RedirectURL = "" }),
			configured("a redirect URL on localhost", func(c *auth.Config) { c.RedirectURL = "http://localhost:8080/" }),
			configured("a redirect URL that is none", func(c *auth.Config) { c.RedirectURL = "::" }),
			configured("an unknown scope", func(c *auth.Config) { c.Scopes = []auth.Scope{"user-read-everything"} }),
			configured("a short cookie key", func(c *auth.Config) { c.CookieKey = []byte("short") }),
			configured("a token URL without https", func(c *auth.Config) { c.TokenURL = "http://example.com/token" }),
			configured("a token URL that is none", func(c *auth.Config) { c.TokenURL = "::" }),
			configured("one address on loopback", func(c *auth.Config) { c.AuthURL = "http://127.0.0.1:1/authorize" }),
			{"services without an http.Client", func(*testing.T) error {
				_, err := resources.New(nil, resources.Config{})
				return err
			}},
			{"a negative size of bodies", func(*testing.T) error {
				_, err := resources.New(http.DefaultClient, resources.Config{MaxBody: -1})
				return err
			}},
			{"a negative window", func(*testing.T) error {
				_, err := resources.New(http.DefaultClient, resources.Config{Window: -1})
				return err
			}},
			{"a negative concurrency", func(*testing.T) error {
				_, err := resources.New(http.DefaultClient, resources.Config{Concurrency: -1})
				return err
			}},
			{"a store without a path", func(*testing.T) error { _, err := auth.NewFileStore(""); return err }},
			{
				"a store in the place of a lock",
				func(*testing.T) error { _, err := auth.NewFileStore("tokens.lock"); return err },
			},
			{
				"a store in another user's home",
				func(*testing.T) error { _, err := auth.NewFileStore("~mia/tokens"); return err },
			},
			{"a store's size out of range", func(*testing.T) error {
				_, err := auth.NewFileStore("tokens", auth.WithMaxFileSize(1))
				return err
			}},
		}},
		{"Arguments", "Errors of the services' methods. Nothing was sent.", []caused{
			invalidArgument("no id", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Albums.Get(ctx, "", nil)
				return err
			}),
			invalidArgument("an id of another kind", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Albums.Get(ctx, "spotify:track:"+albumID, nil)
				return err
			}),
			invalidArgument("a user's id with a link in it", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Users.Get(ctx, "https://example.com/mia")
				return err
			}),
			invalidArgument("a URI of another kind", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.AddToQueue(ctx, "spotify:album:"+albumID, nil)
			}),
			{"a text that is no URI", func(*testing.T) error { _, _, err := spotify.ParseURI("Slow Tide"); return err }},
			invalidArgument("a short link that is none", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.ResolveLink(ctx, "https://example.com/x")
				return err
			}),
			invalidArgument("a market that is not a code", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Albums.Get(ctx, albumID, &spotify.GetParams{Market: "Germany"})
				return err
			}),
			invalidArgument("a page that is too large", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Albums.Saved(ctx, &spotify.PageParams{Limit: 51})
				return err
			}),
			invalidArgument("a negative offset", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Albums.Saved(ctx, &spotify.PageParams{Offset: -1})
				return err
			}),
			invalidArgument("an offset past the end of a search", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Search.Query(ctx, "x", &spotify.SearchParams{ListParams: spotify.ListParams{Offset: 1000}})
				return err
			}),
			invalidArgument("a page past the end of a search", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Search.Query(ctx, "x", &spotify.SearchParams{ListParams: spotify.ListParams{Limit: 50, Offset: 990}})
				return err
			}),
			invalidArgument("a search for nothing", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Search.Query(ctx, " ", nil)
				return err
			}),
			invalidArgument("a search for an unknown kind", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Search.Query(ctx, "x", &spotify.SearchParams{Types: []spotify.SearchType{"song"}})
				return err
			}),
			invalidArgument("text that is not UTF-8", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Search.Query(ctx, "\xff", nil)
				return err
			}),
			invalidArgument("a locale that is none", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Browse.Category(ctx, "party", &spotify.CategoryParams{Locale: "Spanish"})
				return err
			}),
			invalidArgument("a volume above 100", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.SetVolume(ctx, 101, nil)
			}),
			invalidArgument("a state each millisecond", func(ctx context.Context, c *spotify.Client) error {
				return watch(ctx, c, &spotify.WatchParams{Interval: time.Millisecond})
			}),
			invalidArgument("a negative tick", func(ctx context.Context, c *spotify.Client) error {
				return watch(ctx, c, &spotify.WatchParams{Tick: -time.Second})
			}),
			invalidArgument("a position before the start", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Seek(ctx, -time.Second, nil)
			}),
			invalidArgument("an unknown repeat mode", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.SetRepeat(ctx, "all", nil)
			}),
			invalidArgument("no device", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Transfer(ctx, "", nil)
			}),
			invalidArgument("both URIs and a context", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Play(ctx, &spotify.PlayParams{ContextURI: "spotify:album:" + albumID, URIs: []string{"x"}})
			}),
			invalidArgument("an empty list to play", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Play(ctx, &spotify.PlayParams{URIs: []string{}})
			}),
			invalidArgument("an offset in nothing", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Play(ctx, &spotify.PlayParams{Offset: &spotify.PlayOffset{}})
			}),
			invalidArgument("an offset below 0", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Play(ctx, &spotify.PlayParams{
					ContextURI: "spotify:album:" + albumID, Offset: &spotify.PlayOffset{Position: -1},
				})
			}),
			invalidArgument("an offset given twice", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Play(ctx, &spotify.PlayParams{
					ContextURI: "spotify:album:" + albumID, Offset: &spotify.PlayOffset{Position: 1, URI: "x"},
				})
			}),
			invalidArgument("a start before the start", func(ctx context.Context, c *spotify.Client) error {
				return c.Player.Play(ctx, &spotify.PlayParams{Position: -1})
			}),
			invalidArgument("both ends of a history", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Player.RecentlyPlayed(ctx, &spotify.RecentlyPlayedParams{Before: time.Now(), After: time.Now()})
				return err
			}),
			invalidArgument("a time before 1970", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Player.RecentlyPlayed(ctx, &spotify.RecentlyPlayedParams{Before: time.Unix(-1, 0).UTC()})
				return err
			}),
			invalidArgument("a cursor that leads nowhere", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Player.RecentlyPlayed(ctx, &spotify.RecentlyPlayedParams{Cursors: spotify.Cursors{After: "1"}})
				return err
			}),
			invalidArgument("a playlist without params", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.Create(ctx, nil)
				return err
			}),
			invalidArgument("a playlist without a name", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.Create(ctx, &spotify.CreatePlaylistParams{})
				return err
			}),
			invalidArgument("a public playlist for all", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.Create(ctx, &spotify.CreatePlaylistParams{Name: "x", Collaborative: true})
				return err
			}),
			invalidArgument("a name of two lines", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.Create(ctx, &spotify.CreatePlaylistParams{Name: "x\ny"})
				return err
			}),
			invalidArgument("no change", func(ctx context.Context, c *spotify.Client) error {
				return c.Playlists.ChangeDetails(ctx, playlistID, &spotify.ChangeDetailsParams{})
			}),
			invalidArgument("a local file", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.RemoveItems(ctx, playlistID, []string{"spotify:local:Some+Band::A+Song:180"}, nil)
				return err
			}),
			invalidArgument("a position before the list", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.AddItems(ctx, playlistID, []string{"spotify:track:" + albumID},
					&spotify.AddItemsParams{Position: new(-1)})
				return err
			}),
			invalidArgument("an entry without a URI", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.RemoveEntries(ctx, playlistID, make([]spotify.PlaylistItem, 1), nil)
				return err
			}),
			invalidArgument("nil for the new items", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.ReplaceItems(ctx, playlistID, nil)
				return err
			}),
			invalidArgument("a move from before the list", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Playlists.ReorderItems(ctx, playlistID, -1, 0, nil)
				return err
			}),
			invalidArgument("a cover that is no JPEG", func(ctx context.Context, c *spotify.Client) error {
				return c.Playlists.UploadCoverImage(ctx, playlistID, []byte("GIF89a"))
			}),
			invalidArgument("a cover that is too large", func(ctx context.Context, c *spotify.Client) error {
				return c.Playlists.UploadCoverImage(ctx, playlistID, make([]byte, 1<<20))
			}),
			invalidArgument("too many seeds", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Recommendations.Get(ctx, spotify.RecommendationSeeds{Genres: make([]string, 6)}, nil)
				return err
			}),
			invalidArgument("a genre that is not a word", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Recommendations.Get(ctx, spotify.RecommendationSeeds{Genres: []string{""}}, nil)
				return err
			}),
			invalidArgument("an attribute out of range", func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Recommendations.Get(ctx, spotify.RecommendationSeeds{Genres: []string{"jazz"}},
					&spotify.RecommendationsParams{Min: resources.TrackAttributes{Energy: new(2.0)}})
				return err
			}),
			invalidArgument("followers of another kind", func(ctx context.Context, c *spotify.Client) error {
				return c.Users.Follow(ctx, resources.KindAlbum, albumID)
			}),
			invalidArgument("an id with a comma", func(ctx context.Context, c *spotify.Client) error {
				return c.Users.Follow(ctx, resources.KindUser, "mia,leo")
			}),
			invalidArgument("a track saved at no time", func(ctx context.Context, c *spotify.Client) error {
				return c.Tracks.SaveAt(ctx, resources.TimestampedID{ID: albumID})
			}),
			invalidArgument("an unknown method", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "FETCH", "/me", nil, nil, nil)
			}),
			invalidArgument("a path with a query", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "GET", "/me?x=y", nil, nil, nil)
			}),
			invalidArgument("a body that JSON cannot hold", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "POST", "/me/new", nil, math.NaN(), nil)
			}),
			invalidArgument("a result that is no pointer", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "GET", "/me", nil, nil, 1)
			}),
			invalidArgument("the page after no page", func(ctx context.Context, c *spotify.Client) error {
				_, err := spotify.NextPage[*spotify.Page[spotify.Track]](ctx, c, nil)
				return err
			}),
			invalidArgument("a link to another host", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "GET", "https://example.com/v1/me", nil, nil, nil)
			}),
			invalidArgument("a link above the API", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "GET", "https://api.spotify.com/v2/me", nil, nil, nil)
			}),
			invalidArgument("a link that is none", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "GET", "https://%zz", nil, nil, nil)
			}),
			invalidArgument("a link with a query that is none", func(ctx context.Context, c *spotify.Client) error {
				return c.Do(ctx, "GET", "https://api.spotify.com/v1/me?a=%zz", nil, nil, nil)
			}),
			invalidArgument("a header field that cannot be sent", func(ctx context.Context, c *spotify.Client) error {
				return getAlbum(spotify.WithCall(ctx, spotify.Header("X", "a\nb")), c)
			}),
			invalidArgument("a header field of net/http's", func(ctx context.Context, c *spotify.Client) error {
				return getAlbum(spotify.WithCall(ctx, spotify.Header("Host", "example.com")), c)
			}),
			invalidArgument("a header field without a name", func(ctx context.Context, c *spotify.Client) error {
				return getAlbum(spotify.WithCall(ctx, spotify.Header("", "a")), c)
			}),
			invalidArgument("a query that is not UTF-8", func(ctx context.Context, c *spotify.Client) error {
				return getAlbum(spotify.WithCall(ctx, spotify.Query("a", "\xff")), c)
			}),
		}},
		{"Error responses", "Spotify has responded with a status code of 400 or more.", []caused{
			on("400", apiError(400, "Bad request.", ""), getAlbum),
			on("400 for a page size", apiError(400, "Invalid limit", ""), func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Search.Query(ctx, "x", &spotify.SearchParams{ListParams: spotify.ListParams{Limit: 50}})
				return err
			}),
			on("401 of an access token that the caller has given", apiError(401, "The access token expired", ""), getAlbum),
			signedIn("401 of a login", spotify.WithTokenSource(renewable{}),
				apiError(401, "Invalid access token", ""), getAlbum),
			signedIn("401 and a clock that is wrong", spotify.WithTokenSource(renewable{}),
				failing(401, "", "Date", "Sat, 01 Jan 2000 02:00:00 GMT"), getAlbum),
			signedIn("401 of an app without a user", spotify.WithClientCredentials("id", "secret"),
				apiError(401, "Valid user authentication required", ""), pause),
			signedIn("403 of an app without a user", spotify.WithClientCredentials("id", "secret"),
				apiError(403, "Forbidden", ""), pause),
			on("403 for a scope, which the token's source does not name", apiError(403, "Insufficient client scope", ""), pause),
			on("403 for a user without Premium",
				apiError(403, "Player command failed: Premium required", "PREMIUM_REQUIRED"), pause),
			on("403 in development mode", apiError(403, "Forbidden", ""), func(ctx context.Context, c *spotify.Client) error {
				return c.Albums.Save(ctx, albumID)
			}),
			on("404", apiError(404, "Resource not found", ""), getAlbum),
			on("404 for a playlist of Spotify's own", apiError(404, "Resource not found", ""),
				func(ctx context.Context, c *spotify.Client) error {
					_, err := c.Playlists.Get(ctx, "37i9dQZF1DWWzVPEmatsUB", nil)
					return err
				}),
			on("404 for an operation that is closed", failing(404, ""), func(ctx context.Context, c *spotify.Client) error {
				_, err := c.Recommendations.Get(ctx, spotify.RecommendationSeeds{Genres: []string{"jazz"}}, nil)
				return err
			}),
			on("404 below a base URL without /v1", apiError(404, "Service not found", ""), getAlbum),
			on("403 for another user's playlist in development mode", apiError(403, "Forbidden", ""),
				func(ctx context.Context, c *spotify.Client) error {
					_, err := c.Playlists.Items(ctx, playlistID, nil)
					return err
				}),
			on("404 without an active device",
				apiError(404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"), pause),
			on(
				"429",
				failing(429, `{"error":{"status":429,"message":"API rate limit exceeded"}}`, "Retry-After", "30"),
				getAlbum,
				spotify.WithLimiter(nil),
			),
			on("429 for the quota of a day", apiError(429, "Quota exceeded", "QUOTA_EXCEEDED"), getAlbum,
				spotify.WithLimiter(nil)),
			on("503", failing(503, "upstream connect error"), getAlbum),
			on("403 with an HTML page", failing(403, "<html><title>Blocked</title></html>"), getAlbum),
			on("407", failing(407, ""), getAlbum),
			on("511", failing(511, "<html><title>Hotel WiFi</title></html>"), getAlbum),
			on("a 200 with an error object", failing(200, `{"error":{"status":502,"message":"Bad gateway."}}`), getAlbum),
		}},
		{"Unusable responses", "Spotify has responded with success, and the response is not the result.", []caused{
			on("an empty body", failing(200, ""), getAlbum),
			on("an HTML page", failing(200, "<html><title>Hotel WiFi</title></html>"), getAlbum),
			on("another object", failing(200, `{"message":"We are back soon"}`), getAlbum),
			on("JSON that ends too early", failing(200, `{"name":`), getAlbum),
			on("a body that is not JSON", failing(200, `{"name":"x",}`), getAlbum),
			on("a body that is too large", failing(200, album), getAlbum, spotify.WithMaxBody(10)),
			on("a body that breaks off", responding(response{stream: cut(album[:9])}), getAlbum),
			on("a body that breaks off after a change", responding(response{stream: cut(`{"snap`)}),
				func(ctx context.Context, c *spotify.Client) error {
					_, err := c.Playlists.AddItems(ctx, playlistID, []string{"spotify:track:" + albumID}, nil)
					return err
				}),
			on("a redirect of a change", failing(302, "", "Location", "https://portal.example/login"), pause),
			on("a 304 that nobody asked for", failing(304, ""), getAlbum),
		}},
		{"No response", "The call was refused, ended, or did not reach Spotify.", []caused{
			{"a closed client", func(t *testing.T) error {
				client := over(t, responding(response{body: album}))
				_ = client.Close()
				return getAlbum(t.Context(), client)
			}},
			{"a context that has ended", func(t *testing.T) error {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				return getAlbum(ctx, over(t, responding(response{body: album})))
			}},
			on("no response in time", transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				<-req.Context().Done()
				return nil, context.Cause(req.Context())
			}), getAlbum),
			{"a limit that is not over in time", func(t *testing.T) error {
				client := over(t, failing(429, "", "Retry-After", "90000"), spotify.WithMaxRetries(0))
				_ = getAlbum(t.Context(), client)
				return getAlbum(t.Context(), client)
			}},
			{"a quota that is exhausted", func(t *testing.T) error {
				client := over(t, apiError(429, "Quota exceeded", "QUOTA_EXCEEDED"), spotify.WithMaxRetries(0))
				_ = getAlbum(t.Context(), client)
				return getAlbum(t.Context(), client)
			}},
			{"a wait that is too long for the call", func(t *testing.T) error {
				client := over(t, failing(429, "", "Retry-After", "10"), spotify.WithMaxRetries(0))
				_ = getAlbum(t.Context(), client)
				return getAlbum(spotify.WithCall(t.Context(), spotify.MaxWait(time.Second)), client)
			}},
			on("a connection that broke", responding(response{err: io.ErrUnexpectedEOF}), getAlbum),
			on("a connection that broke again after a retry", responding(response{err: io.ErrUnexpectedEOF}), getAlbum,
				spotify.WithRetry(middleware.RetryConfig{InitialDelay: 1, MaxDelay: 1}), spotify.WithMaxRetries(1)),
			on("a host that does not exist", responding(response{
				err: &net.DNSError{Err: "no such host", Name: "api.spotify.com", IsNotFound: true},
			}), getAlbum),
			on("a proxy that is not there", responding(response{
				err: &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New("connection refused")},
			}), getAlbum),
			on("a proxy that refuses", responding(response{
				err: &transport.ProxyError{Proxy: "proxy.example:3128", Status: 407},
			}), getAlbum),
			on("a certificate of another host", responding(response{
				err: x509.HostnameError{
					Certificate: &x509.Certificate{DNSNames: []string{"portal.example"}}, Host: "api.spotify.com",
				},
			}), getAlbum),
			on("a certificate of an unknown authority", responding(response{err: x509.UnknownAuthorityError{}}), getAlbum),
			on("a clock that is wrong", responding(response{err: x509.CertificateInvalidError{
				Reason: x509.Expired, Detail: "current time 2000-01-01T00:00:00Z is before 2026-03-01T00:00:00Z",
			}}), getAlbum),
			on("a response that is not TLS", responding(response{
				err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
			}), getAlbum),
			on("a transport that returns nothing", transport.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
				return nil, nil
			}), getAlbum),
			{"a token source that returns nothing", func(t *testing.T) error {
				client, err := spotify.New(spotify.WithTokenSource(auth.FromOAuth2(nil)), spotify.WithMaxRetries(0),
					spotify.WithTransport(responding(response{body: album})))
				if err != nil {
					t.Fatal(err)
				}
				defer client.Close()
				return getAlbum(t.Context(), client)
			}},
		}},
		{"Lists and batches", "Calls that take several requests.", []caused{
			on("some items that do not exist", apiError(404, "Resource not found", ""),
				func(ctx context.Context, c *spotify.Client) error {
					_, err := c.Albums.GetMany(ctx, []string{albumID}, nil)
					return err
				}),
			on("a batch that was refused", apiError(401, "Invalid access token", ""),
				func(ctx context.Context, c *spotify.Client) error {
					_, err := c.Albums.GetMany(ctx, []string{albumID}, nil)
					return err
				}),
			on("a change that failed after a part", responding(response{}, response{status: 500}),
				func(ctx context.Context, c *spotify.Client) error {
					uris := make([]string, 60)
					for i := range uris {
						uris[i] = fmt.Sprintf("spotify:track:%022d", i)
					}
					return c.Library.Save(ctx, uris...)
				}),
			on("a list whose pages lead in a circle", failing(200, `{"items":[{"album":{"name":"x"}}],"limit":1,`+
				`"href":"https://api.spotify.com/v1/me/albums","next":"https://api.spotify.com/v1/me/albums"}`),
				func(ctx context.Context, c *spotify.Client) error {
					_, err := spotify.Collect(c.Albums.AllSaved(ctx, nil), 0)
					return err
				}),
		}},
		{"Short links", "Errors of Client.ResolveLink.", []caused{
			on("a link that leads elsewhere", failing(302, "", "Location", "https://example.com/login"), resolve),
			on("a link that is unknown", failing(404, ""), resolve),
			on("a page without a link", failing(200, "<html></html>"), resolve),
			on("a link that leads to itself", failing(302, "", "Location", "https://spotify.link/x"), resolve),
		}},
		{"Logins and tokens", "Errors of package auth. Calls of a client return them in a *CallError.", []caused{
			tokens("a client id that is unknown",
				failing(400, `{"error":"invalid_client","error_description":"Invalid client"}`)),
			tokens("a clock that is wrong",
				failing(400, `{"error":"invalid_request"}`, "Date", "Fri, 27 Nov 2026 12:00:00 GMT")),
			tokens("a token endpoint that is down", failing(503, "", "Retry-After", "7")),
			tokens("an empty response", failing(200, "")),
			tokens("a login page of the network",
				failing(200, "<html><title>Hotel WiFi</title></html>", "Content-Type", "text/html")),
			tokens("a response without a token", failing(200, `{}`)),
			tokens("a redirect", failing(302, "", "Location", "https://portal.example/")),
			loginRow("a login that was revoked",
				failing(400, `{"error":"invalid_grant","error_description":"Refresh token revoked"}`),
				func(ctx context.Context, l *auth.AuthorizationCode) error {
					return l.Import(ctx, "refresh-token", time.Time{})
				}),
			loginRow("a login without a scope", failing(200, `{"access_token":"t","expires_in":3600,"scope":"user-read-email"}`),
				func(ctx context.Context, l *auth.AuthorizationCode) error {
					return l.Import(ctx, "refresh-token", time.Time{})
				}),
			loginRow("no login", failing(200, ""), func(ctx context.Context, l *auth.AuthorizationCode) error {
				_, err := l.Token(ctx)
				return err
			}),
			loginRow("a user who declined", failing(200, ""), func(_ context.Context, l *auth.AuthorizationCode) error {
				_, err := l.ParseCallback("http://127.0.0.1:8080/callback?error=access_denied&state="+aState, aState)
				return err
			}),
			loginRow("another login's callback", failing(200, ""), func(_ context.Context, l *auth.AuthorizationCode) error {
				_, err := l.ParseCallback("http://127.0.0.1:8080/callback?code=x&state=other", aState)
				return err
			}),
			loginRow("a callback without a code", failing(200, ""), func(_ context.Context, l *auth.AuthorizationCode) error {
				_, err := l.ParseCallback("http://127.0.0.1:8080/callback?state="+aState, aState)
				return err
			}),
			loginRow("a callback that is no URL", failing(200, ""), func(_ context.Context, l *auth.AuthorizationCode) error {
				_, err := l.ParseCallback("::", aState)
				return err
			}),
			loginRow("a state that is too short", failing(200, ""), func(_ context.Context, l *auth.AuthorizationCode) error {
				_, err := l.ParseCallback("?code=x&state=1", "1")
				return err
			}),
			loginRow("an empty code", failing(200, ""), func(ctx context.Context, l *auth.AuthorizationCode) error {
				return l.Exchange(ctx, auth.Code{})
			}),
			loginRow("an empty refresh token", failing(200, ""), func(ctx context.Context, l *auth.AuthorizationCode) error {
				return l.Import(ctx, "", time.Time{})
			}),
			loginRow("a closed login", failing(200, ""), func(ctx context.Context, l *auth.AuthorizationCode) error {
				_ = l.Close()
				_, err := l.Token(ctx)
				return err
			}),
			{"an account that a store does not have", func(t *testing.T) error {
				_, err := auth.NewMemoryStore().Load(t.Context(), "mia")
				return err
			}},
			{"an account that is not UTF-8", func(t *testing.T) error {
				store, err := auth.NewFileStore(filepath.Join(t.TempDir(), "tokens"))
				if err != nil {
					t.Fatal(err)
				}
				return store.Save(t.Context(), "\xff", auth.StoredToken{RefreshToken: "r"}, 0)
			}},
			loginRow("a local login with a redirect elsewhere",
				failing(200, ""), func(ctx context.Context, l *auth.AuthorizationCode) error {
					return l.AuthorizeLocal(ctx, auth.LocalConfig{})
				}, func(c *auth.Config) { c.RedirectURL = "https://example.com/callback" }),
			loginRow("a store that panics", failing(200, ""), func(ctx context.Context, l *auth.AuthorizationCode) error {
				_, err := l.Token(ctx)
				return err
			}, func(c *auth.Config) { c.Store = brokenStore{} }),
			loginRow(
				"a store that cannot be read",
				failing(200, ""),
				func(ctx context.Context, l *auth.AuthorizationCode) error {
					_, err := l.Token(ctx)
					return err
				},
				func(c *auth.Config) {
					c.Store = brokenStore{err: &auth.StoreError{
						Where: "tokens.json", Problem: "not JSON", Advice: "delete the file and log in again",
					}}
				},
			),
		}},
	}
}

const aState = "0123456789abcdefghijklmnop"

func resolve(ctx context.Context, c *spotify.Client) error {
	_, err := c.ResolveLink(ctx, "https://spotify.link/x")
	return err
}

// tokens returns the row of a client whose token endpoint responds so.
func tokens(cause string, base *server) caused {
	return caused{cause, func(t *testing.T) error {
		source, err := auth.NewClientCredentials(auth.Config{ClientID: "id", ClientSecret: "secret", Transport: base})
		if err != nil {
			t.Fatal(err)
		}
		defer source.Close()
		_, err = source.Token(t.Context())
		return err
	}}
}

// signedIn returns the row of a call with other credentials than an access token of the caller's.
// The base responds to the API's requests, and its token endpoint issues a token.
func signedIn(
	cause string, credentials spotify.Option, base *server, call func(context.Context, *spotify.Client) error,
) caused {
	return caused{cause, func(t *testing.T) error {
		issues := failing(200, `{"access_token":"t","expires_in":3600}`)
		both := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if req.URL.Host == "api.spotify.com" {
				return base.RoundTrip(req)
			}
			return issues.RoundTrip(req)
		})
		client, err := spotify.New(credentials, spotify.WithMaxRetries(0), spotify.WithTransport(both))
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		return call(t.Context(), client)
	}}
}

// renewable is a source of a user's tokens, which can be refreshed.
type renewable struct{}

func (renewable) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: "token"}, nil
}

func (renewable) Invalidate(*oauth2.Token) {}

// loginRow returns the row of a user's login whose token endpoint responds so.
func loginRow(
	cause string, base *server, call func(context.Context, *auth.AuthorizationCode) error, changes ...func(*auth.Config),
) caused {
	return caused{cause, func(t *testing.T) error {
		c := auth.Config{
			ClientID: "id", ClientSecret: "secret", RedirectURL: "http://127.0.0.1:8080/callback", Transport: base,
			Scopes: []auth.Scope{auth.ScopeUserLibraryRead},
		}
		for _, change := range changes {
			change(&c)
		}
		l, err := auth.NewAuthorizationCode(c)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return call(t.Context(), l)
	}}
}

// brokenStore is a store whose Load returns err, or panics without one.
type brokenStore struct {
	auth.TokenStore
	err error
}

func (p brokenStore) Load(context.Context, string) (auth.StoredToken, error) {
	if p.err == nil {
		panic("disk on fire")
	}
	return auth.StoredToken{}, p.err
}

// TestErrorTable causes each error of the public API, and holds docs/errors.md to their texts.
func TestErrorTable(t *testing.T) {
	for _, name := range []string{
		"SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_REDIRECT_URI", "SPOTIFY_BASE_URL", "SPOTIFY_ACCOUNTS_URL",
	} {
		t.Setenv(name, "")
	}
	var doc bytes.Buffer
	intro, err := os.ReadFile("testdata/errors_intro.md")
	if err != nil {
		t.Fatal(err)
	}
	doc.Write(intro)
	doc.WriteString("\nThe rest of this page has the text of every error. " +
		"Code generated by internal/e2e (TestErrorTable), which causes each of them; DO NOT EDIT.\n" +
		"Names without a package are those of package spotify.\n")
	named, texts := map[string]bool{}, map[string]bool{}
	for _, section := range sections() {
		fmt.Fprintf(&doc, "\n## %s\n\n%s\n\n| cause | text | sentinels | types |\n|---|---|---|---|\n",
			section.title, section.text)
		for _, row := range section.rows {
			var err error
			synctest.Test(t, func(t *testing.T) { err = row.err(t) })
			if err == nil {
				t.Errorf("%s: no error", row.cause)
				continue
			}
			var is, as []string
			for _, s := range sentinels {
				if errors.Is(err, s.err) {
					is = append(is, "`"+s.name+"`")
					named[s.name] = true
				}
			}
			for _, k := range kinds {
				if k.in(err) {
					as = append(as, "`"+k.name+"`")
					named[k.name] = true
				}
			}
			// The JSON library says "cannot" or "unable to" at random.
			text := strings.ReplaceAll(err.Error(), "json: unable to ", "json: cannot ")
			if strings.Contains(text, "a request was sent") || strings.ContainsAny(text, "\n\x1b") ||
				texts[section.title+row.cause] {
				t.Errorf("%s: %q", row.cause, text)
			}
			texts[section.title+row.cause] = true
			fmt.Fprintf(&doc, "| %s | `%s` | %s | %s |\n", row.cause, strings.NewReplacer("|", `\|`, "`", "'").Replace(text),
				strings.Join(is, ", "), strings.Join(as, ", "))
		}
	}
	for _, s := range sentinels {
		if !named[s.name] && !slices.Contains(withoutRow, s.name) {
			t.Errorf("no row matches %s", s.name)
		}
	}
	for _, k := range kinds {
		if !named[k.name] && !slices.Contains(withoutRow, k.name) {
			t.Errorf("no row is a %s", k.name)
		}
	}
	if *update {
		if err := os.WriteFile(errorsFile, doc.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	written, err := os.ReadFile(errorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, doc.Bytes()) {
		t.Error("docs/errors.md is stale: run go generate ./...")
	}
	lines := strings.Split(string(written), "\n")
	for i, line := range strings.Split(doc.String(), "\n") {
		if i >= len(lines) || lines[i] != line {
			t.Fatalf("line %d is %s", i+1, line)
		}
	}
}

// withoutRow are errors that a store returns to a login, and a RoundTripper to a middleware.
var withoutRow = []string{"auth.ErrConflict", "transport.ErrNotReplayable"}

// Every exported sentinel and every exported type of error is in the table's lists.
func TestErrorTableKnowsAllErrors(t *testing.T) {
	declared := regexp.MustCompile(
		`(?m)^(?:\t|var )(Err[A-Z]\w*) += errors\.New|^func \(\w+ (\*?[A-Z]\w+)\) Error\(\) string`)
	for dir, prefix := range map[string]string{
		"../..": "", "../../resources": "resources.", "../../auth": "auth.", "../../auth/token": "auth.",
		"../../middleware": "middleware.", "../../transport": "transport.",
	} {
		for _, found := range declared.FindAllStringSubmatch(goSource(t, dir), -1) {
			name := found[1]
			if found[2] != "" {
				name = found[2]
			}
			short := strings.TrimPrefix(name, "*")
			same := func(listed string) bool {
				listed = strings.TrimPrefix(listed, "*")
				return listed == prefix+short || listed == short ||
					listed == map[string]string{"ErrLimited": "ErrRateLimited", "ErrExhausted": "ErrQuotaExceeded"}[short]
			}
			inSentinels := slices.ContainsFunc(sentinels, func(s struct {
				name string
				err  error
			}) bool {
				return same(s.name)
			})
			inKinds := slices.ContainsFunc(kinds, func(k struct {
				name string
				in   func(error) bool
			}) bool {
				return same(k.name)
			})
			if !inSentinels && !inKinds {
				t.Errorf("%s%s is not in the table", prefix, name)
			}
		}
	}
}

// goSource returns the text of a package's files, without its tests.
func goSource(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	for _, file := range goFiles(t, dir) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func goFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(dir, err)
	}
	return slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
}

// Every place that refuses an argument with a text of its own has a row.
func TestErrorTableHasEveryArgument(t *testing.T) {
	table, err := os.ReadFile(errorsFile)
	if err != nil {
		t.Fatal(err)
	}
	verb := regexp.MustCompile(`%(\\\[1\\\])?[a-z]`)
	places := 0
	for _, dir := range []string{"../..", "../../resources", "../../auth", "../../auth/token", "../../middleware"} {
		for _, file := range goFiles(t, dir) {
			fset := token.NewFileSet()
			parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				callee, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || fmt.Sprint(callee.X) != "argument" || callee.Sel.Name == "Pasted" {
					return true
				}
				want := ""
				for _, arg := range call.Args {
					if text := literal(arg); text != "" && text != "%s" {
						want = text
					}
				}
				places++
				pattern := verb.ReplaceAllString(regexp.QuoteMeta(strings.ReplaceAll(want, "`", "'")), ".*")
				if want != "" && !regexp.MustCompile(pattern).Match(table) {
					t.Errorf("%v: no row has the text %q", fset.Position(call.Pos()), want)
				}
				return true
			})
		}
	}
	if places < 60 {
		t.Errorf("found only %d places", places)
	}
}

// literal returns the text of a string literal, or of several that are added.
func literal(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(expr.Value)
		return text
	case *ast.BinaryExpr:
		return literal(expr.X) + literal(expr.Y)
	case *ast.Ident:
		return "%s"
	}
	return ""
}

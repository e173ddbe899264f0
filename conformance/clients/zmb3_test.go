//go:build clients

package clients

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	zmb3 "github.com/zmb3/spotify/v2"
	spotifyauth "github.com/zmb3/spotify/v2/auth"
	"golang.org/x/oauth2"
)

// runZMB3 makes the calls of github.com/zmb3/spotify/v2, whose users pass it a client of x/oauth2.
func runZMB3(retry bool) func(t *testing.T, r *recorder, stories bool) {
	return func(t *testing.T, r *recorder, stories bool) {
		ctx := context.WithValue(t.Context(), oauth2.HTTPClient, redirecting(r.url))
		anybody := oauth2.NewClient(ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "any"}))
		api := zmb3.New(anybody, zmb3.WithBaseURL(r.url+"/v1/"), zmb3.WithRetry(retry))
		if stories {
			runZMB3Stories(ctx, r, api)
			return
		}
		methods := reflect.TypeOf(api)
		for i := range methods.NumMethod() {
			r.methods = append(r.methods, methods.Method(i).Name)
		}
		authenticator := reflect.TypeFor[spotifyauth.Authenticator]()
		for i := range authenticator.NumMethod() {
			r.methods = append(r.methods, "Authenticator."+authenticator.Method(i).Name)
		}
		for _, c := range zmb3Calls(ctx, api) {
			r.start(&call{Method: c.method, Note: c.note, Local: c.local})
			r.finish(c.run())
		}
	}
}

// redirecting returns an HTTP client whose requests to Spotify's Accounts service go to address.
func redirecting(address string) *http.Client {
	to, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return &http.Client{
		Timeout: 20 * time.Second,
		Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			if req.URL.Host == "accounts.spotify.com" {
				req = req.Clone(req.Context())
				req.URL.Scheme, req.URL.Host, req.Host = to.Scheme, to.Host, to.Host
			}
			return direct.RoundTrip(req)
		}),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// callback logs the user in at an authorization page, and returns the request that the app gets.
func callback(ctx context.Context, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := ctx.Value(oauth2.HTTPClient).(*http.Client).Do(req)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		return nil, err
	}
	return &http.Request{Method: http.MethodGet, URL: to}, nil
}

func newAuthenticator() *spotifyauth.Authenticator {
	return spotifyauth.New(
		spotifyauth.WithClientID("app"),
		spotifyauth.WithClientSecret("secret"),
		spotifyauth.WithRedirectURL(
			ids["redirect"],
		),
		spotifyauth.WithScopes(spotifyauth.ScopeUserReadPrivate),
	)
}

// loginZMB3 logs in as the package's README does.
func loginZMB3(ctx context.Context, a *spotifyauth.Authenticator) (*oauth2.Token, error) {
	req, err := callback(ctx, a.AuthURL("state"))
	if err != nil {
		return nil, err
	}
	return a.Token(ctx, "state", req)
}

// runZMB3Stories runs the stories.
func runZMB3Stories(ctx context.Context, r *recorder, api *zmb3.Client) {
	album := func() (any, error) {
		ctx, cancel := context.WithTimeout(ctx, 8*time.Second) // WithRetry does not stop by itself
		defer cancel()
		album, err := api.GetAlbum(ctx, zmb3.ID(ids["album"]))
		return says("returns the album", err == nil && string(album.ID) == ids["album"]), err
	}
	story := func(name string, run func() (any, error)) {
		r.start(&call{Method: name})
		r.finish(run())
	}
	story("refresh", func() (any, error) {
		a := newAuthenticator()
		token, err := loginZMB3(ctx, a)
		if err != nil {
			return nil, err
		}
		client := zmb3.New(a.Client(ctx, token), zmb3.WithBaseURL(r.url+"/v1/"))
		for range 2 {
			if _, err := client.CurrentUser(ctx); err != nil {
				return nil, err
			}
		}
		return "stays logged in", nil
	})
	story("rateLimited", album)
	story("quota", album)
	story("quota403", album)
	story("unauthorized", func() (any, error) {
		state, err := api.PlayerState(ctx)
		return says("returns the state", err == nil && state.Device.ID != ""), err
	})
	for _, s := range surfaces {
		story("items "+string(s), func() (any, error) {
			inList, inPage := "an error", "an error"
			if list, err := api.GetPlaylist(ctx, zmb3.ID(ids["playlist"])); err == nil {
				n := 0
				for _, item := range list.Tracks.Tracks {
					n += count(item.Track.URI != "")
				}
				inList = strconv.Itoa(n)
			}
			if page, err := api.GetPlaylistItems(ctx, zmb3.ID(ids["playlist"])); err == nil {
				n := 0
				for _, item := range page.Items {
					n += count(item.Track.Track != nil || item.Track.Episode != nil)
				}
				inPage = strconv.Itoa(n)
			}
			return inList + ", " + inPage, nil
		})
	}
}

func says(text string, ok bool) string {
	if !ok {
		return "returns something else"
	}
	return text
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// zmb3Call is a call in the table.
type zmb3Call struct {
	method, note string
	local        bool
	run          func() (any, error)
}

// zmb3Calls returns the table of calls, in the order in which they are made.
func zmb3Calls(x context.Context, c *zmb3.Client) []zmb3Call {
	var table []zmb3Call
	to := func(method string, run func() (any, error)) {
		table = append(table, zmb3Call{method: method, run: run})
	}
	do := func(method string, run func() error) {
		to(method, func() (any, error) { return nil, run() })
	}
	id := func(name string) zmb3.ID { return zmb3.ID(ids[name]) }
	track := zmb3.URI("spotify:track:" + ids["track"])
	device := id("device")
	only := &zmb3.PlayOptions{DeviceID: &device}
	limit := zmb3.Limit(5)

	to("GetAlbum", func() (any, error) { return c.GetAlbum(x, id("album"), zmb3.Market("SE")) })
	to("GetAlbums", func() (any, error) { return c.GetAlbums(x, []zmb3.ID{id("album")}) })
	to("GetAlbumTracks", func() (any, error) { return c.GetAlbumTracks(x, id("album"), limit) })
	to("NextPage", func() (any, error) {
		page, err := c.GetAlbumTracks(x, id("album"), limit)
		if err == nil {
			err = c.NextPage(x, page)
		}
		if err == nil && page.Offset != 5 {
			err = fmt.Errorf("offset %d", page.Offset)
		}
		return page, err
	})
	to("PreviousPage", func() (any, error) {
		page, err := c.GetAlbumTracks(x, id("album"), limit, zmb3.Offset(5))
		if err == nil {
			err = c.PreviousPage(x, page)
		}
		if err == nil && page.Offset != 0 {
			err = fmt.Errorf("offset %d", page.Offset)
		}
		return page, err
	})
	to("GetArtist", func() (any, error) { return c.GetArtist(x, id("artist")) })
	to("GetArtists", func() (any, error) { return c.GetArtists(x, id("artist")) })
	to("GetArtistsTopTracks", func() (any, error) { return c.GetArtistsTopTracks(x, id("artist"), "SE") })
	to("GetRelatedArtists", func() (any, error) { return c.GetRelatedArtists(x, id("artist")) })
	to("GetArtistAlbums", func() (any, error) {
		return c.GetArtistAlbums(
			x,
			id("artist"),
			[]zmb3.AlbumType{zmb3.AlbumTypeAlbum, zmb3.AlbumTypeSingle},
			limit,
		)
	})
	to("GetAudioAnalysis", func() (any, error) { return c.GetAudioAnalysis(x, id("track")) })
	to("GetAudioFeatures", func() (any, error) { return c.GetAudioFeatures(x, id("track")) })
	to("GetCategory", func() (any, error) { return c.GetCategory(x, ids["category"]) })
	to(
		"GetCategoryPlaylists",
		func() (any, error) { return c.GetCategoryPlaylists(x, ids["category"], limit) },
	)
	to("GetCategories", func() (any, error) { return c.GetCategories(x, limit) })
	to("NewReleases", func() (any, error) { return c.NewReleases(x, limit) })
	to("FeaturedPlaylists", func() (any, error) {
		_, page, err := c.FeaturedPlaylists(x, limit)
		return page, err
	})
	to("GetRecommendations", func() (any, error) {
		return c.GetRecommendations(
			x,
			zmb3.Seeds{Artists: []zmb3.ID{id("artist")}},
			zmb3.NewTrackAttributes().MinEnergy(0.1),
			limit,
		)
	})
	to("GetAvailableGenreSeeds", func() (any, error) { return c.GetAvailableGenreSeeds(x) })
	to("GetTrack", func() (any, error) { return c.GetTrack(x, id("track")) })
	to("GetTracks", func() (any, error) { return c.GetTracks(x, []zmb3.ID{id("track")}) })
	to("GetShow", func() (any, error) { return c.GetShow(x, id("show"), zmb3.Market("SE")) })
	to(
		"GetShowEpisodes",
		func() (any, error) { return c.GetShowEpisodes(x, ids["show"], limit, zmb3.Market("SE")) },
	)
	to("GetEpisode", func() (any, error) { return c.GetEpisode(x, ids["episode"], zmb3.Market("SE")) })
	to("GetUsersPublicProfile", func() (any, error) { return c.GetUsersPublicProfile(x, id("otherUser")) })
	to("CurrentUser", func() (any, error) { return c.CurrentUser(x) })
	to("Search", func() (any, error) {
		return c.Search(x, "Low Tide", zmb3.SearchTypeAlbum|zmb3.SearchTypeTrack, limit)
	})
	table = append(table, zmb3Searches(x, c)...)

	do("AddTracksToLibrary", func() error { return c.AddTracksToLibrary(x, id("track")) })
	to("UserHasTracks", func() (any, error) { return c.UserHasTracks(x, id("track")) })
	to("CurrentUsersTracks", func() (any, error) { return c.CurrentUsersTracks(x, limit) })
	do("RemoveTracksFromLibrary", func() error { return c.RemoveTracksFromLibrary(x, id("track")) })
	do("AddAlbumsToLibrary", func() error { return c.AddAlbumsToLibrary(x, id("album")) })
	to("UserHasAlbums", func() (any, error) { return c.UserHasAlbums(x, id("album")) })
	to("CurrentUsersAlbums", func() (any, error) { return c.CurrentUsersAlbums(x, limit) })
	do("RemoveAlbumsFromLibrary", func() error { return c.RemoveAlbumsFromLibrary(x, id("album")) })
	do("SaveShowsForCurrentUser", func() error {
		return c.SaveShowsForCurrentUser(x, []zmb3.ID{id("show")})
	})
	to("CurrentUsersShows", func() (any, error) { return c.CurrentUsersShows(x, limit) })
	to("CurrentUsersTopArtists", func() (any, error) { return c.CurrentUsersTopArtists(x, limit) })
	to("CurrentUsersTopTracks", func() (any, error) { return c.CurrentUsersTopTracks(x, limit) })
	do("FollowUser", func() error { return c.FollowUser(x, id("otherUser")) })
	do("FollowArtist", func() error { return c.FollowArtist(x, id("artist")) })
	to("CurrentUserFollows", func() (any, error) { return c.CurrentUserFollows(x, "artist", id("artist")) })
	to("CurrentUsersFollowedArtists", func() (any, error) { return c.CurrentUsersFollowedArtists(x, limit) })
	do("UnfollowUser", func() error { return c.UnfollowUser(x, id("otherUser")) })
	do("UnfollowArtist", func() error { return c.UnfollowArtist(x, id("artist")) })

	do("TransferPlayback", func() error { return c.TransferPlayback(x, device, true) })
	to("PlayOpt", func() (any, error) {
		album := zmb3.URI("spotify:album:" + ids["album"])
		return nil, c.PlayOpt(x, &zmb3.PlayOptions{DeviceID: &device, PlaybackContext: &album})
	})
	to("PlayerDevices", func() (any, error) { return c.PlayerDevices(x) })
	to("PlayerState", func() (any, error) { return c.PlayerState(x) })
	to("PlayerCurrentlyPlaying", func() (any, error) { return c.PlayerCurrentlyPlaying(x) })
	to("PlayerRecentlyPlayed", func() (any, error) { return c.PlayerRecentlyPlayed(x) })
	to("PlayerRecentlyPlayedOpt", func() (any, error) {
		return c.PlayerRecentlyPlayedOpt(x, &zmb3.RecentlyPlayedOptions{Limit: 5, AfterEpochMs: 1})
	})
	to("GetQueue", func() (any, error) { return c.GetQueue(x) })
	do("QueueSong", func() error { return c.QueueSong(x, id("track")) })
	do("QueueSongOpt", func() error { return c.QueueSongOpt(x, id("track"), only) })
	do("Next", func() error { return c.Next(x) })
	do("Previous", func() error { return c.Previous(x) })
	do("NextOpt", func() error { return c.NextOpt(x, only) })
	do("PreviousOpt", func() error { return c.PreviousOpt(x, only) })
	do("Seek", func() error { return c.Seek(x, 1000) })
	do("SeekOpt", func() error { return c.SeekOpt(x, 1000, only) })
	do("Repeat", func() error { return c.Repeat(x, "context") })
	do("RepeatOpt", func() error { return c.RepeatOpt(x, "context", only) })
	do("Volume", func() error { return c.Volume(x, 40) })
	do("VolumeOpt", func() error { return c.VolumeOpt(x, 40, only) })
	do("Shuffle", func() error { return c.Shuffle(x, false) })
	do("ShuffleOpt", func() error { return c.ShuffleOpt(x, false, only) })
	do("Pause", func() error { return c.Pause(x) })
	do("Play", func() error { return c.Play(x) })
	do("PauseOpt", func() error { return c.PauseOpt(x, only) })

	to(
		"GetPlaylistsForUser",
		func() (any, error) { return c.GetPlaylistsForUser(x, ids["otherUser"], limit) },
	)
	to("CurrentUsersPlaylists", func() (any, error) { return c.CurrentUsersPlaylists(x, limit) })
	to("GetPlaylist", func() (any, error) { return c.GetPlaylist(x, id("playlist")) })
	to("GetPlaylistTracks", func() (any, error) { return c.GetPlaylistTracks(x, id("playlist"), limit) })
	to("GetPlaylistItems", func() (any, error) { return c.GetPlaylistItems(x, id("playlist"), limit) })
	to("CreatePlaylistForUser", func() (any, error) {
		return c.CreatePlaylistForUser(x, ids["user"], "New", "About", false, false)
	})
	do("ChangePlaylistName", func() error { return c.ChangePlaylistName(x, id("playlist"), "Tides") })
	do("ChangePlaylistAccess", func() error { return c.ChangePlaylistAccess(x, id("playlist"), true) })
	do("ChangePlaylistDescription", func() error {
		return c.ChangePlaylistDescription(x, id("playlist"), "About")
	})
	do("ChangePlaylistNameAndAccess", func() error {
		return c.ChangePlaylistNameAndAccess(x, id("playlist"), "Tides", true)
	})
	do("ChangePlaylistNameAccessAndDescription", func() error {
		return c.ChangePlaylistNameAccessAndDescription(x, id("playlist"), "Tides", "About", true)
	})
	to(
		"AddTracksToPlaylist",
		func() (any, error) { return c.AddTracksToPlaylist(x, id("playlist"), id("track")) },
	)
	to("ReorderPlaylistTracks", func() (any, error) {
		return c.ReorderPlaylistTracks(x, id("playlist"), zmb3.PlaylistReorderOptions{InsertBefore: 2})
	})
	to("RemoveTracksFromPlaylist", func() (any, error) {
		return c.RemoveTracksFromPlaylist(x, id("playlist"), id("track"))
	})
	to("RemoveTracksFromPlaylistOpt", func() (any, error) {
		return c.RemoveTracksFromPlaylistOpt(
			x,
			id("playlist"),
			[]zmb3.TrackToRemove{zmb3.NewTrackToRemove(ids["track"], []int{0})},
			"",
		)
	})
	do("ReplacePlaylistTracks", func() error {
		return c.ReplacePlaylistTracks(x, id("playlist"), id("track"))
	})
	to(
		"ReplacePlaylistItems",
		func() (any, error) { return c.ReplacePlaylistItems(x, id("playlist"), track) },
	)
	do("SetPlaylistImage", func() error {
		return c.SetPlaylistImage(x, id("playlist"), bytes.NewReader(picture()))
	})
	do("FollowPlaylist", func() error { return c.FollowPlaylist(x, id("otherPlaylist"), true) })
	to("UserFollowsPlaylist", func() (any, error) {
		return c.UserFollowsPlaylist(x, id("otherPlaylist"), ids["user"])
	})
	do("UnfollowPlaylist", func() error { return c.UnfollowPlaylist(x, id("otherPlaylist")) })

	local := func(method string, run func() (any, error)) {
		table = append(table, zmb3Call{method: method, local: true, run: run})
	}
	local("Token", func() (any, error) { return c.Token() })
	local("Authenticator.AuthURL", func() (any, error) { return newAuthenticator().AuthURL("state"), nil })
	to("Authenticator.Token", func() (any, error) { return loginZMB3(x, newAuthenticator()) })
	to("Authenticator.Exchange", func() (any, error) {
		a := newAuthenticator()
		req, err := callback(x, a.AuthURL("state"))
		if err != nil {
			return nil, err
		}
		return a.Exchange(x, req.URL.Query().Get("code"))
	})
	to("Authenticator.RefreshToken", func() (any, error) {
		a := newAuthenticator()
		token, err := loginZMB3(x, a)
		if err != nil {
			return nil, err
		}
		token.Expiry = time.Now().Add(-time.Hour)
		renewed, err := a.RefreshToken(x, token)
		if err == nil && renewed.AccessToken == token.AccessToken {
			err = errors.New("the same token")
		}
		return renewed, err
	})
	to("Authenticator.Client", func() (any, error) {
		a := newAuthenticator()
		token, err := loginZMB3(x, a)
		if err != nil {
			return nil, err
		}
		resp, err := a.Client(x, token).Get("https://accounts.spotify.com/v1/me")
		if err != nil {
			return nil, err
		}
		return "ok", resp.Body.Close()
	})
	return table
}

// zmb3Searches returns the calls of the methods that page through search results.
func zmb3Searches(x context.Context, c *zmb3.Client) []zmb3Call {
	kinds := map[string]zmb3.SearchType{
		"Artist": zmb3.SearchTypeArtist, "Album": zmb3.SearchTypeAlbum, "Playlist": zmb3.SearchTypePlaylist,
		"Track": zmb3.SearchTypeTrack, "Show": zmb3.SearchTypeShow, "Episode": zmb3.SearchTypeEpisode,
	}
	queries := map[string]string{"Show": "t", "Playlist": "the"} // which match two at least
	var table []zmb3Call
	for _, kind := range strings.Fields("Artist Album Playlist Track Show Episode") {
		for _, direction := range []string{"Next", "Previous"} {
			method := direction + kind + "Results"
			table = append(table, zmb3Call{method: method, run: func() (any, error) {
				offset := 0
				if direction == "Previous" {
					offset = 1
				}
				found, err := c.Search(
					x,
					cmp.Or(queries[kind], "ti"),
					kinds[kind],
					zmb3.Limit(1),
					zmb3.Offset(offset),
					zmb3.Market("SE"),
				)
				if err != nil {
					return nil, err
				}
				out := reflect.ValueOf(c).
					MethodByName(method).
					Call([]reflect.Value{reflect.ValueOf(x), reflect.ValueOf(found)})
				err, _ = out[0].Interface().(error)
				return found, err
			}})
		}
	}
	return table
}

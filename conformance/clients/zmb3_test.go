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
			tellZMB3(ctx, r, api)
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
		for _, c := range zmb3Calls() {
			r.start(&call{Method: c.method, Note: c.note, Local: c.local})
			r.finish(c.run(ctx, api))
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
	return spotifyauth.New(spotifyauth.WithClientID("app"), spotifyauth.WithClientSecret("secret"),
		spotifyauth.WithRedirectURL(ids["redirect"]), spotifyauth.WithScopes(spotifyauth.ScopeUserReadPrivate))
}

// loginZMB3 logs in as the package's README does.
func loginZMB3(ctx context.Context, a *spotifyauth.Authenticator) (*oauth2.Token, error) {
	req, err := callback(ctx, a.AuthURL("state"))
	if err != nil {
		return nil, err
	}
	return a.Token(ctx, "state", req)
}

// tellZMB3 tells the stories.
func tellZMB3(ctx context.Context, r *recorder, api *zmb3.Client) {
	album := func() (any, error) {
		ctx, cancel := context.WithTimeout(ctx, 8*time.Second) // WithRetry does not stop by itself
		defer cancel()
		album, err := api.GetAlbum(ctx, zmb3.ID(ids["album"]))
		return says("returns the album", err == nil && string(album.ID) == ids["album"]), err
	}
	tell := func(name string, run func() (any, error)) {
		r.start(&call{Method: name})
		r.finish(run())
	}
	tell("refresh", func() (any, error) {
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
	tell("rateLimited", album)
	tell("quota", album)
	tell("quota403", album)
	tell("unauthorized", func() (any, error) {
		state, err := api.PlayerState(ctx)
		return says("returns the state", err == nil && state.Device.ID != ""), err
	})
	for _, s := range surfaces {
		tell("items "+string(s), func() (any, error) {
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
	run          func(context.Context, *zmb3.Client) (any, error)
}

// zmb3Calls returns the table of calls, in the order in which they are made.
func zmb3Calls() []zmb3Call {
	var table []zmb3Call
	to := func(method string, run func(ctx context.Context, c *zmb3.Client) (any, error)) {
		table = append(table, zmb3Call{method: method, run: run})
	}
	type ctx = context.Context
	type client = *zmb3.Client
	id := func(name string) zmb3.ID { return zmb3.ID(ids[name]) }
	track := zmb3.URI("spotify:track:" + ids["track"])
	device := id("device")
	only := &zmb3.PlayOptions{DeviceID: &device}
	limit := zmb3.Limit(5)

	to("GetAlbum", func(x ctx, c client) (any, error) { return c.GetAlbum(x, id("album"), zmb3.Market("SE")) })
	to("GetAlbums", func(x ctx, c client) (any, error) { return c.GetAlbums(x, []zmb3.ID{id("album")}) })
	to("GetAlbumTracks", func(x ctx, c client) (any, error) { return c.GetAlbumTracks(x, id("album"), limit) })
	to("NextPage", func(x ctx, c client) (any, error) {
		page, err := c.GetAlbumTracks(x, id("album"), limit)
		if err == nil {
			err = c.NextPage(x, page)
		}
		if err == nil && page.Offset != 5 {
			err = fmt.Errorf("offset %d", page.Offset)
		}
		return page, err
	})
	to("PreviousPage", func(x ctx, c client) (any, error) {
		page, err := c.GetAlbumTracks(x, id("album"), limit, zmb3.Offset(5))
		if err == nil {
			err = c.PreviousPage(x, page)
		}
		if err == nil && page.Offset != 0 {
			err = fmt.Errorf("offset %d", page.Offset)
		}
		return page, err
	})
	to("GetArtist", func(x ctx, c client) (any, error) { return c.GetArtist(x, id("artist")) })
	to("GetArtists", func(x ctx, c client) (any, error) { return c.GetArtists(x, id("artist")) })
	to("GetArtistsTopTracks", func(x ctx, c client) (any, error) { return c.GetArtistsTopTracks(x, id("artist"), "SE") })
	to("GetRelatedArtists", func(x ctx, c client) (any, error) { return c.GetRelatedArtists(x, id("artist")) })
	to("GetArtistAlbums", func(x ctx, c client) (any, error) {
		return c.GetArtistAlbums(x, id("artist"), []zmb3.AlbumType{zmb3.AlbumTypeAlbum, zmb3.AlbumTypeSingle}, limit)
	})
	to("GetAudioAnalysis", func(x ctx, c client) (any, error) { return c.GetAudioAnalysis(x, id("track")) })
	to("GetAudioFeatures", func(x ctx, c client) (any, error) { return c.GetAudioFeatures(x, id("track")) })
	to("GetCategory", func(x ctx, c client) (any, error) { return c.GetCategory(x, ids["category"]) })
	to("GetCategoryPlaylists", func(x ctx, c client) (any, error) { return c.GetCategoryPlaylists(x, ids["category"], limit) })
	to("GetCategories", func(x ctx, c client) (any, error) { return c.GetCategories(x, limit) })
	to("NewReleases", func(x ctx, c client) (any, error) { return c.NewReleases(x, limit) })
	to("FeaturedPlaylists", func(x ctx, c client) (any, error) {
		_, page, err := c.FeaturedPlaylists(x, limit)
		return page, err
	})
	to("GetRecommendations", func(x ctx, c client) (any, error) {
		return c.GetRecommendations(x, zmb3.Seeds{Artists: []zmb3.ID{id("artist")}}, zmb3.NewTrackAttributes().MinEnergy(0.1), limit)
	})
	to("GetAvailableGenreSeeds", func(x ctx, c client) (any, error) { return c.GetAvailableGenreSeeds(x) })
	to("GetTrack", func(x ctx, c client) (any, error) { return c.GetTrack(x, id("track")) })
	to("GetTracks", func(x ctx, c client) (any, error) { return c.GetTracks(x, []zmb3.ID{id("track")}) })
	to("GetShow", func(x ctx, c client) (any, error) { return c.GetShow(x, id("show"), zmb3.Market("SE")) })
	to("GetShowEpisodes", func(x ctx, c client) (any, error) { return c.GetShowEpisodes(x, ids["show"], limit, zmb3.Market("SE")) })
	to("GetEpisode", func(x ctx, c client) (any, error) { return c.GetEpisode(x, ids["episode"], zmb3.Market("SE")) })
	to("GetUsersPublicProfile", func(x ctx, c client) (any, error) { return c.GetUsersPublicProfile(x, id("otherUser")) })
	to("CurrentUser", func(x ctx, c client) (any, error) { return c.CurrentUser(x) })
	to("Search", func(x ctx, c client) (any, error) {
		return c.Search(x, "Low Tide", zmb3.SearchTypeAlbum|zmb3.SearchTypeTrack, limit)
	})
	table = append(table, zmb3Searches()...)

	to("AddTracksToLibrary", func(x ctx, c client) (any, error) { return nil, c.AddTracksToLibrary(x, id("track")) })
	to("UserHasTracks", func(x ctx, c client) (any, error) { return c.UserHasTracks(x, id("track")) })
	to("CurrentUsersTracks", func(x ctx, c client) (any, error) { return c.CurrentUsersTracks(x, limit) })
	to("RemoveTracksFromLibrary", func(x ctx, c client) (any, error) { return nil, c.RemoveTracksFromLibrary(x, id("track")) })
	to("AddAlbumsToLibrary", func(x ctx, c client) (any, error) { return nil, c.AddAlbumsToLibrary(x, id("album")) })
	to("UserHasAlbums", func(x ctx, c client) (any, error) { return c.UserHasAlbums(x, id("album")) })
	to("CurrentUsersAlbums", func(x ctx, c client) (any, error) { return c.CurrentUsersAlbums(x, limit) })
	to("RemoveAlbumsFromLibrary", func(x ctx, c client) (any, error) { return nil, c.RemoveAlbumsFromLibrary(x, id("album")) })
	to("SaveShowsForCurrentUser", func(x ctx, c client) (any, error) {
		return nil, c.SaveShowsForCurrentUser(x, []zmb3.ID{id("show")})
	})
	to("CurrentUsersShows", func(x ctx, c client) (any, error) { return c.CurrentUsersShows(x, limit) })
	to("CurrentUsersTopArtists", func(x ctx, c client) (any, error) { return c.CurrentUsersTopArtists(x, limit) })
	to("CurrentUsersTopTracks", func(x ctx, c client) (any, error) { return c.CurrentUsersTopTracks(x, limit) })
	to("FollowUser", func(x ctx, c client) (any, error) { return nil, c.FollowUser(x, id("otherUser")) })
	to("FollowArtist", func(x ctx, c client) (any, error) { return nil, c.FollowArtist(x, id("artist")) })
	to("CurrentUserFollows", func(x ctx, c client) (any, error) { return c.CurrentUserFollows(x, "artist", id("artist")) })
	to("CurrentUsersFollowedArtists", func(x ctx, c client) (any, error) { return c.CurrentUsersFollowedArtists(x, limit) })
	to("UnfollowUser", func(x ctx, c client) (any, error) { return nil, c.UnfollowUser(x, id("otherUser")) })
	to("UnfollowArtist", func(x ctx, c client) (any, error) { return nil, c.UnfollowArtist(x, id("artist")) })

	to("TransferPlayback", func(x ctx, c client) (any, error) { return nil, c.TransferPlayback(x, device, true) })
	to("PlayOpt", func(x ctx, c client) (any, error) {
		album := zmb3.URI("spotify:album:" + ids["album"])
		return nil, c.PlayOpt(x, &zmb3.PlayOptions{DeviceID: &device, PlaybackContext: &album})
	})
	to("PlayerDevices", func(x ctx, c client) (any, error) { return c.PlayerDevices(x) })
	to("PlayerState", func(x ctx, c client) (any, error) { return c.PlayerState(x) })
	to("PlayerCurrentlyPlaying", func(x ctx, c client) (any, error) { return c.PlayerCurrentlyPlaying(x) })
	to("PlayerRecentlyPlayed", func(x ctx, c client) (any, error) { return c.PlayerRecentlyPlayed(x) })
	to("PlayerRecentlyPlayedOpt", func(x ctx, c client) (any, error) {
		return c.PlayerRecentlyPlayedOpt(x, &zmb3.RecentlyPlayedOptions{Limit: 5, AfterEpochMs: 1})
	})
	to("GetQueue", func(x ctx, c client) (any, error) { return c.GetQueue(x) })
	to("QueueSong", func(x ctx, c client) (any, error) { return nil, c.QueueSong(x, id("track")) })
	to("QueueSongOpt", func(x ctx, c client) (any, error) { return nil, c.QueueSongOpt(x, id("track"), only) })
	to("Next", func(x ctx, c client) (any, error) { return nil, c.Next(x) })
	to("Previous", func(x ctx, c client) (any, error) { return nil, c.Previous(x) })
	to("NextOpt", func(x ctx, c client) (any, error) { return nil, c.NextOpt(x, only) })
	to("PreviousOpt", func(x ctx, c client) (any, error) { return nil, c.PreviousOpt(x, only) })
	to("Seek", func(x ctx, c client) (any, error) { return nil, c.Seek(x, 1000) })
	to("SeekOpt", func(x ctx, c client) (any, error) { return nil, c.SeekOpt(x, 1000, only) })
	to("Repeat", func(x ctx, c client) (any, error) { return nil, c.Repeat(x, "context") })
	to("RepeatOpt", func(x ctx, c client) (any, error) { return nil, c.RepeatOpt(x, "context", only) })
	to("Volume", func(x ctx, c client) (any, error) { return nil, c.Volume(x, 40) })
	to("VolumeOpt", func(x ctx, c client) (any, error) { return nil, c.VolumeOpt(x, 40, only) })
	to("Shuffle", func(x ctx, c client) (any, error) { return nil, c.Shuffle(x, false) })
	to("ShuffleOpt", func(x ctx, c client) (any, error) { return nil, c.ShuffleOpt(x, false, only) })
	to("Pause", func(x ctx, c client) (any, error) { return nil, c.Pause(x) })
	to("Play", func(x ctx, c client) (any, error) { return nil, c.Play(x) })
	to("PauseOpt", func(x ctx, c client) (any, error) { return nil, c.PauseOpt(x, only) })

	to("GetPlaylistsForUser", func(x ctx, c client) (any, error) { return c.GetPlaylistsForUser(x, ids["otherUser"], limit) })
	to("CurrentUsersPlaylists", func(x ctx, c client) (any, error) { return c.CurrentUsersPlaylists(x, limit) })
	to("GetPlaylist", func(x ctx, c client) (any, error) { return c.GetPlaylist(x, id("playlist")) })
	to("GetPlaylistTracks", func(x ctx, c client) (any, error) { return c.GetPlaylistTracks(x, id("playlist"), limit) })
	to("GetPlaylistItems", func(x ctx, c client) (any, error) { return c.GetPlaylistItems(x, id("playlist"), limit) })
	to("CreatePlaylistForUser", func(x ctx, c client) (any, error) {
		return c.CreatePlaylistForUser(x, ids["user"], "New", "About", false, false)
	})
	to("ChangePlaylistName", func(x ctx, c client) (any, error) { return nil, c.ChangePlaylistName(x, id("playlist"), "Tides") })
	to("ChangePlaylistAccess", func(x ctx, c client) (any, error) { return nil, c.ChangePlaylistAccess(x, id("playlist"), true) })
	to("ChangePlaylistDescription", func(x ctx, c client) (any, error) {
		return nil, c.ChangePlaylistDescription(x, id("playlist"), "About")
	})
	to("ChangePlaylistNameAndAccess", func(x ctx, c client) (any, error) {
		return nil, c.ChangePlaylistNameAndAccess(x, id("playlist"), "Tides", true)
	})
	to("ChangePlaylistNameAccessAndDescription", func(x ctx, c client) (any, error) {
		return nil, c.ChangePlaylistNameAccessAndDescription(x, id("playlist"), "Tides", "About", true)
	})
	to("AddTracksToPlaylist", func(x ctx, c client) (any, error) { return c.AddTracksToPlaylist(x, id("playlist"), id("track")) })
	to("ReorderPlaylistTracks", func(x ctx, c client) (any, error) {
		return c.ReorderPlaylistTracks(x, id("playlist"), zmb3.PlaylistReorderOptions{InsertBefore: 2})
	})
	to("RemoveTracksFromPlaylist", func(x ctx, c client) (any, error) {
		return c.RemoveTracksFromPlaylist(x, id("playlist"), id("track"))
	})
	to("RemoveTracksFromPlaylistOpt", func(x ctx, c client) (any, error) {
		return c.RemoveTracksFromPlaylistOpt(x, id("playlist"), []zmb3.TrackToRemove{zmb3.NewTrackToRemove(ids["track"], []int{0})}, "")
	})
	to("ReplacePlaylistTracks", func(x ctx, c client) (any, error) {
		return nil, c.ReplacePlaylistTracks(x, id("playlist"), id("track"))
	})
	to("ReplacePlaylistItems", func(x ctx, c client) (any, error) { return c.ReplacePlaylistItems(x, id("playlist"), track) })
	to("SetPlaylistImage", func(x ctx, c client) (any, error) {
		return nil, c.SetPlaylistImage(x, id("playlist"), bytes.NewReader(picture()))
	})
	to("FollowPlaylist", func(x ctx, c client) (any, error) { return nil, c.FollowPlaylist(x, id("otherPlaylist"), true) })
	to("UserFollowsPlaylist", func(x ctx, c client) (any, error) {
		return c.UserFollowsPlaylist(x, id("otherPlaylist"), ids["user"])
	})
	to("UnfollowPlaylist", func(x ctx, c client) (any, error) { return nil, c.UnfollowPlaylist(x, id("otherPlaylist")) })

	local := func(method string, run func(ctx, client) (any, error)) {
		table = append(table, zmb3Call{method: method, local: true, run: run})
	}
	local("Token", func(_ ctx, c client) (any, error) { return c.Token() })
	local("Authenticator.AuthURL", func(ctx, client) (any, error) { return newAuthenticator().AuthURL("state"), nil })
	to("Authenticator.Token", func(x ctx, _ client) (any, error) { return loginZMB3(x, newAuthenticator()) })
	to("Authenticator.Exchange", func(x ctx, _ client) (any, error) {
		a := newAuthenticator()
		req, err := callback(x, a.AuthURL("state"))
		if err != nil {
			return nil, err
		}
		return a.Exchange(x, req.URL.Query().Get("code"))
	})
	to("Authenticator.RefreshToken", func(x ctx, _ client) (any, error) {
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
	to("Authenticator.Client", func(x ctx, _ client) (any, error) {
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
func zmb3Searches() []zmb3Call {
	kinds := map[string]zmb3.SearchType{
		"Artist": zmb3.SearchTypeArtist, "Album": zmb3.SearchTypeAlbum, "Playlist": zmb3.SearchTypePlaylist,
		"Track": zmb3.SearchTypeTrack, "Show": zmb3.SearchTypeShow, "Episode": zmb3.SearchTypeEpisode,
	}
	queries := map[string]string{"Show": "t", "Playlist": "the"} // which match two at least
	var table []zmb3Call
	for _, kind := range strings.Fields("Artist Album Playlist Track Show Episode") {
		for _, direction := range []string{"Next", "Previous"} {
			method := direction + kind + "Results"
			table = append(table, zmb3Call{method: method, run: func(x context.Context, c *zmb3.Client) (any, error) {
				offset := 0
				if direction == "Previous" {
					offset = 1
				}
				found, err := c.Search(x, cmp.Or(queries[kind], "ti"), kinds[kind], zmb3.Limit(1), zmb3.Offset(offset), zmb3.Market("SE"))
				if err != nil {
					return nil, err
				}
				out := reflect.ValueOf(c).MethodByName(method).Call([]reflect.Value{reflect.ValueOf(x), reflect.ValueOf(found)})
				err, _ = out[0].Interface().(error)
				return found, err
			}})
		}
	}
	return table
}

package mock_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

// impatient retries at once, for examples in real time; in a synctest bubble waiting takes no time.
var impatient = spotify.WithRetry(middleware.RetryConfig{InitialDelay: time.Millisecond, MaxDelay: time.Millisecond})

// In a test, pass its t instead of nil: the test then fails on a request that is not in the API
// reference.
func Example() {
	client, fake := mock.NewClient(nil)
	defer client.Close()

	album, err := client.Albums.Get(context.Background(), mock.AlbumID, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s by %s, %d tracks\n", album.Name, album.Artists[0].Name, album.TotalTracks)

	for _, call := range fake.Calls("GET", "/albums/{id}") {
		fmt.Println(call.Method, call.Path, call.Status)
	}
	// Output:
	// Harbour Lights by The Paper Lanterns, 12 tracks
	// GET /albums/4Qv2mWcJ8dTtYb1RkXz6Ln 200
}

// A 429 with a short Retry-After is retried after that time. A Retry-After of many hours is
// returned as an error at once.
func ExampleRule_RateLimited() {
	client, fake := mock.NewClient(nil, impatient)
	defer client.Close()
	ctx := context.Background()

	fake.On("GET", "/tracks/{id}").Times(1).RateLimited(0)
	track, err := client.Tracks.Get(ctx, mock.TrackID, nil)
	fmt.Println(track.Name, err)
	for _, call := range fake.Calls("GET", "/tracks/{id}") {
		fmt.Println(call.Status)
	}

	fake.On("GET", "/tracks/{id}").RateLimited(22 * time.Hour)
	_, err = client.Tracks.Get(ctx, mock.TrackID, nil)
	if limited, ok := errors.AsType[*spotify.Error](err); ok {
		fmt.Println(errors.Is(err, spotify.ErrRateLimited), limited.RetryAfter)
	}
	// Output:
	// Low Tide <nil>
	// 429
	// 200
	// true 22h0m0s
}

// An error as Spotify sends it: a user without Premium cannot control the player.
func ExampleRule_Error() {
	client, fake := mock.NewClient(nil)
	defer client.Close()

	fake.On("PUT", "/me/player/pause").Error(403, "PREMIUM_REQUIRED")
	err := client.Player.Pause(context.Background(), nil)
	if refused, ok := errors.AsType[*spotify.Error](err); ok {
		fmt.Println(refused.Status, refused.Reason, refused.Message)
	}
	// Output:
	// 403 PREMIUM_REQUIRED Player command failed: Premium required
}

// The token expires between two calls: the client fetches another token and replays the second
// call.
func ExampleTransport_ExpireTokens() {
	client, fake := mock.NewClient(nil, spotify.WithClientCredentials("id", "secret"))
	defer client.Close()

	for range 2 {
		if _, err := client.Artists.Get(context.Background(), mock.ArtistID); err != nil {
			fmt.Println(err)
		}
		fake.ExpireTokens()
	}
	for _, call := range fake.Calls("", "") {
		fmt.Println(call.Method, call.Route, call.Status)
	}
	// Output:
	// POST /api/token 200
	// GET /artists/{id} 200
	// GET /artists/{id} 401
	// POST /api/token 200
	// GET /artists/{id} 200
}

// The fake keeps the changes of requests.
func Example_state() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()

	playlist, err := client.Playlists.Create(ctx, &resources.CreatePlaylistParams{Name: "Road trip"})
	if err != nil {
		fmt.Println(err)
		return
	}
	uri := "spotify:track:" + mock.TrackID
	if _, err := client.Playlists.AddItems(ctx, playlist.ID, []string{uri, "spotify:episode:" + mock.EpisodeID, uri},
		nil); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Playlists.RemoveItems(ctx, playlist.ID, []string{uri}, nil); err != nil {
		fmt.Println(err)
		return
	}
	for item, err := range client.Playlists.AllItems(ctx, playlist.ID, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(item.Item.Episode.Name)
	}
	// Output:
	// 240: The Radio in the Lighthouse
}

// A client lists all episodes although the fake injects faults: it gets every episode, and gets it
// once.
func ExampleChaos() {
	faults := mock.Chaos(8)
	faults.MaxLatency, faults.ErrorRate = 0, 0.13
	fake := mock.New(nil, mock.WithFaults(faults))
	client := fake.NewClient(impatient)
	defer client.Close()

	episodes := 0
	for _, err := range client.Shows.AllEpisodes(context.Background(), mock.ShowID, &resources.PageParams{Limit: 10}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		episodes++
	}
	fmt.Println(episodes, "episodes")
	fmt.Println("troubled:", client.Stats().Retries > 0)
	// Output:
	// 240 episodes
	// troubled: true
}

// Fields that are left out get defaults, which are the same in every run.
func ExampleWithCatalogue() {
	c := catalogue.New()
	album := c.AddAlbum(catalogue.Album{
		Name:    "Two Songs",
		Artists: []string{"Ada Quill"},
		Tracks: []catalogue.Track{
			{Name: "Everywhere", Duration: 3 * time.Minute},
			{Name: "Germany only", Duration: 200 * time.Second, Markets: []string{"DE"}},
		},
	})
	client := mock.New(nil, mock.WithCatalogue(c)).NewClient()
	defer client.Close()

	for track, err := range client.Albums.AllTracks(context.Background(), album, &resources.PageParams{Market: "SE"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(track.TrackNumber, track.Name, track.Duration(), "plays:", *track.IsPlayable)
	}
	// Output:
	// 1 Everywhere 3m0s plays: true
	// 2 Germany only 3m20s plays: false
}

// Apps with extended quota have more operations and fields than apps in development mode.
func ExampleWithExtendedQuota() {
	for _, option := range []mock.Option{mock.WithDevelopmentMode(), mock.WithExtendedQuota()} {
		client := mock.New(nil, option).NewClient()
		artist, err := client.Artists.Get(context.Background(), mock.ArtistID)
		if err != nil {
			fmt.Println(err)
			return
		}
		err = client.Do(context.Background(), "GET", "/browse/categories", nil, nil, nil)
		fmt.Println(
			"followers:",
			artist.Followers.Total != nil,
			"categories forbidden:",
			errors.Is(err, spotify.ErrForbidden),
		)
		_ = client.Close()
	}
	// Output:
	// followers: false categories forbidden: true
	// followers: true categories forbidden: false
}

// Any HTTP client can meet the limit of a sliding window.
func ExampleWithRateLimit() {
	hc := &http.Client{Transport: mock.New(nil, mock.WithRateLimit(2, 30*time.Second))}
	for range 3 {
		req, err := http.NewRequest("GET", "https://api.spotify.com/v1/tracks/"+mock.TrackID, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Authorization", "Bearer any")
		resp, err := hc.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = resp.Body.Close()
		fmt.Println(resp.StatusCode, resp.Header.Get("Retry-After") != "")
	}
	// Output:
	// 200 false
	// 200 false
	// 429 true
}

// NewServer serves the fake over a socket, for programs in other languages or other processes.
func ExampleNewServer() {
	server := mock.NewServer(nil)
	defer server.Close()

	req, err := http.NewRequest("GET", server.BaseURL+"/artists/"+mock.ArtistID, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Authorization", "Bearer any")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(resp.Status, len(body) > 0, err)
	// Output:
	// 200 OK true <nil>
}

// Rules take the matchers and responders of package httpmock.
func ExampleRule_Match() {
	fake := mock.New(nil)
	fake.On("PUT", "/playlists/{id}/items").
		Match(httpmock.BodyContainsString(`"range_start"`)).
		With(httpmock.NewStringResponder(502, "bad gateway"))
	client := fake.NewClient(spotify.WithMaxRetries(0))
	defer client.Close()

	ctx := context.Background()
	_, err := client.Playlists.ReplaceItems(
		ctx,
		mock.PlaylistID,
		[]string{"spotify:track:" + mock.TrackID, "spotify:track:" + mock.RelinkedTrackID},
	)
	fmt.Println("replace:", err)
	_, err = client.Playlists.ReorderItems(ctx, mock.PlaylistID, 0, 2, nil)
	fmt.Println("reorder:", errors.Is(err, spotify.ErrServer))
	// Output:
	// replace: <nil>
	// reorder: true
}

// The fake can be mounted in an existing httpmock set-up.
func ExampleTransport_Responder() {
	mux := httpmock.NewMockTransport() // the set-up of a program that calls other services too
	mux.RegisterResponder("GET", "https://example.com/health", httpmock.NewStringResponder(200, "up"))
	fake := mock.New(nil)
	mux.RegisterNoResponder(fake.Responder())

	client, err := spotify.New(spotify.WithTransport(mux), spotify.WithAccessToken("any"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	track, err := client.Tracks.Get(context.Background(), mock.TrackID, nil)
	fmt.Println(track.Name, err)
	// Output:
	// Low Tide <nil>
}

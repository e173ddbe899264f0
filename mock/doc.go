// Package mock is a fake Spotify for tests: the whole Web API and the Accounts service, with state,
// rate limits and faults, and without a network.
//
// # A first test
//
// [NewClient] returns a client and the fake that responds to it. The fake starts with an invented
// catalogue and a user who is signed in. Constants such as [AlbumID], [TrackID] and [PlaylistID]
// are ids in that catalogue. To test this function:
//
//	func titles(ctx context.Context, client *spotify.Client, album string) ([]string, error) {
//		var names []string
//		for track, err := range client.Albums.AllTracks(ctx, album, nil) {
//			if err != nil {
//				return nil, err
//			}
//			names = append(names, track.Name)
//		}
//		return names, nil
//	}
//
// write this test:
//
//	func TestTitles(t *testing.T) {
//		client, fake := mock.NewClient(t)
//		names, err := titles(t.Context(), client, mock.AlbumID)
//		if err != nil || len(names) != 12 || names[0] != "Low Tide" {
//			t.Fatal(names, err)
//		}
//		fake.AssertCallCount(t, "GET /albums/{id}/tracks", 1)
//	}
//
// A request for something that is not in the API reference fails the test and names the most
// similar routes. [Transport.Calls], [Transport.AssertCalled], [Transport.AssertNotCalled] and
// [Transport.AssertCallCount] check the requests that were sent.
//
// # Errors and delays
//
// [Transport.On] replaces the fake's own response by an error, a delay or a broken connection, for
// all requests or a number of [Rule.Times]. Rules also take the matchers and responders of package
// httpmock, see [Rule.Match] and [Rule.With]. In a synctest bubble waiting takes no time, so real
// delays can be tested:
//
//	func TestTitlesAfterRetryAfter(t *testing.T) {
//		synctest.Test(t, func(t *testing.T) {
//			client, fake := mock.NewClient(t)
//			fake.On("GET", "/albums/{id}/tracks").Times(1).RateLimited(30 * time.Second)
//			start := time.Now()
//			if _, err := titles(t.Context(), client, mock.AlbumID); err != nil {
//				t.Fatal(err)
//			}
//			if waited := time.Since(start); waited < 30*time.Second {
//				t.Errorf("waited %v", waited)
//			}
//		})
//	}
//
// # Tokens
//
// Any bearer token is valid and acts as [UserID]. For clients that fetch their own tokens there is
// the Accounts service, whose tokens [Transport.ExpireTokens] and [Transport.RevokeTokens]
// invalidate:
//
//	func TestTitlesWithAnExpiredToken(t *testing.T) {
//		client, fake := mock.NewClient(t, spotify.WithClientCredentials("id", "secret"))
//		for range 2 {
//			if _, err := titles(t.Context(), client, mock.AlbumID); err != nil {
//				t.Fatal(err)
//			}
//			fake.ExpireTokens()
//		}
//		fake.AssertCallCount(t, "POST /api/token", 2)
//	}
//
// [WithStrictTokens] accepts only tokens of that service. [WithScopes] leaves out scopes, and
// [Transport.TokenOf] issues a token of another user.
//
// # State
//
// Requests see the effects of earlier requests: on the library, followed artists, playlists and the
// player. Each fake has a state of its own.
//
//	func TestRoadTrip(t *testing.T) {
//		client, _ := mock.NewClient(t)
//		ctx := t.Context()
//		params := &resources.CreatePlaylistParams{Name: "Road trip"}
//		playlist, err := client.Playlists.Create(ctx, params)
//		if err != nil {
//			t.Fatal(err)
//		}
//		uris := []string{"spotify:track:" + mock.TrackID}
//		if _, err := client.Playlists.AddItems(ctx, playlist.ID, uris, nil); err != nil {
//			t.Fatal(err)
//		}
//		page, err := client.Playlists.Items(ctx, playlist.ID, nil)
//		if err != nil || page.Total != 1 || page.Items[0].Item.Track.Name != "Low Tide" {
//			t.Fatal(page, err)
//		}
//	}
//
// # Faults and limits
//
// [WithFaults] injects errors, delays, broken connections and unusual responses at random. They are
// the same in every run with the same seed. [WithRateLimit] and [WithQuota] add Spotify's limits.
// [Chaos] is a bit of the faults that a client can get over. [Rule.Faults] injects faults into some
// requests only:
//
//	func TestEpisodesWithChaos(t *testing.T) {
//		synctest.Test(t, func(t *testing.T) {
//			limit := mock.WithRateLimit(10, 30*time.Second)
//			client := mock.New(t, mock.WithFaults(mock.Chaos(7)), limit).NewClient()
//			n := 0
//			page := &resources.PageParams{Limit: 10}
//			for _, err := range client.Shows.AllEpisodes(t.Context(), mock.ShowID, page) {
//				if err != nil {
//					t.Fatal(err)
//				}
//				n++
//			}
//			if n != 240 {
//				t.Errorf("%d episodes", n)
//			}
//		})
//	}
//
// # Another catalogue
//
// Package catalogue builds a catalogue that holds only the content of a test, with defaults for all
// fields that are left out:
//
//	func TestLongPlaylist(t *testing.T) {
//		c := catalogue.New()
//		song := c.AddTrack(catalogue.Track{Name: "Again", Artists: []string{"The Loops"}})
//		items := slices.Repeat([]string{"spotify:track:" + song}, 10_000)
//		list := c.AddPlaylist(catalogue.Playlist{Name: "On and on", Items: items})
//		client := mock.New(t, mock.WithCatalogue(c)).NewClient()
//		page, err := client.Playlists.Items(t.Context(), list, nil)
//		if err != nil || page.Total != 10_000 {
//			t.Fatal(page, err)
//		}
//	}
//
// # Development mode and extended quota
//
// Since February 2026 Spotify responds differently to apps in development mode and to apps with
// extended quota: apps in development mode have fewer operations, fields and items per page, and
// another form of playlists. The fake responds as to an app in development mode or, with
// [WithExtendedQuota], as to one with extended quota. Apps in development mode that were created
// before 11 February 2026 get a mixture of both, see [WithOlderDevelopmentMode]. Test a program
// with all of them if it has to work with all of them.
//
// The Accounts service responds as Spotify does since the summer of 2026: a refresh returns no new
// refresh token, and refresh tokens expire 6 months after the login. [WithRotation](RotatePublic),
// [WithRefreshLifetime](-1) and [WithoutAccountID] restore the earlier behaviour.
//
// # Without this library
//
// A [Transport] is an [http.RoundTripper] for any client of net/http. [Transport.Responder] mounts
// the fake in an existing set-up of package httpmock. [NewServer] serves the same fake over a
// socket, with HTTP/1.1 or HTTP/2, for programs in any language, in a browser (CORS) too. So does
// the program fakespotify, which has a flag for each option:
//
//	go run github.com/seed-2147f1a9/spotify/mock/fakespotify@latest
//
// The page docs/testing.md of the repository shows all of this with examples, also in other
// languages. Package record records responses of the real Spotify, without secrets, and replays
// them.
package mock

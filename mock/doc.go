// Package mock is a Spotify to test against: the whole Web API and the Accounts service, with state, limits and bad days, and without a network.
//
// # A first test
//
// NewClient returns a client and the fake that answers it. The fake begins with a user who is signed in and with an invented catalogue, of which constants such
// as AlbumID, TrackID and PlaylistID name a few things. Say this is to be tested:
//
//	func titles(ctx context.Context, client *spotify.Client, album string) (names []string, err error) {
//		for track, err := range client.Albums.AllTracks(ctx, album, nil) {
//			if err != nil {
//				return nil, err
//			}
//			names = append(names, track.Name)
//		}
//		return names, nil
//	}
//
// Then this tests it:
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
// A request for something that is not in the API reference fails the test and names the nearest that is. What was sent can be asked for afterwards: see Calls,
// AssertCalled, AssertNotCalled, AssertCallCount.
//
// # When something goes wrong
//
// On says what comes in place of the fake's own answer: an error, a delay, a broken connection, always or a number of Times. In a synctest bubble waiting takes
// no time, so that the real delays can be tested:
//
//	func TestTitlesWaitsItsTurn(t *testing.T) {
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
// Any bearer token is good and acts as UserID. The Accounts service is there too, for clients that get their own tokens, and ends them when it is told to:
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
// StrictTokens accepts no others. WithScopes leaves tokens without some scopes, and TokenOf makes one for another user.
//
// # State
//
// What one call writes, the next one reads: the library, whom the user follows, playlists, the player. Each fake has a state of its own.
//
//	func TestRoadTrip(t *testing.T) {
//		client, _ := mock.NewClient(t)
//		ctx := t.Context()
//		playlist, err := client.Playlists.Create(ctx, &resources.CreatePlaylistParams{Name: "Road trip"})
//		if err != nil {
//			t.Fatal(err)
//		}
//		if _, err := client.Playlists.AddItems(ctx, playlist.ID, []string{"spotify:track:" + mock.TrackID}, nil); err != nil {
//			t.Fatal(err)
//		}
//		page, err := client.Playlists.Items(ctx, playlist.ID, nil)
//		if err != nil || page.Total != 1 || page.Items[0].Item.Track.Name != "Low Tide" {
//			t.Fatal(page, err)
//		}
//	}
//
// # Weather
//
// Options of New make the fake as unpleasant as the real thing: RollingLimit, QuotaExceeded, ErrorRate, Latency, LatencyTail, Resets, CutBodies, Gzip, HTMLErrors,
// FloatNumbers, NullElements. Chaos is a bit of everything, and the same in every run with the same seed:
//
//	func TestEpisodesInBadWeather(t *testing.T) {
//		synctest.Test(t, func(t *testing.T) {
//			client := mock.New(t, mock.WithFaults(mock.Chaos(7)), mock.WithRateLimit(10, 30*time.Second)).NewClient()
//			n := 0
//			for _, err := range client.Shows.AllEpisodes(t.Context(), mock.ShowID, &resources.PageParams{Limit: 10}) {
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
// # A catalogue of one's own
//
// Package catalogue builds one that holds only the content a test is about, with defaults for the rest:
//
//	func TestLongPlaylist(t *testing.T) {
//		c := catalogue.New()
//		song := c.AddTrack(catalogue.Track{Name: "Again", Artists: []string{"The Loops"}})
//		list := c.AddPlaylist(catalogue.Playlist{Name: "On and on", Items: slices.Repeat([]string{"spotify:track:" + song}, 10_000)})
//		client := mock.New(t, mock.WithCatalogue(c)).NewClient()
//		page, err := client.Playlists.Items(t.Context(), list, nil)
//		if err != nil || page.Total != 10_000 {
//			t.Fatal(page, err)
//		}
//	}
//
// # Two Spotifys
//
// Since February 2026 Spotify answers apps in development mode with less than apps with extended quota: some operations are closed, some fields are gone, pages are
// smaller, playlists have another shape. The fake answers as to the former, or with the option ExtendedQuota as to the latter: a program that is to run as both is
// tested with both.
//
// # Without this library
//
// A Transport is an [http.RoundTripper], fit for any client of net/http. NewServer puts the same fake behind a real socket, over HTTP/1.1 or HTTP/2, for programs in
// any language; the program fakespotify does nothing else:
//
//	go run github.com/seed-2147f1a9/spotify/mock/fakespotify
//
// # Recording
//
// Record writes down what the real Spotify answers, without secrets, and Replay answers from that.
package mock

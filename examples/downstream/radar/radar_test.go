package radar

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

var june = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// follows is a catalogue whose user follows two artists, with three albums since June.
func follows() *catalogue.Catalogue {
	c := catalogue.New()
	for _, name := range []string{"The Loops", "Ann Other", "Not Followed"} {
		id := c.AddArtist(catalogue.Artist{Name: name})
		if name != "Not Followed" {
			c.Save("", spotify.URI(spotify.KindArtist, id))
		}
	}
	add := func(name, day string, artists ...string) {
		c.AddAlbum(catalogue.Album{Name: name, ReleaseDate: day, Artists: artists})
	}
	add("The day before", "2026-05-31", "The Loops")
	add("On the day", "2026-06-01", "The Loops")
	add("Together", "2026-06-20", "The Loops", "Ann Other")
	add("Alone", "2026-07-01", "Ann Other")
	add("Unheard", "2026-07-01", "Not Followed")
	return c
}

// want are the names of the albums since June, newest first.
var want = []string{"Alone", "Together", "On the day"}

func names(albums []spotify.SimplifiedAlbum) (names []string) {
	for _, album := range albums {
		names = append(names, album.Name)
	}
	return names
}

func TestSince(t *testing.T) {
	fake := mock.New(t, mock.WithCatalogue(follows()))
	albums, err := Since(t.Context(), fake.NewClient(), june)
	if got := names(albums); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	fake.AssertCallCount(t, "GET /me/following", 1)
	fake.AssertCallCount(t, "GET /artists/{id}/albums", 2)
	for _, call := range fake.Calls("GET", "/artists/{id}/albums") {
		if groups := call.Query.Get("include_groups"); groups != "album,single" {
			t.Errorf("asked for %q", groups)
		}
	}
}

// With connections that break, responses that are cut short, and errors of 429 and 5xx, the result
// is the same.
func TestSinceWithFaults(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			client := mock.New(t, mock.WithCatalogue(follows()), mock.WithFaults(mock.Chaos(seed))).NewClient()
			albums, err := Since(t.Context(), client, june)
			if got := names(albums); err != nil || !slices.Equal(got, want) {
				t.Errorf("seed %d: got %q, %v", seed, got, err)
			}
		})
	}
}

// In a synctest bubble the wait for a Retry-After of 20 s takes no time, and can be measured.
func TestSinceWaitsForTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := mock.New(t, mock.WithCatalogue(follows()))
		fake.On("GET", "/artists/{id}/albums").Times(1).RateLimited(20 * time.Second)
		began := time.Now()
		albums, err := Since(t.Context(), fake.NewClient(), june)
		if len(albums) != len(want) || err != nil {
			t.Errorf("got %q, %v", names(albums), err)
		}
		if took := time.Since(began); took < 20*time.Second || took > 25*time.Second {
			t.Errorf("it took %v", took)
		}
		fake.AssertCallCount(t, "GET /artists/{id}/albums", 3)
	})
}

func TestSinceFails(t *testing.T) {
	for _, test := range []struct {
		name   string
		option mock.Option
		rule   func(*mock.Transport)
		is     error
		says   string
	}{
		{
			name:   "the token lacks the scope",
			option: mock.WithScopes(auth.ScopeUserReadPrivate),
			is:     spotify.ErrForbidden, says: "user-follow-read",
		}, {
			name: "an outage",
			rule: func(fake *mock.Transport) { fake.OnAny().Error(http.StatusServiceUnavailable, "") },
			is:   spotify.ErrServer, says: "followed artists",
		}, {
			name: "one artist is gone",
			rule: func(fake *mock.Transport) {
				fake.On("GET", "/artists/{id}/albums").Times(1).Error(http.StatusNotFound, "")
			},
			is: spotify.ErrNotFound, says: "albums of ",
		}, {
			name: "Spotify does not respond before the deadline",
			rule: func(fake *mock.Transport) { fake.On("GET", "/artists/{id}/albums").Delay(time.Hour) },
			is:   context.DeadlineExceeded, says: "albums of ",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := []mock.Option{mock.WithCatalogue(follows())}
				if test.option != nil {
					options = append(options, test.option)
				}
				fake := mock.New(t, options...)
				if test.rule != nil {
					test.rule(fake)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				albums, err := Since(ctx, fake.NewClient(), june)
				if !errors.Is(err, test.is) || albums != nil {
					t.Fatalf("got %q, %v, want an error that is %v", names(albums), err, test.is)
				}
				if !strings.Contains(err.Error(), test.says) {
					t.Errorf("the error does not contain %q: %v", test.says, err)
				}
			})
		})
	}
}

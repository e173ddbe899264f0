package e2e_test

// These tests meet each fault of the fake once with a client of the library.

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
)

// A client gets over two faulty responses of every kind to the same GET, and returns the right
// track.
func TestFaultsOfTheFake(t *testing.T) {
	want, err := mock.New(t).NewClient().Tracks.Get(t.Context(), mock.TrackID, nil)
	if err != nil {
		t.Fatal(err)
	}
	impatient := spotify.WithTimeout(time.Second)
	for _, c := range []struct {
		name   string
		faults mock.Faults
		opts   []spotify.Option
		calls  int // GET /tracks/{id}, faulty ones included
	}{
		{"ErrorRate", mock.Faults{ErrorRate: 1}, nil, 3},
		{"ErrorStatuses", mock.Faults{ErrorRate: 1, ErrorStatuses: []int{507, 520}}, nil, 3},
		{"Errors", mock.Faults{Errors: map[int]float64{429: 1}}, nil, 3},
		{"HTMLErrorRate", mock.Faults{ErrorRate: 1, HTMLErrorRate: 1}, nil, 3},
		{"ResetRate", mock.Faults{ResetRate: 1}, nil, 3},
		{"CutRate", mock.Faults{CutRate: 1}, nil, 3},
		{"ErrorIn200Rate", mock.Faults{ErrorIn200Rate: 1}, nil, 3},
		{"RedirectRate", mock.Faults{RedirectRate: 1}, nil, 2},
		{"MinLatency", mock.Faults{MinLatency: 2 * time.Second, MaxLatency: 3 * time.Second}, []spotify.Option{impatient}, 3},
		{"MedianLatency", mock.Faults{MedianLatency: 2 * time.Second, P99Latency: 2 * time.Second},
			[]spotify.Option{impatient}, 3},
		{"Gzip", mock.Faults{Gzip: true}, nil, 1},
		{"UnaskedGzipRate", mock.Faults{UnaskedGzipRate: 1}, nil, 1},
		{"FloatRate", mock.Faults{FloatRate: 1}, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, fake := mock.NewClient(t, c.opts...)
				fake.On("GET", "/tracks/{id}").Times(2).Faults(c.faults)
				got, err := client.Tracks.Get(t.Context(), mock.TrackID, nil)
				if err != nil || got.Name != want.Name || got.DurationMS != want.DurationMS ||
					got.Album.TotalTracks != want.Album.TotalTracks {
					t.Errorf("got %+v, %v", got, err)
				}
				fake.AssertCallCount(t, "GET /tracks/{id}", c.calls)
			})
		})
	}
}

// A 401 that does not say that the token is invalid is replayed with the same token.
func TestFaultsUnauthorizedRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := mock.NewClient(t, spotify.WithClientCredentials("id", "secret"))
		fake.On("GET", "/tracks/{id}").Times(1).Faults(mock.Faults{UnauthorizedRate: 1})
		if _, err := client.Tracks.Get(t.Context(), mock.TrackID, nil); err != nil {
			t.Error(err)
		}
		fake.AssertCallCount(t, "GET /tracks/{id}", 2)
	})
}

// The error of a gateway's HTML page has its status code and its title, without tags.
func TestFaultsHTMLErrorRate(t *testing.T) {
	client, fake := mock.NewClient(t, spotify.WithMaxRetries(0))
	fake.On("GET", "/tracks/{id}").
		Faults(mock.Faults{ErrorRate: 1, ErrorStatuses: []int{502}, HTMLErrorRate: 1})
	_, err := client.Tracks.Get(t.Context(), mock.TrackID, nil)
	e, ok := errors.AsType[*spotify.Error](err)
	if !ok || e.Status != 502 || !strings.Contains(err.Error(), "Bad Gateway") || strings.Contains(err.Error(), "<") {
		t.Errorf("got %v", err)
	}
}

// Nulls among the items of a page are dropped, and all items are yielded.
func TestFaultsNullRate(t *testing.T) {
	want, err := savedTracks(t, mock.New(t).NewClient())
	if err != nil {
		t.Fatal(err)
	}
	got, err := savedTracks(t, mock.New(t, mock.WithFaults(mock.Faults{NullRate: 1})).NewClient())
	if err != nil || len(got) != len(want) || len(got) == 0 {
		t.Errorf("%d of %d tracks, %v", len(got), len(want), err)
	}
}

// The same seed injects the same faults, in whatever order requests are sent.
func TestFaultsSeed(t *testing.T) {
	outcomes := func(seed uint64, paths ...string) map[string]bool {
		faults := mock.Faults{Seed: seed, ErrorRate: 0.5}
		client := mock.New(t, mock.WithFaults(faults)).NewClient(spotify.WithMaxRetries(0))
		failed := map[string]bool{}
		for _, path := range paths {
			failed[path] = client.Do(t.Context(), "GET", path, nil, nil, nil) != nil
		}
		return failed
	}
	paths := []string{"/me", "/me/tracks", "/me/albums", "/me/shows", "/me/player", "/me/playlists", "/me/episodes"}
	backwards := []string{"/me/episodes", "/me/playlists", "/me/player", "/me/shows", "/me/albums", "/me/tracks", "/me"}
	distinct := map[string]bool{}
	for seed := range uint64(8) {
		first, second := outcomes(seed+1, paths...), outcomes(seed+1, backwards...)
		pattern := ""
		for _, path := range paths {
			if first[path] != second[path] {
				t.Errorf("seed %d, %s: failed %v, then %v", seed+1, path, first[path], second[path])
			}
			pattern += map[bool]string{true: "x", false: "."}[first[path]]
		}
		distinct[pattern] = true
	}
	if len(distinct) < 4 {
		t.Errorf("8 seeds inject only %v", distinct)
	}
}

package conformance

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

const abcd = "1aaaaaaaaaaaaaaaaaaaaX" // a playlist of four tracks, A B C D

func alphabet() *catalogue.Catalogue {
	c := catalogue.New()
	ids := []string{"1aaaaaaaaaaaaaaaaaaa0A", "1aaaaaaaaaaaaaaaaaaa0B", "1aaaaaaaaaaaaaaaaaaa0C", "1aaaaaaaaaaaaaaaaaaa0D"}
	album := catalogue.Album{ID: mock.AlbumID, Name: "Alphabet"}
	list := catalogue.Playlist{ID: abcd, Name: "Alphabet"}
	for i, id := range ids {
		album.Tracks = append(album.Tracks, catalogue.Track{ID: id, Name: string(rune('A' + i))})
		list.Items = append(list.Items, uri(resources.KindTrack, id))
	}
	c.AddAlbum(album)
	c.AddPlaylist(list)
	c.AddDevice("", catalogue.Device{ID: deviceID, Name: "Desk", Active: true})
	return c
}

// order returns the names of the playlist's tracks in the fake, in order.
func order(t *testing.T, tr *mock.Transport) string {
	t.Helper()
	var page struct {
		Items []struct{ Track struct{ Name string } }
	}
	if err := json.Unmarshal(ask(t, tr, "GET", "/playlists/"+abcd+"/tracks", ""), &page); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, item := range page.Items {
		names = append(names, item.Track.Name)
	}
	return strings.Join(names, " ")
}

// appliedThen503 returns a base over a fake that applies every request and returns 503 in place of
// the first response. A retry would be applied too, and succeed.
func appliedThen503(tr *mock.Transport) http.RoundTripper {
	var sent atomic.Int64
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := tr.RoundTrip(req)
		if err != nil || sent.Add(1) > 1 {
			return resp, err
		}
		_ = resp.Body.Close()
		failed := failing(http.StatusServiceUnavailable)
		failed.Request = req
		return failed, nil
	})
}

// writer sends each of two writes once and returns the status code that it gets.
type writer struct {
	name          string
	reorder, play func(ctx, *spotify.Client) (int, error)
}

var writers = []writer{
	{"services", func(ctx ctx, client *spotify.Client) (int, error) {
		_, err := client.Playlists.ReorderItems(ctx, abcd, 0, 4, nil)
		return statusOf(err)
	}, func(ctx ctx, client *spotify.Client) (int, error) {
		return statusOf(client.Player.Play(ctx, &resources.PlayParams{ContextURI: contextIn}))
	}},
	{"Do", func(ctx ctx, client *spotify.Client) (int, error) {
		return statusOf(
			client.Do(ctx, "PUT", "/playlists/"+abcd+"/items", nil, map[string]int{"range_start": 0, "insert_before": 4}, nil),
		)
	}, func(ctx ctx, client *spotify.Client) (int, error) {
		return statusOf(client.Do(ctx, "PUT", "/me/player/play", nil, map[string]string{"context_uri": contextIn}, nil))
	}},
	{"HTTPClient", func(ctx ctx, client *spotify.Client) (int, error) {
		return put(ctx, client, "/playlists/"+abcd+"/items", `{"range_start":0,"insert_before":4}`)
	}, func(ctx ctx, client *spotify.Client) (int, error) {
		return put(ctx, client, "/me/player/play", `{"context_uri":"`+contextIn+`"}`)
	}},
	{"zmb3", func(ctx ctx, client *spotify.Client) (int, error) {
		_, err := zmb3.New(client.HTTPClient()).
			ReorderPlaylistTracks(ctx, abcd, zmb3.PlaylistReorderOptions{RangeStart: 0, InsertBefore: 4})
		return statusOf(err)
	}, func(ctx ctx, client *spotify.Client) (int, error) {
		album := zmb3.URI(contextIn)
		return statusOf(zmb3.New(client.HTTPClient()).PlayOpt(ctx, &zmb3.PlayOptions{PlaybackContext: &album}))
	}},
}

// statusOf returns the status code in an error of this library or of zmb3/spotify.
func statusOf(err error) (int, error) {
	if own, ok := errors.AsType[*spotify.Error](err); ok {
		return own.Status, nil
	}
	if foreign, ok := errors.AsType[zmb3.Error](err); ok {
		return foreign.Status, nil
	}
	return 0, err
}

// put sends a handwritten request with a JSON body.
func put(ctx ctx, client *spotify.Client, path, body string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, "https://api.spotify.com/v1"+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.HTTPClient().Do(req)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, errors.Join(err, resp.Body.Close())
}

// writeThen503 has each writer send one write that the fake applies and responds to with 503,
// checks that the caller gets the 503, and calls check with the fake.
func writeThen503(
	t *testing.T,
	choose func(writer) func(ctx, *spotify.Client) (int, error),
	check func(*testing.T, *mock.Transport),
) {
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := mock.New(t, mock.WithCatalogue(alphabet()), mock.WithExtendedQuota())
				client, err := spotify.New(
					spotify.WithAccessToken("fake"),
					spotify.WithTransport(appliedThen503(tr)),
					spotify.WithExtendedQuota(),
				)
				if err != nil {
					t.Fatal(err)
				}
				defer client.Close()
				if status, err := choose(w)(t.Context(), client); status != http.StatusServiceUnavailable {
					t.Errorf("the caller gets %d, %v: want 503", status, err)
				}
				check(t, tr)
			})
		})
	}
}

// TestFaultsReorder moves A behind D. The fake applies that and returns 503: a resent request would
// move B.
func TestFaultsReorder(t *testing.T) {
	writeThen503(
		t,
		func(s writer) func(ctx, *spotify.Client) (int, error) { return s.reorder },
		func(t *testing.T, tr *mock.Transport) {
			if got := order(t, tr); got != "B C D A" {
				t.Errorf("the playlist has %s, want B C D A", got)
			}
		},
	)
	t.Run("sent twice", func(t *testing.T) { // the control: the fake applies a second one
		tr := mock.New(t, mock.WithCatalogue(alphabet()), mock.WithExtendedQuota())
		for _, want := range []string{"B C D A", "C D A B"} {
			ask(t, tr, "PUT", "/playlists/"+abcd+"/items", `{"range_start":0,"insert_before":4}`)
			if got := order(t, tr); got != want {
				t.Errorf("the playlist has %s, want %s", got, want)
			}
		}
	})
}

// TestFaultsReorderPlay plays an album. The fake applies that and returns 503: a resent request
// would start the album from its beginning again.
func TestFaultsReorderPlay(t *testing.T) {
	writeThen503(
		t,
		func(s writer) func(ctx, *spotify.Client) (int, error) { return s.play },
		func(t *testing.T, tr *mock.Transport) {
			calls := tr.Calls("PUT", "/me/player/play")
			if applied := slices.DeleteFunc(calls, func(c mock.Call) bool { return !c.Applied }); len(applied) != 1 {
				t.Errorf("applied %d times, want 1", len(applied))
			}
		},
	)
}

package e2e_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// onBothQuotas runs a test against a fake in development mode, and against a fake with extended
// quota, with and without WithExtendedQuota.
func onBothQuotas(t *testing.T, test func(t *testing.T, client *spotify.Client, fake *mock.Transport)) {
	for name, quota := range map[string]struct {
		fake   mock.Option
		client []spotify.Option
	}{
		"development mode":        {mock.WithDevelopmentMode(), nil},
		"extended quota":          {mock.WithExtendedQuota(), []spotify.Option{spotify.WithExtendedQuota()}},
		"extended quota, unknown": {mock.WithExtendedQuota(), nil},
		"no quota, unknown":       {mock.WithDevelopmentMode(), []spotify.Option{spotify.WithExtendedQuota()}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := mock.New(t, quota.fake)
				client := fake.NewClient(quota.client...)
				test(t, client, fake)
				_ = client.Close()
			})
		})
	}
}

// contents returns the URIs in a playlist.
func contents(t *testing.T, client *spotify.Client, id string) []string {
	t.Helper()
	items, err := resources.Collect(client.Playlists.AllItems(t.Context(), id, nil), 0)
	if err != nil {
		t.Fatal(err)
	}
	uris := make([]string, len(items))
	for i, item := range items {
		uris[i] = item.Item.URI()
	}
	return uris
}

// tracks returns n track URIs.
func tracks(t *testing.T, client *spotify.Client, n int) []string {
	t.Helper()
	found, err := resources.Collect(client.Search.AllTracks(t.Context(), "a", nil), n)
	if err != nil || len(found) != n {
		t.Fatalf("found %d tracks, %v", len(found), err)
	}
	uris := make([]string, n)
	for i, track := range found {
		uris[i] = track.URI
	}
	return uris
}

// TestWritesOfAPlaylist: a playlist of any length is written with one call and reads back the same,
// in both of Spotify's formats.
func TestWritesOfAPlaylist(t *testing.T) {
	onBothQuotas(t, func(t *testing.T, client *spotify.Client, _ *mock.Transport) {
		ctx, lists := t.Context(), client.Playlists
		uris := tracks(t, client, 330)
		made, err := lists.Create(
			ctx,
			&resources.CreatePlaylistParams{Name: "Road trip", Public: new(false), Description: "Long"},
		)
		if err != nil || made.Name != "Road trip" || made.Public == nil || *made.Public || made.Description != "Long" ||
			made.Items.Total != 0 {
			t.Fatalf("%+v, %v", made, err)
		}
		want := []string{}
		version := made.SnapshotID
		check := func(step string) func(string, error) {
			return func(now string, err error) {
				t.Helper()
				if err != nil || now == "" || now == version {
					t.Fatalf("%s: version %q after %q, %v", step, now, version, err)
				}
				version = now
				if got := contents(t, client, made.ID); !slices.Equal(got, want) {
					t.Fatalf("%s: %d items, want %d\n%q\n%q", step, len(got), len(want), got, want)
				}
			}
		}
		want = uris[:230]
		check("add")(lists.AddItems(ctx, made.ID, uris[:230], nil))
		want = slices.Insert(slices.Clone(want), 5, uris[230:]...)
		check("insert")(lists.AddItems(ctx, made.ID, uris[230:], &resources.AddItemsParams{Position: new(5)}))
		moved := slices.Clone(want[300:303])
		want = slices.Insert(slices.Delete(want, 300, 303), 1, moved...)
		check(
			"move",
		)(
			lists.ReorderItems(ctx, made.ID, 300, 1, &resources.ReorderItemsParams{RangeLength: 3, SnapshotID: version}),
		)
		gone := slices.Clone(want[20:180])
		want = slices.Delete(want, 20, 180)
		check("remove")(lists.RemoveItems(ctx, made.ID, gone, &resources.RemoveItemsParams{SnapshotID: version}))
		want = slices.Concat(uris[:120], []string{"spotify:episode:" + mock.EpisodeID})
		check("replace")(lists.ReplaceItems(ctx, made.ID, want))
		want = nil
		check("clear")(lists.ReplaceItems(ctx, made.ID, []string{}))

		if err := lists.ChangeDetails(
			ctx,
			made.ID,
			&resources.ChangeDetailsParams{Name: "Way home", Public: new(true), Description: new("")},
		); err != nil {
			t.Fatal(err)
		}
		now, err := lists.Get(ctx, made.ID, nil)
		if err != nil || now.Name != "Way home" || now.Public == nil || !*now.Public || now.Description != "" ||
			now.Owner.ID != mock.UserID {
			t.Errorf("%+v, %v", now, err)
		}
		mine, err := resources.Collect(lists.AllMine(ctx, nil), 0)
		if err != nil || !slices.ContainsFunc(mine, func(p resources.SimplifiedPlaylist) bool { return p.ID == made.ID }) {
			t.Errorf("%d playlists, %v", len(mine), err)
		}
	})
}

func TestWritesOfACover(t *testing.T) {
	onBothQuotas(t, func(t *testing.T, client *spotify.Client, _ *mock.Transport) {
		var file bytes.Buffer
		if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 300, 300)), nil); err != nil {
			t.Fatal(err)
		}
		before, err := client.Playlists.CoverImages(t.Context(), mock.PlaylistID)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Playlists.UploadCoverImage(t.Context(), mock.PlaylistID, file.Bytes()); err != nil {
			t.Fatal(err)
		}
		after, err := client.Playlists.CoverImages(t.Context(), mock.PlaylistID)
		if err != nil || len(after) == 0 || slices.Equal(before, after) {
			t.Errorf("%v before, %v after, %v", before, after, err)
		}
	})
}

func TestWritesOfTheLibrary(t *testing.T) {
	onBothQuotas(t, func(t *testing.T, client *spotify.Client, fake *mock.Transport) {
		ctx := t.Context()
		all := append(
			tracks(t, client, 90),
			"spotify:album:"+mock.AlbumID,
			"spotify:artist:"+mock.ArtistID,
			"spotify:show:"+mock.ShowID,
			"spotify:audiobook:"+mock.AudiobookID,
			"spotify:episode:"+mock.EpisodeID,
		)
		if err := client.Library.Save(ctx, all...); err != nil {
			t.Fatal(err)
		}
		gone := slices.Concat(all[10:30], all[90:92])
		if err := client.Library.Remove(ctx, gone...); err != nil {
			t.Fatal(err)
		}
		in, err := client.Library.Contains(ctx, all...)
		if err != nil || len(in) != len(all) {
			t.Fatal(len(in), err)
		}
		for i, yes := range in {
			if yes == slices.Contains(gone, all[i]) {
				t.Errorf("%s is in the library: %v", all[i], yes)
			}
		}
		if n := len(fake.Calls("PUT", "/me/library")); n != 3 {
			t.Errorf("95 items were saved with %d requests", n)
		}
	})
}

// TestWritesThatFailHalfway: the error of a write in several requests says how much was done, and a
// write that is not idempotent is not retried.
func TestWritesThatFailHalfway(t *testing.T) {
	onBothQuotas(t, func(t *testing.T, client *spotify.Client, fake *mock.Transport) {
		ctx := t.Context()
		uris := tracks(t, client, 250)
		made, err := client.Playlists.Create(ctx, &resources.CreatePlaylistParams{Name: "Road trip"})
		if err != nil {
			t.Fatal(err)
		}
		failed := func(step string, err error, sent int) {
			t.Helper()
			half, ok := errors.AsType[*resources.PartialError](err)
			if !ok || half.Done != 100 || half.SnapshotID == "" || !errors.Is(err, spotify.ErrServer) {
				t.Errorf("%s: %#v", step, err)
			}
			if n := len(fake.Calls("POST", "/playlists/{playlist_id}/items")); n != sent {
				t.Errorf("%s: %d requests, want %d", step, n, sent)
			}
			if got := contents(t, client, made.ID); !slices.Equal(got, uris[:100]) {
				t.Errorf("%s: %d items are there", step, len(got))
			}
		}
		fake.On("POST", "/playlists/{playlist_id}/items").Times(1).Respond(http.StatusBadGateway, "")
		_, err = client.Playlists.ReplaceItems(ctx, made.ID, uris)
		failed("replace", err, 1)

		if _, err := client.Playlists.ReplaceItems(ctx, made.ID, []string{}); err != nil {
			t.Fatal(err)
		}
		fake.On("PUT", "/playlists/{playlist_id}/items").
			Times(1).
			Respond(http.StatusBadGateway, "")
			// replacing is retried, adding is not
		fake.On("POST", "/playlists/{playlist_id}/items").Times(1).Respond(http.StatusServiceUnavailable, "")
		_, err = client.Playlists.ReplaceItems(ctx, made.ID, uris)
		failed("replace again", err, 2)

		fake.On("PUT", "/playlists/{playlist_id}/items").Times(1).Respond(http.StatusBadGateway, "")
		if _, err := client.Playlists.ReorderItems(ctx, made.ID, 0, 10, nil); !errors.Is(err, spotify.ErrServer) {
			t.Errorf("a move that may have been applied was retried: %v", err)
		}
	})
}

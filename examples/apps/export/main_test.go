package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/exampletest"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// exported are the files of an export.
type exported struct{ csv, json string }

func read(t *testing.T, name string) (files exported) {
	t.Helper()
	for ext, into := range map[string]*string{".csv": &files.csv, ".json": &files.json} {
		data, err := os.ReadFile(name + ext)
		if err != nil {
			t.Fatal(err)
		}
		*into = string(data)
	}
	if _, err := os.Stat(name + ".part"); !os.IsNotExist(err) {
		t.Errorf("%s.part is left: %v", name, err)
	}
	return files
}

// small is a catalogue with a playlist of 330 items, which are 7 pages: some of them twice, and
// some gone.
var small = sync.OnceValue(func() *catalogue.Catalogue {
	c := catalogue.New()
	var items []string
	for i := range 330 {
		switch {
		case i%100 == 7:
			items = append(items, "")
		case i%100 == 8:
			items = append(items, items[0])
		default:
			items = append(items, spotify.URI(spotify.KindTrack, c.AddTrack(catalogue.Track{Name: fmt.Sprint("Track ", i)})))
		}
	}
	c.AddPlaylist(catalogue.Playlist{ID: mock.LongPlaylistID, Name: "Small", Items: items})
	return c
})

// want are the files of an export that nothing has interrupted, checked against the playlist.
func want(t *testing.T, total int, options ...mock.Option) exported {
	t.Helper()
	log.SetOutput(io.Discard)
	client := mock.New(t, options...).NewClient()
	name := filepath.Join(t.TempDir(), "whole")
	if err := export(t.Context(), client, mock.LongPlaylistID, name); err != nil {
		t.Fatal(err)
	}
	files := read(t, name)
	items, err := spotify.Collect(client.Playlists.AllItems(t.Context(), mock.LongPlaylistID, nil), 0)
	if err != nil || len(items) != total {
		t.Fatalf("%d items, %v", len(items), err)
	}
	var uris []string
	for _, item := range items {
		uris = append(uris, item.URI())
	}
	rows, err := csv.NewReader(strings.NewReader(files.csv)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, row := range rows[1:] {
		columns = append(columns, row[4])
	}
	var all []spotify.PlaylistItem
	if err := json.Unmarshal([]byte(files.json), &all); err != nil {
		t.Fatal(err)
	}
	var members []string
	for _, item := range all {
		members = append(members, item.URI())
	}
	if !slices.Equal(columns, uris) || !slices.Equal(members, uris) {
		t.Fatalf("%d rows and %d items in JSON, want those of the playlist", len(columns), len(members))
	}
	return files
}

// A process that is killed several times goes on each time where it was.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	stored := func() int {
		part, _ := os.ReadFile(filepath.Join(dir, "export.part"))
		return bytes.Count(part, []byte("\n"))
	}
	ended := func() bool {
		_, err := os.Stat(filepath.Join(dir, "export.csv"))
		return err == nil
	}
	for _, pages := range []int{1, 7, 14, 20} {
		process := exampletest.Start(t, dir)
		for stored() < pages && !ended() { // a busy machine may miss the moment
			time.Sleep(time.Millisecond)
		}
		process.Signal(syscall.SIGKILL)
		process.End()
		t.Logf("killed with %d of 24 pages stored", stored())
	}
	exampletest.Golden(t, exampletest.Run(t, dir))
	if read(t, filepath.Join(dir, "export")) != want(t, 1200) {
		t.Error("the files are not those of an export without a kill")
	}
}

// After a cancellation at any page, the next run fetches the pages that are not stored, and no
// other.
func TestCanceled(t *testing.T) {
	want := want(t, 330, mock.WithCatalogue(small()))
	for _, at := range []int{0, 1, 3, 5, 6} {
		synctest.Test(t, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "export")
			ctx, cancel := context.WithCancel(t.Context())
			first := mock.New(t, mock.WithCatalogue(small()))
			first.On("GET", "/playlists/{id}/items").When(func(call mock.Call) bool {
				return cmp.Or(call.Query.Get("offset"), "0") == strconv.Itoa(at*pageSize)
			}).Delay(time.Minute)
			time.AfterFunc(time.Second, cancel)
			if err := export(ctx, first.NewClient(), mock.LongPlaylistID, name); err == nil {
				t.Fatal("no error")
			}

			second := mock.New(t, mock.WithCatalogue(small()))
			if err := export(t.Context(), second.NewClient(), mock.LongPlaylistID, name); err != nil {
				t.Fatal(err)
			}
			if read(t, name) != want {
				t.Errorf("canceled at page %d: the files are not those of an export without a cancellation", at)
			}
			second.AssertCallCount(t, "GET /playlists/{id}/items", 7-at)
		})
	}
}

// A kill may leave a line that is cut short anywhere.
func TestCutShort(t *testing.T) {
	name := filepath.Join(t.TempDir(), "export")
	ctx, cancel := context.WithCancel(t.Context())
	fake := mock.New(t, mock.WithCatalogue(small()), mock.WithCallLog(func(call mock.Call) {
		if call.Query.Get("offset") == "150" {
			cancel()
		}
	}))
	client := fake.NewClient()
	if err := export(ctx, client, mock.LongPlaylistID, name); err == nil {
		t.Fatal("no error")
	}
	whole, err := os.ReadFile(name + ".part")
	if err != nil {
		t.Fatal(err)
	}
	playlist, err := client.Playlists.Get(t.Context(), mock.LongPlaylistID, nil)
	if err != nil {
		t.Fatal(err)
	}
	for size := 0; size < len(whole); size += len(whole)/100 + 1 {
		if err := os.WriteFile(name+".part", whole[:size], 0o644); err != nil {
			t.Fatal(err)
		}
		part, items, start, err := resume(name+".part", playlist.SnapshotID)
		if err != nil {
			t.Fatal(err)
		}
		_ = part.Close()
		left, err := os.ReadFile(name + ".part")
		if err != nil {
			t.Fatal(err)
		}
		pages := bytes.Count(whole[:size], []byte("\n"))
		if len(items) != start || start < pages*pageSize || start > (pages+1)*pageSize || !bytes.HasPrefix(whole, left) {
			t.Errorf("cut at %d: %d items, next %d, want %d pages", size, len(items), start, pages)
		}
	}
}

// The pages of a playlist that has changed since are not used, and a playlist that changes while it
// is read is an error.
func TestChanged(t *testing.T) {
	name := filepath.Join(t.TempDir(), "export")
	var client *spotify.Client
	var change func()
	fake := mock.New(t, mock.WithCatalogue(small()), mock.WithCallLog(func(call mock.Call) {
		if strings.HasSuffix(call.Path, "/items") && call.Query.Get("offset") == "200" && change != nil {
			change()
		}
	}))
	client = fake.NewClient()
	first, err := spotify.Collect(client.Playlists.AllItems(t.Context(), mock.LongPlaylistID, nil), 1)
	if err != nil {
		t.Fatal(err)
	}
	change = func() {
		change = nil
		if _, err := client.Playlists.AddItems(t.Context(), mock.LongPlaylistID, []string{first[0].URI()}, nil); err != nil {
			t.Error(err)
		}
	}
	err = export(t.Context(), client, mock.LongPlaylistID, name)
	if err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Fatalf("got %v", err)
	}
	if err := export(t.Context(), client, mock.LongPlaylistID, name); err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(read(t, name).csv, "\n"); rows != 332 {
		t.Errorf("%d rows, want 332", rows)
	}
}

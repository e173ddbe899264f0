// Export writes a playlist to export.csv and export.json, with a progress bar. If it is killed, the
// next run goes on where that one has ended.
//
//	go run ./export -playlist https://open.spotify.com/playlist/...   # in examples/apps
//
// Without credentials it calls a fake Spotify inside the program, which has a playlist of 1,200
// items. With SPOTIFY_CLIENT_ID set, and with http://127.0.0.1/callback among the redirect URIs on
// the app's page, the same code calls Spotify.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	log.SetFlags(0)
	playlist := flag.String("playlist", mock.LongPlaylistID, "the playlist's id, URI or link")
	flag.Parse()
	client, err := connect(context.Background())
	if err == nil {
		err = export(context.Background(), client, *playlist, "export")
		err = errors.Join(err, client.Close()) // waits for a refresh in flight
	}
	if err != nil {
		log.Fatal(err)
	}
}

// connect logs the user in if needed, and returns a client. Its Close closes the login, too.
func connect(ctx context.Context) (*spotify.Client, error) {
	if os.Getenv("SPOTIFY_CLIENT_ID") == "" {
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
		latency := mock.Faults{MinLatency: 30 * time.Millisecond, MaxLatency: 90 * time.Millisecond} // about Spotify's
		return mock.New(nil, mock.WithFaults(latency)).NewClient(), nil
	}
	store, err := auth.NewFileStore("~/.config/spotify-export-example/logins.json")
	if err != nil {
		return nil, err
	}
	user, err := auth.NewPKCE(auth.Config{
		RedirectURL: "http://127.0.0.1/callback", // no port: a free one is chosen
		Scopes:      []auth.Scope{auth.ScopePlaylistReadPrivate, auth.ScopePlaylistReadCollaborative},
		Store:       store,
	})
	if err != nil {
		return nil, err
	}
	if err := user.EnsureAuthorized(ctx, auth.LocalConfig{}); err != nil {
		return nil, errors.Join(err, user.Close())
	}
	return spotify.New(spotify.WithTokenSource(user), spotify.WithCloser(user))
}

// page is a page of the playlist, one line in the file of the pages that were fetched so far. Only
// whole pages are stored: null elements are no items, but count for offsets and Progress.Done.
type page struct {
	Snapshot string
	Next     int // the offset of the next page
	Items    []spotify.PlaylistItem
}

const pageSize = 50

// export writes a playlist to name.csv and name.json. Its pages are in name.part until it has all.
func export(ctx context.Context, client *spotify.Client, id, name string) error {
	details := &spotify.GetPlaylistParams{Fields: "snapshot_id"}
	playlist, err := client.Playlists.Get(ctx, id, details)
	if err != nil {
		return err
	}
	part, items, start, err := resume(name+".part", playlist.SnapshotID)
	if err != nil {
		return err
	}
	defer part.Close()
	bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetPredictTime(false),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))))
	var progress spotify.Progress
	next := page{Snapshot: playlist.SnapshotID}
	for item, err := range client.Playlists.AllItems(spotify.WithCall(ctx, spotify.TrackProgress(&progress)), id,
		&spotify.PlaylistItemsParams{ListParams: spotify.ListParams{Limit: pageSize, Offset: start}}) {
		if err != nil {
			return err
		}
		next.Items, next.Next = append(next.Items, item), start+progress.Done
		if progress.Done%pageSize == 0 || progress.Done == progress.Total {
			if err := json.NewEncoder(part).Encode(next); err != nil {
				return err
			}
			items, next.Items = append(items, next.Items...), nil
			bar.ChangeMax(start + progress.Total)
			bar.Describe(fmt.Sprintf("%4v left", progress.Remaining().Round(time.Second)))
			_ = bar.Set(next.Next)
		}
	}
	if playlist, err = client.Playlists.Get(ctx, id, details); err != nil || playlist.SnapshotID != next.Snapshot {
		return cmp.Or(err, errors.New("the playlist has changed while it was read: run export again"))
	}

	rows := [][]string{{"added_at", "name", "by", "duration", "uri"}}
	for _, item := range items {
		rows = append(rows, []string{item.AddedAt.Format(time.RFC3339), item.Item.Name(), item.Item.By(),
			spotify.FormatDuration(item.Item.Duration()), item.URI()})
	}
	var table, all bytes.Buffer
	if err := errors.Join(csv.NewWriter(&table).WriteAll(rows), json.NewEncoder(&all).Encode(items),
		os.WriteFile(name+".csv", table.Bytes(), 0o644), os.WriteFile(name+".json", all.Bytes(), 0o644)); err != nil {
		return err
	}
	log.Printf("%d items in %s.csv and %s.json", len(items), name, name)
	return errors.Join(part.Close(), os.Remove(part.Name()))
}

// resume returns the file of the pages, the items in it, and the offset after them. It removes what
// cannot be used: pages of another snapshot, and a line that a kill has cut short.
func resume(name, snapshot string) (part *os.File, items []spotify.PlaylistItem, start int, err error) {
	part, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, nil, 0, err
	}
	var end int64
	for lines := json.NewDecoder(part); ; {
		var p page
		if lines.Decode(&p) != nil || p.Snapshot != snapshot {
			_, err = part.Seek(end, io.SeekStart)
			return part, items, start, errors.Join(err, part.Truncate(end))
		}
		items, start, end = append(items, p.Items...), p.Next, lines.InputOffset()
	}
}

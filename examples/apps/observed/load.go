package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

const (
	workers     = 4
	pause       = 120 * time.Millisecond // mean time between two calls of a worker
	quota       = 380                    // in 30 s
	tokenLife   = 20 * time.Second
	outageEvery = 20 * time.Second
	outage      = 4 * time.Second
)

// world is a fake Spotify in a bad mood, and the ids in its catalogue.
type world struct {
	*mock.Transport
	albums, artists, tracks, shows []string
}

// newWorld returns a fake Spotify. It expires all tokens every 20 s until ctx ends.
func newWorld(ctx context.Context) *world {
	w := &world{}
	c := catalogue.New()
	for i := range 1000 {
		w.albums = append(w.albums, c.AddAlbum(catalogue.Album{Name: fmt.Sprintf("Album %d", i)}))
		w.tracks = append(w.tracks, c.AddTrack(catalogue.Track{Name: fmt.Sprintf("Track %d", i)}))
		w.shows = append(w.shows, c.AddShow(catalogue.Show{Name: fmt.Sprintf("Show %d", i)}))
	}
	for i := range 20 { // few enough for the cache to hit
		w.artists = append(w.artists, c.AddArtist(catalogue.Artist{Name: fmt.Sprintf("Artist %d", i)}))
	}
	w.Transport = mock.New(nil,
		mock.WithCatalogue(c),
		mock.WithFaults(mock.Faults{
			MedianLatency: 40 * time.Millisecond, P99Latency: 400 * time.Millisecond,
			ErrorRate: 0.02, ResetRate: 0.01, CutRate: 0.01,
		}),
		mock.WithRateLimit(quota, 30*time.Second),
		mock.WithExhaustedBucket(time.Hour, 0, "search"),
	)
	start := time.Now()
	w.On("GET", "/albums/{id}").Respond(503, nil).When(func(mock.Call) bool {
		return time.Since(start)%outageEvery > outageEvery-outage
	})
	go func() {
		for ctx.Err() == nil {
			select {
			case <-time.After(tokenLife):
				w.ExpireTokens()
			case <-ctx.Done():
			}
		}
	}()
	return w
}

// callUntil makes calls until ctx ends. It returns the timeline of the slowest one that ended
// before.
func (w *world) callUntil(ctx context.Context, client *spotify.Client) (timeline string) {
	var mu sync.Mutex
	var longest time.Duration
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for ctx.Err() == nil {
				var meta spotify.Captured
				start := time.Now()
				w.callOnce(spotify.WithCall(ctx, spotify.Capture(&meta)), client)
				took := time.Since(start)
				mu.Lock()
				if took > longest && ctx.Err() == nil {
					longest, timeline = took, meta.Timeline()
				}
				mu.Unlock()
				time.Sleep(time.Duration(rand.ExpFloat64() * float64(pause)))
			}
		})
	}
	all.Wait()
	return timeline
}

// callOnce makes one of a few calls. Errors are expected: they are in the metrics.
func (w *world) callOnce(ctx context.Context, client *spotify.Client) {
	switch n := rand.IntN(100); {
	case n < 45:
		_, _ = client.Albums.Get(ctx, anyOf(w.albums), nil)
	case n < 65:
		_, _ = client.Artists.Get(ctx, anyOf(w.artists))
	case n < 90:
		_, _ = client.Tracks.Get(ctx, anyOf(w.tracks), nil)
	case n < 95:
		_, _ = client.Shows.Get(ctx, anyOf(w.shows), &resources.GetParams{Market: "SE"})
	case n < 97:
		_, _ = client.Tracks.Get(ctx, "0000000000000000000000", nil)
	default:
		_, _ = client.Search.Query(ctx, "rain", nil)
	}
}

func anyOf(ids []string) string { return ids[rand.IntN(len(ids))] }

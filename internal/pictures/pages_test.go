package main

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

// The picture shows the requests that an iterator sends, here over a playlist of 24 pages.
func TestInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 100 * time.Millisecond
		fake := mock.New(t, mock.WithFaults(mock.Faults{MinLatency: latency, MaxLatency: latency}))
		for _, err := range fake.NewClient().Playlists.AllItems(t.Context(), mock.LongPlaylistID, nil) {
			if err != nil {
				t.Fatal(err)
			}
		}
		var trips []int
		var last time.Time
		for _, call := range fake.Calls("GET", "/playlists/{id}/items") {
			if len(trips) == 0 || call.At.Sub(last) >= latency/2 {
				trips = append(trips, 0)
			}
			trips[len(trips)-1]++
			last = call.At
		}
		if want := inFlight(24, 8); !slices.Equal(trips, want) {
			t.Errorf("the iterator sends %v requests in each round trip, the picture shows %v", trips, want)
		}
	})
}

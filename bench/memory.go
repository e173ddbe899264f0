package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

// peaks are the heap's growth while lists of this length are iterated.
type peaks struct {
	items int
	bytes spread
}

func measureMemory(ctx context.Context, scale scale, t *things) ([]peaks, error) {
	var all []peaks
	for _, items := range []int{1000, scale.items} {
		playlist := newPages(items, t.track)
		var grown []float64
		for range scale.walks {
			client, err := ours(delayed(time.Millisecond, playlist))
			if err != nil {
				return nil, err
			}
			peak, err := growth(func() error {
				n := 0
				for _, err := range client.Playlists.AllItems(ctx, mock.PlaylistID, nil) {
					if err != nil {
						return err
					}
					n++
				}
				return whole(n, playlist)
			})
			if err != nil {
				return nil, err
			}
			grown = append(grown, peak)
		}
		all = append(all, peaks{items, spreadOf(grown)})
	}
	return all, nil
}

// growth returns the heap's largest size while work ran, garbage included, less its size before.
func growth(work func() error) (float64, error) {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	size := func() float64 {
		metrics.Read(heap)
		return float64(heap[0].Value.Uint64())
	}
	runtime.GC()
	before := size()
	peak := before
	over, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-over:
				tick.Stop()
				return
			case <-tick.C:
				peak = max(peak, size())
			}
		}
	}()
	err := work()
	close(over)
	<-watched
	return peak - before, err
}

func memoryPart(all []peaks) part {
	p := part{
		title: "Memory",
		intro: "The heap's growth, garbage included, while a playlist is iterated to its end from a " +
			"server that takes a millisecond for a page: an iterator holds only the pages of its window.",
		tables: []table{{head: []string{"items", "peak"}}},
	}
	for _, at := range all {
		p.tables[0].add(
			count(float64(at.items)),
			mebibytes(at.bytes.median)+" ("+mebibytes(at.bytes.low)+" – "+mebibytes(at.bytes.high)+")",
		)
	}
	least, most := all[0], all[len(all)-1]
	p.short = fmt.Sprintf("The heap's peak while iterating %s items is %s, and %s items %s.",
		count(float64(most.items)), mebibytes(most.bytes.median), count(float64(least.items)), mebibytes(least.bytes.median))
	return p
}

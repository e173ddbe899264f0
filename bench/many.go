package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify"
)

// heap is a number of tracks and the ways to fetch them; the first two are loops.
type heap struct {
	tracks int
	ways   []outcome
}

func measureMany(ctx context.Context, scale scale, t *things) (heap, error) {
	all := heap{tracks: scale.tracks}
	base := delayed(latency, always(t.track))
	client, err := ours(base)
	if err != nil {
		return all, err
	}
	unlimited, err := ours(base, spotify.WithLimiter(nil))
	if err != nil {
		return all, err
	}
	other := peer(base)
	ids := make([]string, scale.tracks)
	theirs := make([]zmb3.ID, scale.tracks)
	for i := range ids {
		ids[i] = fmt.Sprintf("%022d", i)
		theirs[i] = zmb3.ID(ids[i])
	}
	many := func(client *spotify.Client) func() error {
		return func() error {
			got, err := client.Tracks.GetMany(ctx, ids, nil)
			if err == nil && slices.Contains(got, nil) {
				return errors.New("a track is nil")
			}
			return err
		}
	}
	loops, err := together(scale.walks,
		contender{nameOurs + ", one after another", func() error {
			for _, id := range ids {
				if _, err := client.Tracks.Get(ctx, id, nil); err != nil {
					return err
				}
			}
			return nil
		}},
		contender{namePeer + ", one after another", func() error {
			for _, id := range theirs {
				if _, err := other.GetTrack(ctx, id); err != nil {
					return err
				}
			}
			return nil
		}})
	if err != nil {
		return all, err
	}
	// Each GetMany has a new client, because a pacer permits a burst of 150 calls only once.
	quick, err := race(scale.walks, 1,
		contender{nameOurs + ", GetMany, with defaults", func() error {
			fresh, err := ours(base)
			if err != nil {
				return err
			}
			return many(fresh)()
		}},
		contender{nameOurs + ", GetMany, without a limiter", many(unlimited)},
		contender{namePeer + ", in 64 goroutines", func() error {
			return spreadOut(64, theirs, func(id zmb3.ID) error { _, err := other.GetTrack(ctx, id); return err })
		}})
	all.ways = append(loops, quick...)
	return all, err
}

// spreadOut runs do for all elements on a number of goroutines, as a program does around a client
// without batch methods.
func spreadOut[T any](goroutines int, all []T, do func(T) error) error {
	queue := make(chan T)
	errs := make([]error, goroutines)
	var workers sync.WaitGroup
	for i := range goroutines {
		workers.Go(func() {
			for one := range queue {
				errs[i] = errors.Join(errs[i], do(one))
			}
		})
	}
	for _, one := range all {
		queue <- one
	}
	close(queue)
	workers.Wait()
	return errors.Join(errs...)
}

func manyPart(all heap) part {
	p := part{
		title: "Many items by id",
		intro: fmt.Sprintf(
			"%d tracks, each fetched by a call of its own, as apps in development mode must since February "+
				"2026, from a server that takes %v for each. "+
				"`GetMany` keeps up to 64 calls in flight, or as many as the limiter permits: while the quota is "+
				"unknown, a burst of 150 calls and then ten at a time.",
			all.tracks,
			latency,
		),
		tables: []table{{head: []string{"", "time", "times as fast as " + namePeer + " one after another"}}},
	}
	loop := all.ways[1]
	for _, o := range all.ways {
		p.tables[0].add(o.Name, within(o.of(nanoseconds)), fmt.Sprintf("%.1f", loop.over(o, nanoseconds).median))
	}
	p.short = fmt.Sprintf(
		"GetMany of %d tracks at %v each is %.1fx faster than one call after another, %.1fx with the limiter off.",
		all.tracks,
		latency,
		loop.over(all.ways[2], nanoseconds).median,
		loop.over(all.ways[3], nanoseconds).median,
	)
	us, them := all.ways[2].of(nanoseconds).median, all.ways[4].of(nanoseconds).median
	p.compared = []comparison{{
		fmt.Sprintf("%d tracks by id, %d ms each, take %s, not %s in 64 goroutines, because the limiter holds calls back "+
			"until it knows the quota", all.tracks, latency.Milliseconds(), duration(us), duration(them)), us, them,
	}}
	return p
}

package main

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"
)

// contender is one way to do a piece of work.
type contender struct {
	name string
	work func() error
}

// sample is the cost of one piece of work, averaged over a turn.
type sample struct{ Nanoseconds, Bytes, Allocations float64 }

// outcome has a contender's samples, one for each round.
type outcome struct {
	Name    string
	Samples []sample
}

// race gives each contender one turn in each round, and each turn this many pieces of work; the
// first contender changes from round to round. Other load of the machine then affects all
// contenders alike. Many short turns are better than few long ones: most of them are not
// interrupted, so the median is not.
//
// All allocations of the process count, also those of a server in the same process.
func race(rounds, times int, contenders ...contender) ([]outcome, error) {
	outcomes := make([]outcome, len(contenders))
	for round := -1; round < rounds; round++ { // round -1 warms up
		for i := range contenders {
			turn := (i + max(round, 0)) % len(contenders)
			s, err := contenders[turn].take(times)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", contenders[turn].name, err)
			}
			if outcomes[turn].Name = contenders[turn].name; round >= 0 {
				outcomes[turn].Samples = append(outcomes[turn].Samples, s)
			}
		}
	}
	return outcomes, nil
}

func (c contender) take(times int) (sample, error) {
	var before, after runtime.MemStats
	runtime.GC()                 // start without garbage of the contender before
	for range min(times/10, 5) { // refill the pools that the collection emptied
		if err := c.work(); err != nil {
			return sample{}, err
		}
	}
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range times {
		if err := c.work(); err != nil {
			return sample{}, err
		}
	}
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	n := float64(times)
	return sample{
		float64(took) / n,
		float64(after.TotalAlloc-before.TotalAlloc) / n,
		float64(after.Mallocs-before.Mallocs) / n,
	}, nil
}

// The parts of a sample.
func nanoseconds(s sample) float64 { return s.Nanoseconds }
func bytesOf(s sample) float64     { return s.Bytes }
func allocations(s sample) float64 { return s.Allocations }

// spread is a median with its quartiles.
type spread struct{ low, median, high float64 }

func spreadOf(values []float64) spread {
	sorted := slices.Sorted(slices.Values(values))
	at := func(q float64) float64 {
		place := q * float64(len(sorted)-1)
		below := int(place)
		above := min(below+1, len(sorted)-1)
		return sorted[below] + (place-math.Floor(place))*(sorted[above]-sorted[below])
	}
	return spread{at(0.25), at(0.5), at(0.75)}
}

func (o outcome) of(what func(sample) float64) spread {
	values := make([]float64, len(o.Samples))
	for i, s := range o.Samples {
		values[i] = what(s)
	}
	return spreadOf(values)
}

// over returns the ratio of two outcomes, round by round: that cancels out slow rounds.
func (o outcome) over(other outcome, what func(sample) float64) spread {
	values := make([]float64, len(o.Samples))
	for i, s := range o.Samples {
		values[i] = what(s) / what(other.Samples[i])
	}
	return spreadOf(values)
}

// beyond returns the difference of two outcomes, round by round.
func (o outcome) beyond(other outcome, what func(sample) float64) spread {
	values := make([]float64, len(o.Samples))
	for i, s := range o.Samples {
		values[i] = what(s) - what(other.Samples[i])
	}
	return spreadOf(values)
}

// together runs contenders that mostly wait at the same time. Only the time counts.
func together(rounds int, contenders ...contender) ([]outcome, error) {
	outcomes := make([]outcome, len(contenders))
	errs := make([]error, len(contenders))
	for range rounds {
		var all sync.WaitGroup
		for i, c := range contenders {
			all.Go(func() {
				start := time.Now()
				errs[i] = c.work()
				outcomes[i].Name = c.name
				outcomes[i].Samples = append(outcomes[i].Samples, sample{Nanoseconds: float64(time.Since(start))})
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

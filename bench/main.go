// Command bench measures this library beside another one and beside bare net/http, on the same work in the same process:
//
//	cd bench && go run .          # a few minutes; prints tables, writes ../docs/performance.md with its pictures, and the short of it into ../README.md
//	cd bench && go run . -quick   # seconds, to see that it works: the figures are worth nothing
//
// For profiles there are benchmarks of the same works: go test -bench . -cpuprofile cpu.out
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := flag.String("out", "..", "the repository whose documentation the figures are written into; empty for none")
	quick := flag.Bool("quick", false, "measure little, and badly, but at once")
	also := flag.String("also", "go1.27.4", "another version of Go to measure single calls with; empty for none")
	callsOnly := flag.Bool("calls", false, "measure single calls only, and print JSON")
	flag.Parse()
	scale := full
	if *quick {
		scale = small
	}
	var err error
	if *callsOnly {
		err = printCalls(ctx, scale, os.Stdout)
	} else {
		err = runAll(ctx, scale, *also, *out, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// scale is how much is measured.
type scale struct {
	quick      bool
	rounds     int   // of calls
	share      int   // of the calls in a round: one in so many
	walks      int   // rounds of what takes seconds
	pages      []int // lengths of walks
	tracks     int   // to get by id
	goroutines int   // that need a token
	items      int   // in the longest walk
}

var (
	full  = scale{rounds: 121, share: 1, walks: 3, pages: []int{1, 2, 5, 10, 20, 50, 100, 200}, tracks: 500, goroutines: 10_000, items: 100_000}
	small = scale{quick: true, rounds: 5, share: 5, walks: 1, pages: []int{1, 8, 24}, tracks: 24, goroutines: 1000, items: 5000}
)

func (s scale) times(n int) int { return max(n/s.share, 1) }

func runAll(ctx context.Context, scale scale, also, out string, stdout io.Writer) error {
	measured, err := measureCallsWith(ctx, scale, also)
	if err != nil {
		return err
	}
	virtual, err := measureInVirtualTime(ctx, scale)
	if err != nil {
		return err
	}
	return run(ctx, scale, measured, virtual, out, stdout)
}

// run measures the rest, part by part, and writes the documentation when everything is there.
func run(ctx context.Context, scale scale, measured []calls, virtual virtual, out string, stdout io.Writer) error {
	t, err := newThings()
	if err != nil {
		return err
	}
	doc := document{quick: scale.quick}
	for _, measure := range []func() (part, error){
		func() (part, error) { return callsPart(measured), nil },
		func() (part, error) { return pipelinePart(measured), nil },
		func() (part, error) { return then(stepsPart)(measureSteps(ctx, scale)) },
		func() (part, error) { return then(walkPart)(measureWalks(ctx, scale, t)) },
		func() (part, error) { return then(manyPart)(measureMany(ctx, scale, t)) },
		func() (part, error) { return limitsPart(virtual.Limits), nil },
		func() (part, error) { return tokensPart(virtual.Tokens), nil },
		func() (part, error) { return then(memoryPart)(measureMemory(ctx, scale, t)) },
	} {
		p, err := measure()
		if err != nil {
			return err
		}
		p.print(stdout)
		doc.parts = append(doc.parts, p)
	}
	if out == "" {
		return nil
	}
	return doc.write(out)
}

// then tells what was measured, unless that failed.
func then[T any](tell func(T) part) func(T, error) (part, error) {
	return func(measured T, err error) (part, error) {
		if err != nil {
			return part{}, err
		}
		return tell(measured), nil
	}
}

func printCalls(ctx context.Context, scale scale, stdout io.Writer) error {
	measured, err := measureCalls(ctx, scale)
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(measured)
}

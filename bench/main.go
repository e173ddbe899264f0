// Command bench compares this library with zmb3/spotify and with bare net/http, on the same work in
// the same process. It prints tables and writes ../docs/performance.md, its pictures and the
// summary in ../README.md:
//
//	cd bench && go run .          # a few minutes
//	cd bench && go run . -quick   # seconds, to see that it runs; the figures are meaningless
//
// The same works are Go benchmarks, for profiles: go test -bench . -cpuprofile cpu.out
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

// scale is the amount of work.
type scale struct {
	quick      bool
	rounds     int   // of calls
	share      int   // a round has 1/share of the full number of calls
	walks      int   // rounds of works that take seconds
	pages      []int // lengths of the paginated lists
	tracks     int   // fetched by id
	goroutines int   // that need a token at the same time
	items      int   // in the longest list
}

var (
	full = scale{
		rounds:     121,
		share:      1,
		walks:      3,
		pages:      []int{1, 2, 5, 10, 20, 50, 100, 200},
		tracks:     500,
		goroutines: 10_000,
		items:      100_000,
	}
	small = scale{
		quick:      true,
		rounds:     5,
		share:      5,
		walks:      1,
		pages:      []int{1, 8, 24},
		tracks:     24,
		goroutines: 1000,
		items:      5000,
	}
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

// run measures the other parts and writes the documentation once all are measured.
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

// then passes a measurement on to its part function, unless the measurement failed.
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

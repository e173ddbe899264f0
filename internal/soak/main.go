// Soak makes calls over loopback sockets to a fake Spotify at its rate limit, while other clients
// use a part of the quota, valid tokens are rejected now and then, connections break and servers
// fail. It reports the outcomes, and fails if a write was applied twice, if a write was reported as
// done and was not applied, or if goroutines, descriptors or memory leak.
//
//	go run ./internal/soak
//	go run ./internal/soak -calls 1000000
//
// Without -calls it makes 300,000 calls, half of them over HTTP/1.1 and half over HTTP/2.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

var (
	calls   = flag.Int("calls", 300_000, "number of calls")
	clients = flag.Int("clients", 6, "number of clients, with a pacer each, that share the limit")
	workers = flag.Int("workers", 16, "number of goroutines of each client")
	quota   = flag.Int(
		"quota",
		0,
		"calls that the fake lets through in 250 ms; 0 for 80 % of the calls that the machine can make",
	)
	least = flag.Int("rejections", 10_000, "least number of 429s in all; fewer are a failure of the soak itself")
)

const window = 250 * time.Millisecond

func main() {
	flag.Parse()
	ok := true
	var rejected int64
	for _, http2 := range []bool{false, true} {
		r, err := soak(*calls/2, http2)
		if err != nil {
			fmt.Println("FAILED:", err)
			ok = false
		}
		rejected += r
	}
	if need := int64(*least) * int64(*calls) / 300_000; rejected < need {
		fmt.Printf("FAILED: %d rejections, want at least %d for a soak at the limit\n", rejected, need)
		ok = false
	}
	if !ok {
		os.Exit(1)
	}
}

// writes counts how often each write was applied, and records the writes reported as done.
type writes struct {
	mu      sync.Mutex
	applied map[string]int
	done    map[string]bool
}

const header = "X-Soak"

type idKey struct{}

// label puts a call's number into a header, so that the fake can tell which call an attempt belongs
// to.
func label(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if id, ok := req.Context().Value(idKey{}).(string); ok {
			req = req.Clone(req.Context())
			req.Header.Set(header, id)
		}
		return next.RoundTrip(req)
	})
}

func (w *writes) see(c mock.Call) {
	id := c.Header.Get(header)
	if id == "" || !c.Applied {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.applied[id]++
}

func (w *writes) end(id string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done[id] = err == nil
}

// judge returns how many writes were applied twice, and how many were reported as done and not
// applied.
func (w *writes) judge() (twice, lost int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, done := range w.done {
		switch n := w.applied[id]; {
		case n > 1:
			twice++
		case n == 0 && done:
			lost++
		}
	}
	return twice, lost
}

// holding is the resources that the program holds at a moment.
type holding struct {
	goroutines, descriptors int
	heap                    uint64
}

func hold() holding {
	var h holding
	for range 40 { // closed connections take a moment to disappear
		runtime.GC()
		time.Sleep(50 * time.Millisecond)
	}
	h.goroutines = runtime.NumGoroutine()
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.descriptors = len(entries)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.heap = m.HeapAlloc
	return h
}

// connect returns clients of a server, each with its own limiter.
func connect(server *mock.Server, limiter func() middleware.Limiter) ([]*spotify.Client, error) {
	var all []*spotify.Client
	for range *clients {
		client, err := spotify.New(spotify.WithAccessToken("soak"), spotify.WithBaseURL(server.BaseURL),
			spotify.WithTransport(server.Client().Transport), spotify.WithLimiter(limiter()),
			spotify.WithMiddleware(transport.PerCall, label), spotify.WithTimeout(10*time.Second))
		if err != nil {
			return nil, err
		}
		all = append(all, client)
	}
	return all, nil
}

// calibrate returns a quota: 80 % of the calls that the machine can make in a window.
func calibrate(options []mock.Option) (int, error) {
	const n = 5000
	server := mock.NewServer(nil, options...)
	defer server.Close()
	all, err := connect(server, func() middleware.Limiter { return nil })
	if err != nil {
		return 0, err
	}
	start := time.Now()
	run(all, n, &writes{applied: map[string]int{}, done: map[string]bool{}})
	perWindow := n / time.Since(start).Seconds() * window.Seconds()
	for _, client := range all {
		_ = client.Close()
	}
	return max(int(0.8*perWindow), 20), nil
}

func soak(n int, http2 bool) (rejected int64, err error) {
	name := "HTTP/1.1"
	options := []mock.Option{mock.WithKeptCalls(0)}
	if http2 {
		name = "HTTP/2"
		options = append(options, mock.WithHTTP2())
	}
	limit := *quota
	if limit == 0 {
		if limit, err = calibrate(options); err != nil {
			return 0, err
		}
	}
	options = append(options,
		mock.WithRateLimit(limit, window), mock.WithoutRetryAfter(), mock.WithStrangers(20, max(limit/100, 1)),
		mock.WithFaults(mock.Faults{UnauthorizedRate: 0.005, ResetRate: 0.002, CutRate: 0.002, ErrorRate: 0.003}))
	w := &writes{applied: map[string]int{}, done: map[string]bool{}}
	before := hold()
	server := mock.NewServer(nil, append(options, mock.WithCallLog(w.see))...)
	all, err := connect(server, func() middleware.Limiter {
		return middleware.NewPacer(middleware.PacerConfig{Window: window, Burst: max(limit/5, 1)})
	})
	if err != nil {
		return 0, err
	}
	start := time.Now()
	failed, kinds := run(all, n, w)
	took := time.Since(start)
	var s spotify.Stats
	for _, client := range all {
		one := client.Stats()
		s.Attempts, s.Retries, s.RateLimited = s.Attempts+one.Attempts, s.Retries+one.Retries, s.RateLimited+one.RateLimited
		s.Unexpected401 += one.Unexpected401
		if err := client.Close(); err != nil {
			return 0, err
		}
	}
	server.Close()
	twice, lost := w.judge()
	writeCount := len(w.done)
	w.applied, w.done = nil, nil
	after := hold()
	fmt.Printf(
		"%s, %d calls a window: %d calls in %v (%.0f/s), %d writes among them; %d attempts, %d retries, "+
			"%d rejected (429), %d unexpected 401s; %d failed %v\n",
		name,
		limit,
		n,
		took.Round(time.Millisecond),
		float64(n)/took.Seconds(),
		writeCount,
		s.Attempts,
		s.Retries,
		s.RateLimited,
		s.Unexpected401,
		failed,
		kinds,
	)
	fmt.Printf(
		"    writes applied twice: %d; reported done and not applied: %d; goroutines %d -> %d, "+
			"descriptors %d -> %d, heap %.1f -> %.1f MB\n",
		twice,
		lost,
		before.goroutines,
		after.goroutines,
		before.descriptors,
		after.descriptors,
		float64(before.heap)/1e6,
		float64(after.heap)/1e6,
	)
	switch {
	case twice > 0 || lost > 0:
		err = fmt.Errorf("%s: %d writes were applied twice, %d reported done and not applied", name, twice, lost)
	case after.goroutines > before.goroutines+2, after.descriptors > before.descriptors+2, after.heap > before.heap+20e6:
		err = fmt.Errorf("%s: goroutines, descriptors or memory leaked", name)
	}
	return s.RateLimited, err
}

// run makes n calls and returns how many failed, by kind.
func run(all []*spotify.Client, n int, w *writes) (failed int64, kinds map[string]int) {
	kinds = map[string]int{}
	var mu sync.Mutex
	var next, lost atomic.Int64
	var wg sync.WaitGroup
	for _, client := range all {
		for range *workers {
			wg.Go(func() {
				for i := next.Add(1); i <= int64(n); i = next.Add(1) {
					if err := call(client, i, w); err != nil {
						lost.Add(1)
						mu.Lock()
						kinds[kind(err)]++
						mu.Unlock()
					}
				}
			})
		}
	}
	wg.Wait()
	return lost.Load(), kinds
}

func kind(err error) string {
	if e, ok := errors.AsType[*spotify.Error](err); ok {
		return strconv.Itoa(e.Status)
	}
	if errors.Is(err, spotify.ErrRateLimited) {
		return "not sent"
	}
	return "network"
}

// call makes a read, an idempotent write or one that is not, by its number.
func call(client *spotify.Client, i int64, w *writes) error {
	ctx := context.Background()
	id := strconv.FormatInt(i, 10)
	var err error
	switch i % 8 {
	case 0:
		err = client.Player.AddToQueue(context.WithValue(ctx, idKey{}, id), "spotify:track:"+mock.TrackID, nil)
		w.end(id, err)
	case 4:
		err = client.Player.Next(context.WithValue(ctx, idKey{}, id), nil)
		w.end(id, err)
	case 2:
		err = client.Library.Save(ctx, "spotify:track:"+mock.TrackID)
	case 1, 5:
		_, err = client.Albums.Get(ctx, mock.AlbumID, nil)
	default:
		_, err = client.Tracks.Get(ctx, mock.TrackID, nil)
	}
	return err
}

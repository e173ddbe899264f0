package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	quota    = 180
	window   = 30 * time.Second
	patience = 30 * time.Minute
)

// scenario is a load on an API with a rate limit. With a rate, calls begin at that rate,
// independent of responses; without one, each goroutine makes one call after another.
type scenario struct {
	name       string
	calls      int
	goroutines int
	rate       int
	weather    []mock.Option
	least      string // lower bound for any client, in seconds
}

func scenarios() []scenario {
	limit := mock.WithRateLimit(quota, window)
	return []scenario{
		{"600 calls by 50 goroutines", 600, 50, 0, []mock.Option{limit}, "90.1"},
		{"150 calls, which fit the window", 150, 50, 0, []mock.Option{limit}, "0.3"},
		{"600 calls, 10 a second", 600, 0, 10, []mock.Option{limit}, "90.1"},
		{"the same, and rejected calls count too", 600, 0, 10, []mock.Option{limit, mock.WithCountRejected()}, "90.1"},
		{
			"600 calls by 50 goroutines, without Retry-After",
			600,
			50,
			0,
			[]mock.Option{limit, mock.WithoutRetryAfter()},
			"90.1",
		},
	}
}

// ending is the result of a scenario for one client.
type ending struct {
	Seconds              float64
	Rejected, Unfinished int
}

func (e ending) time() bar {
	label := fmt.Sprintf("%.1f", e.Seconds)
	if e.Unfinished > 0 {
		label = fmt.Sprintf("%.0f, %d unfinished", e.Seconds, e.Unfinished)
	}
	return bar{e.Seconds, label}
}

func (e ending) refused() bar { return bar{float64(e.Rejected), count(float64(e.Rejected))} }

type played struct {
	Name, Least string
	Ours, Peer  ending
}

// measureLimits runs all scenarios, each in a synctest bubble.
func measureLimits(ctx context.Context, bubble func(func() error) error) ([]played, error) {
	var all []played
	for _, sc := range scenarios() {
		p := played{Name: sc.name, Least: sc.least}
		for _, who := range []struct {
			is   *ending
			call func(http.RoundTripper) (func(context.Context) error, error)
		}{
			{&p.Ours, func(base http.RoundTripper) (func(context.Context) error, error) {
				client, err := ours(base)
				return func(ctx context.Context) error { _, err := client.Albums.Get(ctx, mock.AlbumID, nil); return err }, err
			}},
			{&p.Peer, func(base http.RoundTripper) (func(context.Context) error, error) {
				client := peer(base, zmb3.WithRetry(true))
				return func(ctx context.Context) error { _, err := client.GetAlbum(ctx, mock.AlbumID); return err }, nil
			}},
		} {
			err := bubble(func() (err error) {
				var rejected atomic.Int64
				call, err := who.call(
					rejections(
						&rejected,
						mock.New(
							nil,
							append(
								sc.weather,
								mock.WithFaults(mock.Faults{MinLatency: 50 * time.Millisecond, MaxLatency: 150 * time.Millisecond}),
								mock.WithExtendedQuota(),
							)...),
					),
				)
				if err != nil {
					return err
				}
				*who.is = sc.play(ctx, call)
				who.is.Rejected = int(rejected.Load())
				return nil
			})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", sc.name, err)
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// play makes all calls. Calls without a response after 30 minutes are unfinished.
func (sc scenario) play(ctx context.Context, call func(context.Context) error) ending {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	start := time.Now()
	var failed, next atomic.Int64
	one := func() {
		if call(ctx) != nil {
			failed.Add(1)
		}
	}
	var flying sync.WaitGroup
	for range sc.goroutines {
		flying.Go(func() {
			for next.Add(1) <= int64(sc.calls) {
				one()
			}
		})
	}
	for range sc.calls * min(sc.rate, 1) {
		flying.Go(one)
		time.Sleep(time.Second / time.Duration(sc.rate))
	}
	flying.Wait()
	return ending{Seconds: time.Since(start).Seconds(), Unfinished: int(failed.Load())}
}

// rejections counts the 429s of a base transport.
func rejections(n *atomic.Int64, base http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := base.RoundTrip(req)
		if err == nil && resp.StatusCode == http.StatusTooManyRequests {
			n.Add(1)
		}
		return resp, err
	})
}

func limitsPart(all []played) part {
	p := part{
		title: "Under a limit",
		intro: fmt.Sprintf(
			"The fake Spotify permits %d calls in any %v, and no client is configured with that quota; a "+
				"response takes 50 to 150 ms. %s is used with `WithRetry(true)`, this library with its defaults. "+
				"The time is virtual (`testing/synctest`), so the figures are the same on every machine. Calls "+
				"without a response after %v are unfinished.",
			quota,
			window,
			namePeer,
			patience,
		),
		tables: []table{{head: []string{"", "client", "seconds", "least possible", "429s", "unfinished"}}},
	}
	drawing := bars{
		title:  "Under a limit of 180 calls in 30 seconds",
		names:  []string{nameOurs, namePeer},
		panels: []string{"seconds", "responses of 429"},
	}
	for _, s := range all {
		for _, who := range []struct {
			name string
			is   ending
		}{{nameOurs, s.Ours}, {namePeer, s.Peer}} {
			p.tables[0].add(
				s.Name,
				who.name,
				fmt.Sprintf("%.1f", who.is.Seconds),
				s.Least,
				count(float64(who.is.Rejected)),
				count(float64(who.is.Unfinished)),
			)
		}
		drawing.add(s.Name, [][]bar{{s.Ours.time(), s.Peer.time()}, {s.Ours.refused(), s.Peer.refused()}})
	}
	p.short = fmt.Sprintf("Under an unknown rate limit, %s take %.1f s and %d responses of 429; %s takes %.1f s and %d.",
		all[0].Name, all[0].Ours.Seconds, all[0].Ours.Rejected, namePeer, all[0].Peer.Seconds, all[0].Peer.Rejected)
	us, them := all[0].Ours, all[0].Peer
	p.compared = []comparison{{
		fmt.Sprintf("%s under a rate limit take %.1f s, not %.1f s, with %s responses of 429, not %s",
			all[0].Name, us.Seconds, them.Seconds, count(float64(us.Rejected)), count(float64(them.Rejected))),
		us.Seconds, them.Seconds,
	}}
	p.picture = picture{"performance-limits.svg", drawing.svg()}
	return p
}

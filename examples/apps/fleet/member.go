package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify"
	spotifyredis "github.com/seed-2147f1a9/spotify/contrib/redis"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
)

const (
	memberEnv = "FLEET_MEMBER" // has a process's order
	agent     = "fleet/"       // and the process's name is its User-Agent
)

// order is what a process is told.
type order struct {
	Name, Redis, API, Accounts   string
	Independent                  bool
	Processes, Goroutines, Calls int
	Window                       time.Duration
}

// report is what a process says of itself, a line of JSON twice a second.
type report struct {
	Quota, Waiting, Failed int
	Alone                  bool // without Redis
	Problem                string
}

func (r report) state() string {
	if r.Alone {
		return "without Redis"
	}
	return "shares"
}

// member is one process of the fleet: a client as in any program, whose limiter is shared.
func member(ctx context.Context, _ []string, out io.Writer) error {
	var o order
	if err := json.Unmarshal([]byte(os.Getenv(memberEnv)), &o); err != nil {
		return err
	}
	var limiter middleware.Limiter
	var stats func() report
	if o.Independent {
		pacer := middleware.NewPacer(middleware.PacerConfig{Window: o.Window})
		limiter, stats = pacer, func() report { return report{Quota: pacer.Stats("").Quota, Waiting: pacer.Stats("").Queued} }
	} else {
		rdb := redis.NewUniversalClient(spotifyredis.Options(o.Redis))
		defer rdb.Close()
		shared, err := spotifyredis.NewLimiter(
			rdb, spotifyredis.LimiterConfig{Account: "fleet", Window: o.Window, Processes: o.Processes},
		)
		if err != nil {
			return err
		}
		defer shared.Close()
		limiter, stats = shared, func() report {
			s := shared.Stats("")
			return report{Quota: s.Quota, Waiting: s.Queued, Alone: s.Degraded}
		}
	}
	client, err := spotify.New(
		spotify.WithEndpoints(spotify.Endpoints{API: o.API, Accounts: o.Accounts}),
		spotify.WithClientCredentials("fleet", "secret"),
		spotify.WithLimiter(limiter),
		spotify.WithUserAgent(agent+o.Name),
	)
	if err != nil {
		return err
	}
	defer client.Close()

	var left, failed atomic.Int64
	left.Store(int64(o.Calls))
	var problem atomic.Value
	var all sync.WaitGroup
	for range o.Goroutines {
		all.Go(func() {
			for left.Add(-1) >= 0 && ctx.Err() == nil {
				if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); err != nil {
					failed.Add(1)
					problem.Store(err.Error())
				}
			}
		})
	}
	say := func() {
		r := stats()
		r.Failed = int(failed.Load())
		r.Problem, _ = problem.Load().(string)
		line, _ := json.Marshal(r)
		fmt.Fprintf(out, "%s\n", line)
	}
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			say()
		case <-ended:
			say()
			return ctx.Err()
		}
	}
}

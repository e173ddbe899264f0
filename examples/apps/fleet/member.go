package main

import (
	"context"
	"encoding/json"
	"io"
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
	memberEnv = "FLEET_MEMBER" // has the settings of a process
	agent     = "fleet/"       // and its name is its User-Agent
)

// report is printed by a process four times a second, as a line of JSON.
type report struct {
	Quota, Waiting, Failed int
	Alone                  bool   // without Redis
	Problem                string // an error of a call
}

// member is one process of the fleet: a client as in any program, whose limiter is shared.
func member(ctx context.Context, text string, out io.Writer) error {
	var s settings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	rdb := redis.NewUniversalClient(spotifyredis.Options(s.Redis))
	defer rdb.Close()
	shared, err := spotifyredis.NewLimiter(rdb, spotifyredis.LimiterConfig{
		Account: "fleet", Processes: s.Processes, Window: s.Window, // leave Window out for Spotify's
	})
	if err != nil {
		return err
	}
	defer shared.Close() // the other processes can use its slots at once

	var limiter middleware.Limiter = shared
	pacer := middleware.NewPacer(middleware.PacerConfig{Window: s.Window})
	if s.Independent {
		limiter = pacer
	}
	client, err := spotify.New(
		spotify.WithEndpoints(spotify.Endpoints{API: s.API, Accounts: s.Accounts}), // the fake's
		spotify.WithClientCredentials("fleet", "secret"),
		spotify.WithLimiter(limiter),
		spotify.WithUserAgent(agent+s.Name),
	)
	if err != nil {
		return err
	}
	defer client.Close()

	var left, failed atomic.Int64
	var problem atomic.Value
	left.Store(int64(s.Calls))
	problem.Store("")
	var all sync.WaitGroup
	for range s.Goroutines {
		all.Go(func() {
			for left.Add(-1) >= 0 && ctx.Err() == nil {
				if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); err != nil {
					failed.Add(1)
					problem.Store(err.Error())
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	for lines := json.NewEncoder(out); ; {
		known := shared.Stats("")
		r := report{
			Quota: known.Quota, Waiting: known.Queued, Alone: known.Degraded,
			Failed: int(failed.Load()), Problem: problem.Load().(string),
		}
		if s.Independent {
			r.Quota, r.Waiting = pacer.Stats("").Quota, pacer.Stats("").Queued
		}
		if err := lines.Encode(r); err != nil {
			return err
		}
		select {
		case <-time.After(250 * time.Millisecond):
		case <-ended:
			return ctx.Err()
		}
	}
}

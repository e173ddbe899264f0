package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

func measureSteps(ctx context.Context, scale scale) ([]outcome, error) {
	source := auth.Static(accessToken)
	home, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp := answer(req, http.StatusOK, io.NopCloser(http.NoBody), 0)
		resp.Header["Cache-Control"] = []string{"public, max-age=7200"}
		return resp, nil
	})
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	var contenders []contender
	for _, step := range []struct {
		name string
		mw   transport.Middleware
	}{
		{"nothing", nil},
		{"DecodeErrors", middleware.DecodeErrors(spotify.DecodeError)},
		{"Gate", transport.Gate(home, base)},
		{"Describe", middleware.Describe(spotify.Describe)},
		{"Cache, a hit", middleware.Cache(middleware.CacheConfig{})},
		{"Retry", middleware.Retry(middleware.RetryConfig{})},
		{"Buffer", middleware.Buffer(middleware.BufferConfig{Classify: spotify.Classify})},
		{"Refresh", middleware.Refresh(source)},
		{"RateLimit", middleware.RateLimit(middleware.NewPacer(middleware.PacerConfig{Quota: 1_000_000_000}))},
		{"Classify", middleware.Classify(spotify.Classify)},
		{"Timeout", middleware.Timeout(30 * time.Second)},
		{"Auth", middleware.Auth(source, func(u *url.URL) bool { return transport.SameOrigin(home, u) })},
		{"Log, below its level", observing(middleware.Log(slog.New(slog.DiscardHandler), middleware.LogConfig{}))},
		{"Log, a line for each call", observing(middleware.Log(logger, middleware.LogConfig{}))},
	} {
		chain := transport.Chain(base, step.mw)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/albums/x", nil)
		if err != nil {
			return nil, err
		}
		req.Header = http.Header{"Accept": {"application/json"}, "User-Agent": {"bench"}}
		contenders = append(contenders, contender{step.name, func() error {
			resp, err := chain.RoundTrip(req)
			if err != nil {
				return err
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			return resp.Body.Close()
		}})
	}
	return race(scale.rounds, scale.times(500), contenders...)
}

func stepsPart(all []outcome) part {
	p := part{
		title: "Each middleware alone",
		intro: "The cost that one middleware adds to a successful call, over a base transport that " +
			"responds at once with an empty body.",
		tables: []table{{head: []string{"middleware", "time", "bytes", "allocations"}}},
	}
	for _, o := range all[1:] {
		p.tables[0].add(
			o.Name,
			within(o.beyond(all[0], nanoseconds)),
			count(o.beyond(all[0], bytesOf).median),
			count(o.beyond(all[0], allocations).median),
		)
	}
	return p
}

// observing returns the two places that Observe has in a pipeline.
func observing(o middleware.Observer) transport.Middleware {
	observe := middleware.Observe(o)
	return func(next http.RoundTripper) http.RoundTripper { return observe(observe(next)) }
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	zmb3 "github.com/zmb3/spotify/v2"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// rush is the result of many simultaneous calls with an expired or rejected token.
type rush struct {
	Name             string
	Goroutines       int
	Requests, Failed int
}

// measureTokens runs each rush in a synctest bubble.
func measureTokens(ctx context.Context, goroutines int, bubble func(func() error) error) ([]rush, error) {
	var all []rush
	for _, gone := range []struct {
		how  string
		gone func(*mock.Transport)
	}{
		{"expired", func(*mock.Transport) { time.Sleep(2 * time.Hour) }},
		{"rejected before it expires (401)", (*mock.Transport).ExpireTokens},
	} {
		for _, who := range []struct {
			name   string
			client func(context.Context, http.RoundTripper) (func() error, error)
		}{{nameOurs, ourApp}, {namePeer, peerApp}} {
			r := rush{Name: who.name + ", " + gone.how, Goroutines: goroutines}
			err := bubble(func() error {
				var requests, failed atomic.Int64
				fake := mock.New(
					nil,
					mock.WithStrictTokens(),
					mock.WithExtendedQuota(),
					mock.WithFaults(mock.Faults{MinLatency: latency, MaxLatency: latency}),
					mock.WithKeptCalls(0),
				)
				call, err := who.client(ctx, tokenRequests(&requests, fake))
				if err != nil {
					return err
				}
				if err := call(); err != nil {
					return err
				}
				requests.Store(0)
				gone.gone(fake)
				var flying sync.WaitGroup
				for range r.Goroutines {
					flying.Go(func() {
						if call() != nil {
							failed.Add(1)
						}
					})
				}
				flying.Wait()
				r.Requests, r.Failed = int(requests.Load()), int(failed.Load())
				return nil
			})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.Name, err)
			}
			all = append(all, r)
		}
	}
	return all, nil
}

// ourApp fetches an album with the app's own token. It has no limiter, so that all calls are sent
// at the same moment.
func ourApp(ctx context.Context, base http.RoundTripper) (func() error, error) {
	client, err := spotify.NewFromClientCredentials("app", "secret", spotify.WithTransport(base), spotify.WithLimiter(nil))
	return func() error { _, err := client.Albums.Get(ctx, mock.AlbumID, nil); return err }, err
}

func peerApp(ctx context.Context, base http.RoundTripper) (func() error, error) {
	app := clientcredentials.Config{
		ClientID:     "app",
		ClientSecret: "secret",
		TokenURL:     "https://accounts.spotify.com/api/token",
	}
	client := zmb3.New(app.Client(context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: base})))
	return func() error { _, err := client.GetAlbum(ctx, mock.AlbumID); return err }, nil
}

// tokenRequests counts requests for tokens.
func tokenRequests(n *atomic.Int64, base http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/api/token") {
			n.Add(1)
		}
		return base.RoundTrip(req)
	})
}

func tokensPart(all []rush) part {
	p := part{
		title: "Many goroutines need a new token",
		intro: fmt.Sprintf(
			"%s goroutines make a call at the same moment with a token that has expired, or that the API "+
				"rejects before it expires.",
			count(float64(all[0].Goroutines)),
		),
		tables: []table{{head: []string{"", "token requests", "calls that failed"}}},
	}
	for _, r := range all {
		p.tables[0].add(r.Name, count(float64(r.Requests)), count(float64(r.Failed)))
	}
	p.short = fmt.Sprintf(
		"%s goroutines that find the token expired cause %d token request.",
		count(float64(all[0].Goroutines)),
		all[0].Requests,
	)
	return p
}

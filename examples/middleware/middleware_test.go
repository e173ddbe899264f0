package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

// The suite holds a middleware to the contract of http.RoundTripper: it changes no request that it
// was given, closes the request's body, and so on.
func TestContract(t *testing.T) {
	t.Run("requestID", func(t *testing.T) {
		transporttest.Run(t, func() transport.Middleware { return requestID })
	})
	t.Run("logSlow", func(t *testing.T) {
		transporttest.Run(t, func() transport.Middleware { return logSlow(slog.New(slog.DiscardHandler), time.Nanosecond) })
	})
}

// Every attempt has an id of its own. In a synctest bubble the backoff takes no time.
func TestRequestID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := mock.NewClient(t, spotify.WithMiddleware(transport.PerAttempt, requestID))
		fake.On("GET", "/albums/{id}").Times(1).Error(http.StatusServiceUnavailable, "")
		if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
			t.Fatal(err)
		}
		calls := fake.Calls("GET", "/albums/{id}")
		if len(calls) != 2 {
			t.Fatalf("%d requests, want 2", len(calls))
		}
		first, second := calls[0].Header.Get("X-Request-Id"), calls[1].Header.Get("X-Request-Id")
		if first == "" || second == "" || first == second {
			t.Errorf("the ids are %q and %q, want two", first, second)
		}
	})
}

// Only a call of at least a second is logged, with the time of all its attempts.
func TestLogSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
		client, fake := mock.NewClient(t, spotify.WithMiddleware(transport.PerCall, logSlow(logger, time.Second)))
		fake.On("GET", "/albums/{id}").Delay(time.Second - time.Millisecond)
		fake.On("GET", "/artists/{id}").Times(1).RateLimited(3 * time.Second)
		if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Artists.Get(t.Context(), mock.ArtistID); err != nil {
			t.Fatal(err)
		}
		want := "level=WARN msg=\"slow call\" operation=get-an-artist attempts=2 took=3s\n"
		if got := log.String(); got != want {
			t.Errorf("logged:\n%swant:\n%s", got, want)
		}
	})
}

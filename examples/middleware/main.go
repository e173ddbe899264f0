// Middleware inserts two middlewares of its own into the client's pipeline. They are in
// middleware.go, with a test that you can copy, too.
//
//	go run ./examples/middleware
//
// With SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET set it calls Spotify. Without them it calls a
// fake Spotify inside the program, which fails once and is slow once.
package main

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	options := []spotify.Option{
		// once for each call: retries and all waits are part of the time
		spotify.WithMiddleware(transport.PerCall, logSlow(logger, 200*time.Millisecond)),
		// once for each attempt: every retry has an id of its own
		spotify.WithMiddleware(transport.PerAttempt, requestID),
	}
	id, secret, album := os.Getenv("SPOTIFY_CLIENT_ID"), os.Getenv("SPOTIFY_CLIENT_SECRET"), "4aawyAB9vmqN3uQ7FjRGTy"
	if id == "" {
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
		fake := mock.NewServer(nil, mock.WithCallLog(func(call mock.Call) {
			if sent := call.Header.Get("X-Request-Id"); sent != "" { // a request for a token has none
				fmt.Printf("  the fake gets %s %s with the id %s...: %d\n", call.Method, call.Path, sent[:6], call.Status)
			}
		}))
		defer fake.Close()
		fake.On("GET", "/albums/{id}").Times(1).Error(503, "")
		fake.On("GET", "/search").Delay(250 * time.Millisecond)
		id, secret, album = "example", "not-a-secret", mock.AlbumID
		options = append(options, spotify.WithEndpoints(fake.Endpoints()))
	}
	client, err := spotify.NewFromClientCredentials(id, secret, options...)
	if err != nil {
		return err
	}
	defer client.Close()
	fmt.Println("The pipeline, outermost first:")
	for _, name := range client.Pipeline() {
		fmt.Println("  " + name)
	}

	fmt.Println("\nAn album:")
	got, err := client.Albums.Get(ctx, album, nil)
	if err != nil {
		return err
	}
	fmt.Println("\nThe same album:")
	if _, err := client.Albums.Get(ctx, album, nil); err != nil {
		return err
	}
	fmt.Println("\nA search:")
	_, err = client.Search.Query(ctx, got.Name, nil)
	return err
}

// withoutTime removes the time from the log.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

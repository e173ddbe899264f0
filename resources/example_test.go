package resources_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// The services over a pipeline of your own, here one without a limiter.
func ExampleNew() {
	toSpotify := func(to *url.URL) bool { return to.Host == "api.spotify.com" }
	services, err := resources.New(&http.Client{Transport: transport.Chain(mock.New(nil), // a program: transport.NewBase()
		middleware.DecodeErrors(spotify.DecodeError),
		middleware.Retry(middleware.RetryConfig{}),
		middleware.Classify(spotify.Classify),
		middleware.Timeout(10*time.Second),
		middleware.Auth(auth.Static("token"), toSpotify),
	)}, resources.Config{Market: "DE"})
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	show, err := services.Shows.Get(ctx, mock.ShowID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(show)
	_, err = services.Shows.Get(ctx, "0000000000000000000000", nil)
	fmt.Println(err)

	// Output:
	// Tides and Times
	// spotify: GET /shows/{id}: 404 Not Found: Resource not found
}

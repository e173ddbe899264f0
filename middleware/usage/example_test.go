package usage_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/middleware/usage"
	"github.com/seed-2147f1a9/spotify/transport"
)

// The second run of a program knows the calls of the first.
func ExampleNewFile() {
	folder, err := os.MkdirTemp("", "usage")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	api := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: req}, nil
	})

	for run := 1; run <= 2; run++ {
		store, err := usage.NewFile(filepath.Join(folder, "usage.json")) // a program: "~/.cache/my-program/usage.json"
		if err != nil {
			log.Fatal(err)
		}
		pacer := middleware.NewPacer(middleware.PacerConfig{Usage: store})
		client := http.Client{Transport: transport.Chain(api, middleware.RateLimit(pacer))}
		resp, err := client.Get("https://api.example.com/things")
		if err != nil {
			log.Fatal(err)
		}
		_ = resp.Body.Close()
		if err := pacer.Flush(context.Background()); err != nil {
			log.Fatal(err)
		}
		fmt.Println("run", run, "knows of", pacer.Usage().Day, "calls")
	}
	// Output:
	// run 1 knows of 1 calls
	// run 2 knows of 2 calls
}

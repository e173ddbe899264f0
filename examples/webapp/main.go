// Webapp is a web server on which users log in with Spotify and see their playlists.
//
//	go run ./examples/webapp           # then open http://127.0.0.1:8080
//
// Without credentials it calls a fake Spotify inside the program. With SPOTIFY_CLIENT_ID and
// SPOTIFY_CLIENT_SECRET set, and with http://127.0.0.1:8080/callback among the redirect URIs on the
// app's page, the same code calls Spotify.
package main

import (
	"cmp"
	"context"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	log.SetFlags(0)
	addr := flag.String("addr", "127.0.0.1:8080", "the address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *addr)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, addr string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	home := "http://" + listener.Addr().String()
	app := &app{users: map[string]*user{}}
	defer app.close()
	config := auth.Config{
		ClientID:     os.Getenv("SPOTIFY_CLIENT_ID"),
		ClientSecret: os.Getenv("SPOTIFY_CLIENT_SECRET"),
		RedirectURL:  cmp.Or(os.Getenv("SPOTIFY_REDIRECT_URI"), home+"/callback"),
		Scopes:       []auth.Scope{auth.ScopePlaylistReadPrivate, auth.ScopePlaylistReadCollaborative},
		OnLoginError: app.loginFailed,
		// Store: set it if logins must outlive the program, to a TokenStore that passes
		// storetest.Run.
	}
	// Spotify's rate limit is per app, not per user: the clients of all users share one limiter.
	app.options = []spotify.Option{spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{}))}
	if config.ClientID == "" {
		fake := mock.NewServer(nil)
		defer fake.Close()
		config.ClientID, config.ClientSecret, config.AccountsURL = "example", "not-a-secret", fake.URL
		app.options = append(app.options, spotify.WithEndpoints(fake.Endpoints()))
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
	}
	login, err := auth.NewAuthorizationCode(config)
	if err != nil {
		return err
	}
	defer login.Close()

	mux := http.NewServeMux()
	mux.Handle("GET /login", login.LoginHandler())
	mux.Handle("GET /callback", login.CallbackHandler(app.startSession))
	mux.HandleFunc("POST /logout", app.logout)
	mux.HandleFunc("GET /{$}", app.home)
	mux.HandleFunc("GET /style.css", style)
	server := &http.Server{Handler: http.NewCrossOriginProtection().Handler(mux), ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	log.Print("Open ", home)
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(ending)
}

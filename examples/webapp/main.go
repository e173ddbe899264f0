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
	"embed"
	"errors"
	"flag"
	"html/template"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
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
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	// Spotify's rate limit is per app, not per user: the clients of all users share one limiter.
	app := &app{options: []spotify.Option{spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{}))}}
	config := auth.Config{ // its Store is in memory: set another one if logins must outlive the program
		RedirectURL:  cmp.Or(os.Getenv("SPOTIFY_REDIRECT_URI"), "http://"+listener.Addr().String()+"/callback"),
		Scopes:       []auth.Scope{auth.ScopePlaylistReadPrivate, auth.ScopePlaylistReadCollaborative},
		OnLoginError: func(w http.ResponseWriter, _ *http.Request, err error) { show(w, page{}, err) },
	}
	if os.Getenv("SPOTIFY_CLIENT_ID") == "" {
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
		fake := mock.NewServer(nil)
		config.ClientID, config.ClientSecret, config.AccountsURL = "example", "not-a-secret", fake.URL
		app.options = append(app.options, spotify.WithEndpoints(fake.Endpoints()))
	}
	login, err := auth.NewAuthorizationCode(config)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /login", login.LoginHandler())
	mux.Handle("GET /callback", login.CallbackHandler(app.start))
	mux.HandleFunc("POST /logout", app.logout)
	mux.HandleFunc("GET /{$}", app.home)
	mux.Handle("GET /style.css", http.FileServerFS(files))
	server := &http.Server{Handler: http.NewCrossOriginProtection().Handler(mux), ReadHeaderTimeout: 5 * time.Second}
	log.Print("Open http://", listener.Addr())
	log.Fatal(server.Serve(listener))
}

// app has the sessions, which end with the program.
type app struct {
	options  []spotify.Option
	sessions sync.Map // session by the cookie's value
}

type session struct {
	login  *auth.Login
	client *spotify.Client
}

// start starts a user's session. Its cookie is the account's name, which is random and secret.
func (a *app) start(w http.ResponseWriter, r *http.Request, login *auth.Login) {
	client, err := spotify.New(append([]spotify.Option{spotify.WithTokenSource(login)}, a.options...)...)
	if err != nil {
		show(w, page{}, err)
		return
	}
	a.sessions.Store(login.Account(), session{login, client})
	http.SetCookie(w, &http.Cookie{Name: "session", Value: login.Account(), Path: "/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) session(r *http.Request) (s session, ok bool) {
	if cookie, err := r.Cookie("session"); err == nil {
		found, _ := a.sessions.Load(cookie.Value)
		s, ok = found.(session)
	}
	return s, ok
}

func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	if s, ok := a.session(r); ok {
		a.sessions.Delete(s.login.Account())
		if err := errors.Join(s.login.Forget(r.Context()), s.client.Close(), s.login.Close()); err != nil {
			log.Print(err)
		}
	}
	http.SetCookie(w, &http.Cookie{Name: "session", Path: "/", MaxAge: -1})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	var p page
	var err error
	if s, ok := a.session(r); ok {
		if p.User, err = s.client.Users.Me(r.Context()); err == nil {
			p.Playlists, err = spotify.Collect(s.client.Playlists.AllMine(r.Context(), nil), 0)
		}
	}
	show(w, p, err)
}

//go:embed page.html style.css
var files embed.FS
var pageTemplate = template.Must(template.ParseFS(files, "page.html"))

// page is the data of page.html. Without a User it shows the login link.
type page struct {
	User      *spotify.PrivateUser
	Playlists []spotify.SimplifiedPlaylist
	Problem   string
}

// show responds with a page, or with the login link and the reason of an error.
func show(w http.ResponseWriter, p page, err error) {
	status := http.StatusOK
	switch {
	case errors.Is(err, auth.ErrDenied):
		status, p = http.StatusForbidden, page{Problem: "You declined, and nothing was shared."}
	case errors.Is(err, auth.ErrState):
		status, p = http.StatusBadRequest, page{Problem: "That login was started in another browser, or it took too long."}
	case errors.Is(err, auth.ErrReauthorize): // access revoked, or six months old
		p = page{Problem: "Your login has expired. Log in again to go on."}
	case err != nil:
		log.Print(err)
		status, p = http.StatusBadGateway, page{Problem: "Spotify does not respond as it should. Try again in a moment."}
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; "+
		"img-src data: https: http://127.0.0.1:*; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pageTemplate.Execute(w, p)
}

package main

// app.go is what happens once somebody has logged in: they get a session, see their playlists, and log out.

import (
	"errors"
	"log"
	"net/http"
	"sync"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
)

type app struct {
	options []spotify.Option

	mu    sync.Mutex
	users map[string]*user // by session
}

// user is somebody who has logged in: their login, and a client that calls Spotify for them.
type user struct {
	login  *auth.Login
	client *spotify.Client
}

// welcome begins the session of a user who comes back from Spotify. An account's name is random and known to nobody else, so it can name the session.
func (a *app) welcome(w http.ResponseWriter, r *http.Request, login *auth.Login) {
	client, err := spotify.New(append([]spotify.Option{spotify.WithTokenSource(login)}, a.options...)...)
	if err != nil {
		show(w, http.StatusInternalServerError, page{Problem: "Something is wrong on our side."})
		log.Print(err)
		return
	}
	a.mu.Lock()
	a.users[login.Account()] = &user{login, client}
	a.mu.Unlock()
	http.SetCookie(w, sessionCookie(r, login.Account()))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	user := a.user(r)
	if user == nil {
		show(w, http.StatusOK, page{})
		return
	}
	p, err := user.page(r.Context())
	switch {
	case errors.Is(err, auth.ErrReauthorize): // access taken back, or six months over
		a.end(w, r)
		show(w, http.StatusOK, page{Problem: "Your login has ended. Log in again to go on."})
	case err != nil:
		log.Print(err)
		show(w, http.StatusBadGateway, page{Problem: "Spotify does not answer as it should. Try again in a moment."})
	default:
		show(w, http.StatusOK, p)
	}
}

// logout forgets the login. Spotify keeps the app among those the user gave access to; only the user can end that, on their account page.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	a.end(w, r)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) end(w http.ResponseWriter, r *http.Request) {
	user := a.user(r)
	if user == nil {
		return
	}
	a.mu.Lock()
	delete(a.users, user.login.Account())
	a.mu.Unlock()
	gone := sessionCookie(r, "")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	if err := errors.Join(user.login.Forget(r.Context()), user.close()); err != nil {
		log.Print(err)
	}
}

func (a *app) user(r *http.Request) *user {
	cookie, err := r.Cookie("session")
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.users[cookie.Value]
}

func sessionCookie(r *http.Request, value string) *http.Cookie {
	return &http.Cookie{Name: "session", Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil}
}

func (a *app) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, user := range a.users {
		_ = user.close()
	}
}

func (u *user) close() error { return errors.Join(u.client.Close(), u.login.Close()) }

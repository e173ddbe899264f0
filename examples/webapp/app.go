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

// app is what the handlers share. Sessions last as long as the program: where they are to outlive it, keep the accounts' names in yours.
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
		log.Print(err)
		show(w, http.StatusInternalServerError, page{Problem: "Something is wrong on our side."})
		return
	}
	a.forget(r) // whoever was logged in here before
	a.mu.Lock()
	a.users[login.Account()] = &user{login, client}
	a.mu.Unlock()
	http.SetCookie(w, session(r, login.Account()))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// turnAway tells a user why they are not logged in.
func (a *app) turnAway(w http.ResponseWriter, _ *http.Request, err error) {
	switch {
	case errors.Is(err, auth.ErrDenied):
		show(w, http.StatusForbidden, page{Problem: "You declined, and nothing was shared."})
	case errors.Is(err, auth.ErrState):
		show(w, http.StatusBadRequest, page{Problem: "That login was begun elsewhere, or it took too long."})
	default:
		log.Print(err)
		show(w, http.StatusBadGateway, page{Problem: "The login could not be completed. Try again in a moment."})
	}
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
		a.forget(r)
		http.SetCookie(w, session(r, ""))
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
	a.forget(r)
	http.SetCookie(w, session(r, ""))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) forget(r *http.Request) {
	user := a.user(r)
	if user == nil {
		return
	}
	a.mu.Lock()
	delete(a.users, user.login.Account())
	a.mu.Unlock()
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

// session is the cookie of a session; without an account it ends one.
func session(r *http.Request, account string) *http.Cookie {
	cookie := &http.Cookie{Name: "session", Value: account, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil}
	if account == "" {
		cookie.MaxAge = -1
	}
	return cookie
}

func (a *app) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, user := range a.users {
		_ = user.close()
	}
}

func (u *user) close() error { return errors.Join(u.client.Close(), u.login.Close()) }

package main

import (
	"errors"
	"log"
	"net/http"
	"sync"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
)

// app is the state that the handlers share. Sessions end with the program: store the accounts'
// names if sessions must outlive it.
type app struct {
	options []spotify.Option

	mu    sync.Mutex
	users map[string]*user // by the session cookie's value
}

// user is a logged-in user: the login, and a client that calls Spotify with it.
type user struct {
	login  *auth.Login
	client *spotify.Client
}

// startSession starts the session of a user who has just logged in. An account's name is random and
// secret, so it is the session cookie's value, too.
func (a *app) startSession(w http.ResponseWriter, r *http.Request, login *auth.Login) {
	client, err := spotify.New(append([]spotify.Option{spotify.WithTokenSource(login)}, a.options...)...)
	if err != nil {
		log.Print(err)
		show(w, http.StatusInternalServerError, page{Problem: "Something is wrong on our side."})
		return
	}
	a.forget(r) // ends an earlier session in this browser
	a.mu.Lock()
	a.users[login.Account()] = &user{login, client}
	a.mu.Unlock()
	http.SetCookie(w, session(r, login.Account()))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// loginFailed shows a user the reason why a login has failed.
func (a *app) loginFailed(w http.ResponseWriter, _ *http.Request, err error) {
	switch {
	case errors.Is(err, auth.ErrDenied):
		show(w, http.StatusForbidden, page{Problem: "You declined, and nothing was shared."})
	case errors.Is(err, auth.ErrState):
		show(w, http.StatusBadRequest, page{Problem: "That login was started in another browser, or it took too long."})
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
	case errors.Is(err, auth.ErrReauthorize): // access revoked, or six months old
		a.forget(r)
		http.SetCookie(w, session(r, ""))
		show(w, http.StatusOK, page{Problem: "Your login has expired. Log in again to go on."})
	case err != nil:
		log.Print(err)
		show(w, http.StatusBadGateway, page{Problem: "Spotify does not respond as it should. Try again in a moment."})
	default:
		show(w, http.StatusOK, p)
	}
}

// logout removes the login. The app keeps its access on Spotify's side until the user revokes it on
// their account page.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	a.forget(r)
	http.SetCookie(w, session(r, ""))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// forget ends the session of a request, if it has one, and removes the login.
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

// user returns the user of a request, or nil.
func (a *app) user(r *http.Request) *user {
	cookie, err := r.Cookie("session")
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.users[cookie.Value]
}

// session returns the cookie of an account's session, or with "" the cookie that ends a session.
func session(r *http.Request, account string) *http.Cookie {
	cookie := &http.Cookie{Name: "session", Value: account, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil}
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

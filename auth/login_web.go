package auth

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// loginTime is the lifetime of a login's cookie.
const loginTime = 10 * time.Minute

// LoginHandler returns a handler that redirects the browser to Spotify's login. It sets a signed
// cookie for CallbackHandler that expires after 10 minutes and is HttpOnly, SameSite=Lax and, if
// RedirectURL is https, Secure. One browser can have several logins in flight.
func (l *Login) LoginHandler(opts ...AuthOption) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state := NewState()
		to, err := l.AuthURL(state, opts...)
		if err != nil {
			l.loginFailed(w, r, err)
			return
		}
		http.SetCookie(w, l.cookie(state, l.sign(state, time.Now().Add(loginTime)), int(loginTime/time.Second)))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, to, http.StatusSeeOther)
	})
}

// CallbackHandler returns the handler for RedirectURL's path. It completes the login and calls
// done, which writes the response.
//
// If Config.Account is empty, user is a new login with a random Account: keep the name in the
// session and pass it to ForAccount later. done has to close that login. Otherwise user is l.
//
// If the login fails, Config.OnLoginError writes the response, or an error page is served if it is
// nil.
func (l *Login) CallbackHandler(done func(w http.ResponseWriter, r *http.Request, user *Login)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		if r.Method != http.MethodGet { // a code is valid once: a HEAD must not use it up
			w.Header().Set("Allow", http.MethodGet)
			writePage(w, pageMethod)
			return
		}
		state := l.loginState(r)
		if state != "" {
			http.SetCookie(w, l.cookie(state, "", -1)) // valid once
		}
		code, err := l.codeFor(r.URL, state)
		if err != nil {
			l.loginFailed(w, r, err)
			return
		}
		user := l
		if l.config.Account == "" {
			user = l.ForAccount(NewState())
		}
		if err := user.Exchange(r.Context(), code); err != nil {
			l.loginFailed(w, r, err)
			return
		}
		done(w, r, user)
	})
}

func (l *Login) codeFor(u *url.URL, state string) (Code, error) {
	if state == "" {
		return Code{}, &CallbackError{
			Problem: "this browser has not started this login, " +
				"or it was completed or took more than 10 minutes; log in again",
			is: ErrState,
		}
	}
	return parseCallback(u, state)
}

// loginState returns the request's state if the browser sent the unexpired cookie of that login, ""
// otherwise.
func (l *Login) loginState(r *http.Request) string {
	state := r.URL.Query().Get("state")
	if checkState(state) != nil {
		return ""
	}
	cookie, err := r.Cookie(l.cookieName(state))
	if err != nil {
		return ""
	}
	seconds, _, _ := strings.Cut(cookie.Value, ".")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	ends := time.Unix(unix, 0)
	if err != nil || !time.Now().Before(ends) ||
		subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(l.sign(state, ends))) != 1 {
		return ""
	}
	return state
}

// sign returns the cookie's value: its expiry and an HMAC of the expiry and the state.
func (l *Login) sign(state string, ends time.Time) string {
	seconds := strconv.FormatInt(ends.Unix(), 10)
	return seconds + "." + base64.RawURLEncoding.EncodeToString(l.mac("cookie "+seconds, state))
}

func (l *Login) cookie(state, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: l.cookieName(state), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: l.secure(),
		SameSite: http.SameSiteLaxMode, // a Strict cookie is not sent on the redirect from Spotify
	}
}

// cookieName returns a cookie name for each state, so that one browser can have several logins in
// flight. It holds a hash because a request's state can contain any character.
func (l *Login) cookieName(state string) string {
	name := "spotify_login_" + base64.RawURLEncoding.EncodeToString(l.mac("name", state)[:6])
	if l.secure() {
		return "__Host-" + name
	}
	return name
}

func (l *Login) secure() bool { return strings.HasPrefix(l.config.RedirectURL, "https:") }

func (l *Login) loginFailed(w http.ResponseWriter, r *http.Request, err error) {
	if l.config.OnLoginError != nil {
		l.config.OnLoginError(w, r, err)
		return
	}
	writePage(w, failurePage(err))
}

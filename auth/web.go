package auth

// web.go is the pair of handlers with which a web app logs its users in; a signed cookie ties an answer to the browser that began the login.

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// loginTime is how long a user may take to log in.
const loginTime = 10 * time.Minute

// LoginHandler sends the browser to Spotify to log in. It leaves a cookie for CallbackHandler: signed, good for ten minutes, and HttpOnly, SameSite=Lax
// and, if RedirectURL is https, Secure. Several logins can be under way in one browser.
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

// CallbackHandler belongs where RedirectURL points. It completes the login and hands the request on to done, with the user's login: if Config.Account
// is empty that is a new one, whose Account is a random name that an app can keep in its session and give to ForAccount later; done then owns it.
// A login that fails is answered by Config.OnLoginError or by a page that says what to do.
func (l *Login) CallbackHandler(done func(w http.ResponseWriter, r *http.Request, user *Login)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		if r.Method != http.MethodGet { // a code is good once: not for a HEAD that looks ahead
			w.Header().Set("Allow", http.MethodGet)
			writePage(w, pageMethod)
			return
		}
		state := l.begun(r)
		if state != "" {
			http.SetCookie(w, l.cookie(state, "", -1)) // good once
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
		return Code{}, &CallbackError{Problem: "this browser has begun no such login, or it was completed or took too long; log in again", is: ErrState}
	}
	return parseCallback(u, state)
}

// begun returns the state of the login that the request claims to complete, if this browser began it and in time.
func (l *Login) begun(r *http.Request) string {
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
	if err != nil || !time.Now().Before(ends) || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(l.sign(state, ends))) != 1 {
		return ""
	}
	return state
}

// sign makes the cookie's value, which is good for one state and until a time.
func (l *Login) sign(state string, ends time.Time) string {
	seconds := strconv.FormatInt(ends.Unix(), 10)
	return seconds + "." + base64.RawURLEncoding.EncodeToString(l.mac("cookie "+seconds, state))
}

func (l *Login) cookie(state, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: l.cookieName(state), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: l.secure(), SameSite: http.SameSiteLaxMode, // Strict would not come back from another site
	}
}

// cookieName tells the logins of one browser apart by a hash: a state comes from outside and can hold anything.
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
	writePage(w, failure(err))
}

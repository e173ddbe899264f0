package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/internal/accounts"
)

// A code that was exchanged is not sent again, because Spotify may revoke the login. A code whose
// request may not have arrived can be exchanged again.
func TestCodeIsExchangedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := direct(accounts.Config{})
		l := open(t, "PKCE", w.config())
		state := auth.NewState()
		callback := w.callback(t, l, state)
		parse := func() auth.Code {
			code, err := l.ParseCallback(callback, state)
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		w.Fail(tokenPath, accounts.Fault{Drop: true, Times: 1})
		if err := l.Exchange(t.Context(), parse()); err == nil {
			t.Fatal("exchanged while the endpoint was down")
		}
		if err := l.Exchange(t.Context(), parse()); err != nil {
			t.Fatalf("a second attempt after the outage: %v", err)
		}
		sent := w.Count(tokenPath)
		for _, again := range []*auth.Login{l, l.ForAccount("another")} {
			err := again.Exchange(t.Context(), parse())
			if _, ok := errors.AsType[*auth.CallbackError](err); !ok ||
				!strings.Contains(err.Error(), "completed before") {
				t.Errorf("the code a second time: %v", err)
			}
		}
		if n := w.Count(tokenPath) - sent; n != 0 {
			t.Errorf("the code was sent again, %d times", n)
		}
		w.renewed(t, l)
	})
}

// A browser that requests the callback several times concurrently logs in once.
func TestWebCallbackManyAtOnce(t *testing.T) {
	app := newWebApp(t, "code", nil)
	b := browser(t, "/callback")
	resp, _ := get(t, b, app.url+"/login")
	to, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	here, _ := url.Parse(app.url)
	cookies := b.Jar.Cookies(here)
	var mu sync.Mutex
	got := map[int]int{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, to.String(), nil)
			for _, cookie := range cookies {
				req.AddCookie(cookie)
			}
			rec := httptest.NewRecorder()
			app.mux.ServeHTTP(rec, req)
			mu.Lock()
			defer mu.Unlock()
			got[rec.Code]++
		})
	}
	wg.Wait()
	if got[http.StatusSeeOther] != 1 || got[http.StatusGone] != 7 || len(app.users) != 1 ||
		app.Count("authorization_code") != 1 {
		t.Errorf("%v, %d users, %d exchanges", got, len(app.users), app.Count("authorization_code"))
	}
	app.renewed(t, app.users[0])
}

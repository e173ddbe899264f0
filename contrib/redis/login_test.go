package spotifyredis

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/auth"
)

// rotating is an Accounts service whose refresh tokens can be used once, and an API that lets an
// access token expire when every process has used it.
type rotating struct {
	*httptest.Server
	processes, most int
	onExpiry        func(n int)

	mu               sync.Mutex
	refresh, access  string
	expired          bool
	used             map[string]bool
	expiries         int // of access tokens, that of the first one included
	refreshes, spent int // refresh tokens that were used, and that were used again
}

func newRotating(t testing.TB, processes, most int) *rotating {
	r := &rotating{
		processes: processes,
		most:      most,
		refresh:   "refresh-0",
		expired:   true,
		expiries:  1,
		used:      map[string]bool{},
	}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *rotating) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path == "/api/token" {
		time.Sleep(3 * time.Millisecond)
		r.grant(w, req)
		return
	}
	r.mu.Lock()
	hook := -1
	switch {
	case r.expired || req.Header.Get("Authorization") != "Bearer "+r.access:
		w.WriteHeader(http.StatusUnauthorized)
	case r.expiries > r.most:
		w.WriteHeader(http.StatusGone)
	default:
		r.used[req.URL.Path] = true
		if len(r.used) == r.processes {
			r.used = map[string]bool{}
			if r.expiries++; r.expiries <= r.most {
				r.expired, hook = true, r.expiries
			}
		}
	}
	r.mu.Unlock()
	if hook >= 0 && r.onExpiry != nil {
		r.onExpiry(hook)
	}
}

func (r *rotating) grant(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if req.FormValue("refresh_token") != r.refresh {
		r.spent++
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"invalid_grant","error_description":"Refresh token revoked"}`)
		return
	}
	r.refreshes++
	r.expired = false
	r.refresh, r.access = fmt.Sprintf("refresh-%d", r.refreshes), fmt.Sprintf("access-%d", r.refreshes)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"access_token": r.access, "refresh_token": r.refresh, "token_type": "Bearer", "expires_in": 3600,
	})
}

// firstLogin returns the login that all processes have at first: its access token has expired.
func firstLogin() auth.StoredToken {
	before := time.Now().Add(-time.Hour)
	return auth.StoredToken{
		ClientID: "app", AccessToken: "access-0", RefreshToken: "refresh-0", Expiry: before, AuthorizedAt: before,
	}
}

// refreshLogins is a process that uses a login of all processes: many goroutines at once at first,
// then a few for as long as the server goes on.
func refreshLogins(w work) (result worked) {
	var store auth.TokenStore = auth.NewMemoryStore()
	if w.Independent {
		if err := store.Save(context.Background(), "default", firstLogin(), 0); err != nil {
			panic(err)
		}
	} else {
		shared, err := NewTokenStore(redis.NewUniversalClient(Options(w.Redis...)),
			TokenStoreConfig{Account: w.Account, Key: w.Key})
		if err != nil {
			panic(err)
		}
		store = shared
	}
	login, err := auth.NewPKCE(auth.Config{
		ClientID: "app", RedirectURL: "http://127.0.0.1/callback", Store: store, AccountsURL: w.URL,
		AuthURL: w.URL + "/authorize", TokenURL: w.URL + "/api/token",
	})
	if err != nil {
		panic(err)
	}
	defer login.Close()
	var failed atomic.Int64
	var problem atomic.Value
	fail := func(err error) {
		failed.Add(1)
		problem.Store(err.Error())
	}
	var all sync.WaitGroup
	for range w.Goroutines {
		all.Go(func() {
			if _, err := login.Token(context.Background()); err != nil {
				fail(err)
			}
		})
	}
	all.Wait()
	for range w.Calls {
		all.Go(func() {
			for {
				ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
				token, err := login.Token(ctx)
				cancel()
				if err != nil {
					fail(err)
					return
				}
				req, _ := http.NewRequest(http.MethodGet, w.URL+"/use/"+w.Name, nil)
				req.Header.Set("Authorization", "Bearer "+token.AccessToken)
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					fail(err)
					return
				}
				_ = resp.Body.Close()
				switch resp.StatusCode {
				case http.StatusGone:
					return
				case http.StatusUnauthorized:
					login.Invalidate(token)
				default:
					time.Sleep(2 * time.Millisecond)
				}
			}
		})
	}
	all.Wait()
	result.Failed = int(failed.Load())
	result.Problem, _ = problem.Load().(string)
	return result
}

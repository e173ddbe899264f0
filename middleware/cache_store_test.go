package middleware

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// After a write, what it may have changed is asked for again before it is used; it is never used unasked.
func TestCacheAfterWrites(t *testing.T) {
	const other = "https://api.example.com/v1/other"
	for _, tc := range []struct {
		name, method, url string
		user              transport.Secret
		status            int // 0 is an error
		stale             bool
	}{
		{name: "the same URL", method: "PUT", url: thing, status: 200, stale: true},
		{name: "another URL of the same user", method: "DELETE", url: other, status: 204, stale: true},
		{name: "a method nobody knows", method: "PURGE", url: other, status: 200, stale: true},
		{name: "a redirect", method: "POST", url: other, status: 303, stale: true},
		{name: "refused", method: "PUT", url: thing, status: 403},
		{name: "rejected", method: "PUT", url: thing, status: 429},
		{name: "failed, perhaps too late", method: "POST", url: other, status: 502, stale: true},
		{name: "broken, perhaps too late", method: "POST", url: other, status: 0, stale: true},
		{name: "another user's", method: "PUT", url: other, user: "b", status: 200},
		{name: "another user's, the same URL", method: "PUT", url: thing, user: "b", status: 200, stale: true},
		{name: "no write", method: "HEAD", url: thing, status: 200},
		{name: "no write either", method: "OPTIONS", url: thing, status: 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := &origin{header: headers("Cache-Control: max-age=60", `ETag: "a"`)}
			chain := Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				if req.Method == "GET" {
					return server.RoundTrip(req)
				}
				if tc.status == 0 {
					return nil, errors.New("connection reset by peer")
				}
				return &http.Response{StatusCode: tc.status, Body: http.NoBody, Request: req}, nil
			}))
			get := func() {
				if _, body, err := send(t, chain, newRequest(t, t.Context(), "GET", thing, "")); err != nil || body != "response 1" {
					t.Fatal(body, err)
				}
			}
			get()
			ctx := transport.WithCall(t.Context(), &transport.Call{Token: tc.user})
			_, _, _ = send(t, chain, newRequest(t, ctx, tc.method, tc.url, ""))
			get()
			want := hit
			if tc.stale {
				want = valid
			}
			if got := strings.Join(server.asked, " "); got != want {
				t.Errorf("the server was asked for %q, want %q", got, want)
			}
		})
	}
}

// What was asked for before a write and is answered after it may be what was there before: it is not kept.
func TestCacheDoesNotKeepWhatAWriteOvertook(t *testing.T) {
	server := &origin{header: headers("Cache-Control: max-age=60")}
	var chain http.RoundTripper
	overtaken := false
	chain = Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := server.RoundTrip(req)
		if req.Method == "GET" && !overtaken {
			overtaken = true
			_, _, _ = send(t, chain, newRequest(t, t.Context(), "PUT", thing, ""))
		}
		return resp, err
	}))
	for range 3 {
		_, _, _ = send(t, chain, newRequest(t, t.Context(), "GET", thing, ""))
	}
	if got := strings.Join(server.asked, " "); got != "GET 200 PUT 200 GET 200" {
		t.Errorf("the server was asked for %q", got)
	}
}

// An answer is kept when all of it has been read, and only then.
func TestCacheKeepsWholeBodies(t *testing.T) {
	all := func(b io.Reader) { _, _ = io.Copy(io.Discard, b) }
	for _, tc := range []struct {
		name   string
		body   io.Reader
		length int64
		read   func(io.Reader)
		limit  int64
		kept   bool
	}{
		{name: "all of it", body: strings.NewReader("hello"), length: 5, read: all, kept: true},
		{name: "of unknown length", body: strings.NewReader("hello"), length: -1, read: all, kept: true},
		{name: "empty", body: strings.NewReader(""), length: 0, read: all, kept: true},
		{name: "all of it, not the end", body: strings.NewReader("hello"), length: 5, read: func(b io.Reader) { _, _ = io.ReadFull(b, make([]byte, 5)) }, kept: true},
		{name: "of unknown length, not the end", body: strings.NewReader("hello"), length: -1, read: func(b io.Reader) { _, _ = io.ReadFull(b, make([]byte, 5)) }},
		{name: "a part", body: strings.NewReader("hello"), length: 5, read: func(b io.Reader) { _, _ = io.ReadFull(b, make([]byte, 4)) }},
		{name: "unread", body: strings.NewReader("hello"), length: 5, read: func(io.Reader) {}},
		{name: "broken off", body: io.MultiReader(strings.NewReader("hell"), errorReader{io.ErrUnexpectedEOF}), length: -1, read: all},
		{name: "too short", body: strings.NewReader("hell"), length: 5, read: all},
		{name: "too long", body: strings.NewReader("hello!"), length: 5, read: all},
		{name: "as large as may be", body: strings.NewReader("hello"), length: -1, read: all, limit: 5, kept: true},
		{name: "too large", body: strings.NewReader("hello!"), length: -1, read: all, limit: 5},
		{name: "said to be too large", body: strings.NewReader("hello!"), length: 6, read: all, limit: 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			asked := 0
			chain := Cache(CacheConfig{MaxBodyBytes: tc.limit})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				asked++
				return &http.Response{StatusCode: 200, Header: headers("Cache-Control: max-age=60"), Body: io.NopCloser(tc.body), ContentLength: tc.length, Request: req}, nil
			}))
			for range 2 {
				resp, err := chain.RoundTrip(newRequest(t, t.Context(), "GET", thing, ""))
				if err != nil {
					t.Fatal(err)
				}
				tc.read(resp.Body)
				_ = resp.Body.Close()
			}
			if kept := asked == 1; kept != tc.kept {
				t.Errorf("kept is %v", kept)
			}
		})
	}
}

// A body whose reader has left may have been ended in the middle by the server: it is not kept either.
func TestCacheDoesNotTrustAnAbandonedBody(t *testing.T) {
	server := &origin{header: headers("Cache-Control: max-age=60")}
	chain := Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := server.RoundTrip(req)
		resp.ContentLength = -1
		return resp, err
	}))
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		resp, err := chain.RoundTrip(newRequest(t, ctx, "GET", thing, ""))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		transport.Drain(resp)
	}
	if len(server.asked) != 2 {
		t.Errorf("asked %d times", len(server.asked))
	}
}

// The cache never holds more than it may, and lets go of what was not used for the longest time.
func TestCacheIsBounded(t *testing.T) {
	const most = 20_000
	server := &origin{header: headers("Cache-Control: max-age=60", "Vary: Accept-Language")}
	store := newCacheStore(most)
	chain := &cache{CacheConfig: CacheConfig{}.withDefaults(), store: store, next: server}
	get := func(path, language string) {
		req := newRequest(t, t.Context(), "GET", thing+path, "")
		req.Header.Set("Accept-Language", language)
		if _, _, err := send(t, chain, req); err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, key := range store.lru.Keys() {
			held, _ := store.lru.Peek(key)
			sum += int64(len(key.url))
			for _, a := range held.entries {
				sum += a.size()
			}
		}
		if sum != store.bytes || sum > most {
			t.Fatalf("holds %d bytes, and believes %d, of %d", sum, store.bytes, most)
		}
	}
	for i := range 300 {
		get(fmt.Sprintf("/%d", i), "sv")
		get("/favourite", "sv")
		get("/variants", fmt.Sprint(i))
	}
	if n := store.lru.Len(); n < 5 {
		t.Errorf("holds %d URLs, and has room for more", n)
	}
	before := len(server.asked)
	get("/favourite", "sv")
	get("/variants", "299")
	get("/299", "sv")
	if len(server.asked) != before {
		t.Error("let go of what was just used")
	}
	if get("/0", "sv"); len(server.asked) != before+1 {
		t.Error("keeps what was not used for the longest time")
	}
}

// Neither the key nor anything else that is kept holds a token in clear.
func TestCacheKeepsNoSecret(t *testing.T) {
	server := &origin{header: headers("Cache-Control: max-age=60", "Vary: Authorization, Cookie", "Set-Cookie: id=s3cr3t")}
	store := newCacheStore(1 << 20)
	chain := &cache{CacheConfig: CacheConfig{}.withDefaults(), store: store, next: server}
	ctx := transport.WithCall(t.Context(), &transport.Call{Token: "s3cr3t-token"})
	req := newRequest(t, ctx, "GET", thing, "")
	req.Header.Set("Authorization", "Bearer s3cr3t")
	req.Header.Set("Cookie", "id=s3cr3t")
	if _, _, err := send(t, chain, req); err != nil || store.lru.Len() != 1 {
		t.Fatal("not kept", err)
	}
	for _, key := range store.lru.Keys() {
		held, _ := store.lru.Peek(key)
		if text := fmt.Sprintf("%#v %#v %#v", key, held, *held.entries[0]); strings.Contains(text, "s3cr3t") {
			t.Error(text)
		}
	}
}

// Readers and writers at the same time, over real sockets, with bodies that the transport unpacks.
func TestCacheOnWire(t *testing.T) {
	var asked atomic.Int64
	onWire(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Cache-Control", "max-age=60")
		w.Header().Set("ETag", `"a"`)
		if r.Method == "GET" && r.Header.Get("If-None-Match") == "" {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, r.URL.Path)
			_ = z.Close()
			return
		}
		w.WriteHeader(http.StatusNotModified)
	}, func(t *testing.T, base http.RoundTripper, url string) {
		asked.Store(0)
		counters := new(CacheCounters)
		chain := Cache(CacheConfig{Counters: counters})(base)
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for j := range 50 {
					path := fmt.Sprintf("/%d", (i+j)%10)
					if _, body, err := send(t, chain, newRequest(t, t.Context(), "GET", url+path, "")); err != nil || body != path {
						t.Errorf("%s: %q, %v", path, body, err)
					}
					if i == 0 && j%10 == 0 {
						_, _, _ = send(t, chain, newRequest(t, t.Context(), "PUT", url+path, ""))
					}
				}
			})
		}
		wg.Wait()
		if sum := counters.Hits.Load() + counters.Misses.Load() + counters.Revalidated.Load(); sum != 16*50 || counters.Hits.Load() < 100 || asked.Load() != counters.Misses.Load()+counters.Revalidated.Load()+5 {
			t.Errorf("%d asked, %d hits, %d misses, %d confirmed", asked.Load(), counters.Hits.Load(), counters.Misses.Load(), counters.Revalidated.Load())
		}
	})
}

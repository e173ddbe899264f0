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

// After a write, the entries that it may have changed are revalidated before they are used.
func TestCacheAfterWrites(t *testing.T) {
	const other = "https://api.example.com/v1/other"
	for _, tc := range []struct {
		name, method, url string
		user              transport.Secret
		status            int // 0 if there is no response
		stale             bool
	}{
		{name: "the same URL", method: "PUT", url: thing, status: 200, stale: true},
		{name: "another URL of the same user", method: "DELETE", url: other, status: 204, stale: true},
		{name: "an unknown method", method: "PURGE", url: other, status: 200, stale: true},
		{name: "a redirect", method: "POST", url: other, status: 303, stale: true},
		{name: "403", method: "PUT", url: thing, status: 403},
		{name: "429", method: "PUT", url: thing, status: 429},
		{name: "502", method: "POST", url: other, status: 502, stale: true},
		{name: "no response", method: "POST", url: other, status: 0, stale: true},
		{name: "another user's", method: "PUT", url: other, user: "b", status: 200},
		{name: "another user's, the same URL", method: "PUT", url: thing, user: "b", status: 200, stale: true},
		{name: "HEAD", method: "HEAD", url: thing, status: 200},
		{name: "OPTIONS", method: "OPTIONS", url: thing, status: 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := &origin{header: headers("Cache-Control: max-age=60", `ETag: "a"`)}
			rt := Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				if req.Method == "GET" {
					return server.RoundTrip(req)
				}
				if tc.status == 0 {
					return nil, errors.New("connection reset by peer")
				}
				return &http.Response{StatusCode: tc.status, Body: http.NoBody, Request: req}, nil
			}))
			get := func() {
				if _, body, err := send(t, rt, newRequest(t, t.Context(), "GET", thing, "")); err != nil ||
					body != "response 1" {
					t.Fatal(body, err)
				}
			}
			get()
			ctx := transport.WithCall(t.Context(), &transport.Call{Token: tc.user})
			_, _, _ = send(t, rt, newRequest(t, ctx, tc.method, tc.url, ""))
			get()
			want := hit
			if tc.stale {
				want = valid
			}
			if got := strings.Join(server.served, " "); got != want {
				t.Errorf("the server sent %q, want %q", got, want)
			}
		})
	}
}

// A response to a request that was sent before a write and is received after it is not stored.
func TestCacheDoesNotStoreAcrossAWrite(t *testing.T) {
	server := &origin{header: headers("Cache-Control: max-age=60")}
	var rt http.RoundTripper
	written := false
	rt = Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := server.RoundTrip(req)
		if req.Method == "GET" && !written {
			written = true
			_, _, _ = send(t, rt, newRequest(t, t.Context(), "PUT", thing, ""))
		}
		return resp, err
	}))
	for range 3 {
		_, _, _ = send(t, rt, newRequest(t, t.Context(), "GET", thing, ""))
	}
	if got := strings.Join(server.served, " "); got != "GET 200 PUT 200 GET 200" {
		t.Errorf("the server sent %q", got)
	}
}

// A response is stored when its whole body has been read, and only then.
func TestCacheStoresWholeBodies(t *testing.T) {
	all := func(b io.Reader) { _, _ = io.Copy(io.Discard, b) }
	for _, tc := range []struct {
		name   string
		body   io.Reader
		length int64
		read   func(io.Reader)
		limit  int64
		stored bool
	}{
		{name: "all of it", body: strings.NewReader("hello"), length: 5, read: all, stored: true},
		{name: "of unknown length", body: strings.NewReader("hello"), length: -1, read: all, stored: true},
		{name: "empty", body: strings.NewReader(""), length: 0, read: all, stored: true},
		{name: "all of it, without EOF", body: strings.NewReader("hello"), length: 5,
			read: func(b io.Reader) { _, _ = io.ReadFull(b, make([]byte, 5)) }, stored: true},
		{name: "of unknown length, without EOF", body: strings.NewReader("hello"), length: -1,
			read: func(b io.Reader) { _, _ = io.ReadFull(b, make([]byte, 5)) }},
		{name: "a part", body: strings.NewReader("hello"), length: 5,
			read: func(b io.Reader) { _, _ = io.ReadFull(b, make([]byte, 4)) }},
		{name: "unread", body: strings.NewReader("hello"), length: 5, read: func(io.Reader) {}},
		{name: "cut short", body: io.MultiReader(strings.NewReader("hell"), errorReader{io.ErrUnexpectedEOF}),
			length: -1, read: all},
		{name: "too short", body: strings.NewReader("hell"), length: 5, read: all},
		{name: "too long", body: strings.NewReader("hello!"), length: 5, read: all},
		{name: "of the largest size", body: strings.NewReader("hello"), length: -1, read: all, limit: 5, stored: true},
		{name: "too large", body: strings.NewReader("hello!"), length: -1, read: all, limit: 5},
		{name: "too large by its length", body: strings.NewReader("hello!"), length: 6, read: all, limit: 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			requests := 0
			base := func(req *http.Request) (*http.Response, error) {
				requests++
				return &http.Response{StatusCode: 200, Header: headers("Cache-Control: max-age=60"),
					Body: io.NopCloser(tc.body), ContentLength: tc.length, Request: req}, nil
			}
			rt := Cache(CacheConfig{MaxBodyBytes: tc.limit})(transport.RoundTripperFunc(base))
			for range 2 {
				resp, err := rt.RoundTrip(newRequest(t, t.Context(), "GET", thing, ""))
				if err != nil {
					t.Fatal(err)
				}
				tc.read(resp.Body)
				_ = resp.Body.Close()
			}
			if stored := requests == 1; stored != tc.stored {
				t.Errorf("stored is %v", stored)
			}
		})
	}
}

// A body that ends after the context is not stored: the server may have cut it short.
func TestCacheDoesNotStoreAfterCancel(t *testing.T) {
	server := &origin{header: headers("Cache-Control: max-age=60")}
	rt := Cache(CacheConfig{})(transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := server.RoundTrip(req)
		resp.ContentLength = -1
		return resp, err
	}))
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		resp, err := rt.RoundTrip(newRequest(t, ctx, "GET", thing, ""))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		transport.Drain(resp)
	}
	if len(server.served) != 2 {
		t.Errorf("the server got %d requests, want 2", len(server.served))
	}
}

// The cache never holds more than MaxBytes, and evicts the least recently used entries.
func TestCacheIsBounded(t *testing.T) {
	const limit = 20_000
	server := &origin{header: headers("Cache-Control: max-age=60", "Vary: Accept-Language")}
	store := newCacheStore(limit)
	rt := &cache{CacheConfig: CacheConfig{}.withDefaults(), store: store, next: server}
	get := func(path, language string) {
		req := newRequest(t, t.Context(), "GET", thing+path, "")
		req.Header.Set("Accept-Language", language)
		if _, _, err := send(t, rt, req); err != nil {
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
		if sum != store.bytes || sum > limit {
			t.Fatalf("holds %d bytes, counts %d, the limit is %d", sum, store.bytes, limit)
		}
	}
	for i := range 300 {
		get(fmt.Sprintf("/%d", i), "sv")
		get("/favourite", "sv")
		get("/variants", fmt.Sprint(i))
	}
	if n := store.lru.Len(); n < 5 {
		t.Errorf("holds %d URLs, want 5 or more", n)
	}
	before := len(server.served)
	get("/favourite", "sv")
	get("/variants", "299")
	get("/299", "sv")
	if len(server.served) != before {
		t.Error("evicted an entry that was just used")
	}
	if get("/0", "sv"); len(server.served) != before+1 {
		t.Error("kept the least recently used entry")
	}
}

// Neither keys nor entries hold a token or a cookie in clear.
func TestCacheStoresNoSecret(t *testing.T) {
	server := &origin{header: headers("Cache-Control: max-age=60", "Vary: Authorization, Cookie",
		"Set-Cookie: id=s3cr3t")}
	store := newCacheStore(1 << 20)
	rt := &cache{CacheConfig: CacheConfig{}.withDefaults(), store: store, next: server}
	ctx := transport.WithCall(t.Context(), &transport.Call{Token: "s3cr3t-token"})
	req := newRequest(t, ctx, "GET", thing, "")
	req.Header.Set("Authorization", "Bearer s3cr3t")
	req.Header.Set("Cookie", "id=s3cr3t")
	if _, _, err := send(t, rt, req); err != nil || store.lru.Len() != 1 {
		t.Fatal("not stored", err)
	}
	for _, key := range store.lru.Keys() {
		held, _ := store.lru.Peek(key)
		if text := fmt.Sprintf("%#v %#v %#v", key, held, *held.entries[0]); strings.Contains(text, "s3cr3t") {
			t.Error(text)
		}
	}
}

// Concurrent reads and writes over real sockets, with bodies that the transport decompresses.
func TestCacheOnWire(t *testing.T) {
	var received atomic.Int64
	onWire(t, func(w http.ResponseWriter, r *http.Request) {
		received.Add(1)
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
		received.Store(0)
		counters := new(CacheCounters)
		rt := Cache(CacheConfig{Counters: counters})(base)
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for j := range 50 {
					path := fmt.Sprintf("/%d", (i+j)%10)
					if _, body, err := send(t, rt, newRequest(t, t.Context(), "GET", url+path, "")); err != nil ||
						body != path {
						t.Errorf("%s: %q, %v", path, body, err)
					}
					if i == 0 && j%10 == 0 {
						_, _, _ = send(t, rt, newRequest(t, t.Context(), "PUT", url+path, ""))
					}
				}
			})
		}
		wg.Wait()
		if sum := counters.Hits.Load() + counters.Misses.Load() + counters.Revalidated.Load(); sum != 16*50 ||
			counters.Hits.Load() < 100 || received.Load() != counters.Misses.Load()+counters.Revalidated.Load()+5 {
			t.Errorf("%d requests, %d hits, %d misses, %d revalidated", received.Load(), counters.Hits.Load(),
				counters.Misses.Load(), counters.Revalidated.Load())
		}
	})
}

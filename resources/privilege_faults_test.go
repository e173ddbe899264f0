package resources

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// surface is the API as an app sees it: without extended quota it refuses batch operations and
// pages of more than 10 items. It counts the refusals.
type surface struct {
	extended atomic.Bool
	closed   bool // whether it refuses all requests
	batches  atomic.Int64
	pages    atomic.Int64
	calls    atomic.Int64
}

func (s *surface) RoundTrip(req *http.Request) (*http.Response, error) {
	s.calls.Add(1)
	select {
	case <-time.After(100 * time.Millisecond):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	path, q := strings.TrimPrefix(req.URL.Path, "/v1"), req.URL.Query()
	ids := strings.Split(q.Get("ids"), ",")
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	switch {
	case s.closed:
		s.batches.Add(1)
		return responseTo(
			req,
			403,
			`{"error":{"status":403,"message":"User not registered in the Developer Dashboard"}}`,
		), nil
	case q.Has("ids") && !s.extended.Load():
		s.batches.Add(1)
		return responseTo(req, 403, `{"error":{"status":403,"message":"Forbidden"}}`), nil
	case q.Has("ids"):
		return responseTo(
			req,
			200,
			`{"tracks":[`+strings.TrimSuffix(strings.Repeat(`{"name":"x"},`, len(ids)), ",")+`]}`,
		), nil
	case strings.HasPrefix(path, "/tracks/"):
		return responseTo(req, 200, `{"name":"x"}`), nil
	case limit > 10 && !s.extended.Load():
		s.pages.Add(1)
		return responseTo(req, 400, `{"error":{"status":400,"message":"Invalid limit"}}`), nil
	}
	return responseTo(req, 200, (&numberedList{total: 60}).page(limit, offset)), nil
}

// At most one request is refused for each privilege, with the right option, the wrong one and none,
// and for any number of concurrent calls.
func TestFaultsSurface(t *testing.T) {
	for name, tc := range map[string]struct {
		option, extended bool
		refused          int64 // batches, and pages
	}{
		"rightly":                  {true, true, 0},
		"wrongly":                  {true, false, 1},
		"not at all, nor needed":   {false, false, 0},
		"not at all, though it is": {false, true, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			end := &surface{}
			end.extended.Store(tc.extended)
			s, err := New(&http.Client{Transport: end}, Config{ExtendedQuota: tc.option})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				var calls sync.WaitGroup
				for range 10 {
					calls.Go(func() {
						tracks, err := s.Tracks.GetMany(t.Context(), manyIDs(120), nil)
						if err != nil || len(tracks) != 120 || tracks[119].Name != "x" {
							t.Errorf("%s: %d tracks, %v", name, len(tracks), err)
						}
					})
					calls.Go(func() {
						albums, err := Collect(s.Artists.AllAlbums(t.Context(), artistA, nil), 0)
						if err != nil || len(albums) != 60 {
							t.Errorf("%s: %d albums, %v", name, len(albums), err)
						}
					})
				}
				calls.Wait()
			}
			if end.batches.Load() != tc.refused || end.pages.Load() != tc.refused {
				t.Errorf(
					"%s: %d batches and %d pages were refused, want %d each",
					name,
					end.batches.Load(),
					end.pages.Load(),
					tc.refused,
				)
			}
			if most := int64(20 * (3 + 2)); tc.option && tc.extended && end.calls.Load() > most {
				t.Errorf("%s: %d calls, want at most %d", name, end.calls.Load(), most)
			}
		})
	}
}

func manyIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = strings.Repeat("0", 22-len(strconv.Itoa(i))) + strconv.Itoa(i)
	}
	return ids
}

// A refusal for another reason is not remembered, and a privilege that is lost later is.
func TestSurfaceChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := &surface{closed: true}
		end.extended.Store(true)
		s, err := New(&http.Client{Transport: end}, Config{ExtendedQuota: true, Concurrency: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Tracks.GetMany(t.Context(), manyIDs(120), nil); statusOf(err) != 403 || end.calls.Load() != 2 {
			t.Errorf("an app that may do nothing: %v after %d calls", err, end.calls.Load())
		}
		end.closed = false
		before := end.calls.Load()
		if _, err := s.Tracks.GetMany(t.Context(), manyIDs(120), nil); err != nil || end.calls.Load()-before != 3 {
			t.Errorf("the app is registered: %v after %d calls", err, end.calls.Load()-before)
		}
		end.extended.Store(false)
		if tracks, err := s.Tracks.GetMany(t.Context(), manyIDs(120), nil); err != nil || len(tracks) != 120 ||
			tracks[0] == nil {
			t.Errorf("extended quota ends: %v", err)
		}
		before = end.batches.Load()
		if _, err := s.Tracks.GetMany(t.Context(), manyIDs(120), nil); err != nil || end.batches.Load() != before {
			t.Errorf("after that: %v, %d more refused", err, end.batches.Load()-before)
		}
	})
}

// A call that waits for the first request ends with its own context. After a first request without
// an outcome, the next call sends the first request.
func TestPrivilegeFirstRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p privilege
		if standing, err := p.ask(t.Context()); standing != unknown || err != nil {
			t.Fatal(standing, err)
		}
		why := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		outcomes := make(chan standing, 2)
		go func() {
			if _, err := p.ask(ctx); !errors.Is(err, why) {
				t.Errorf("%v", err)
			}
			outcomes <- unknown
		}()
		synctest.Wait()
		cancel(why)
		<-outcomes
		for range 2 {
			go func() {
				standing, _ := p.ask(t.Context())
				outcomes <- standing
			}()
		}
		synctest.Wait()
		p.settle(unknown)
		if got := <-outcomes; got != unknown {
			t.Errorf("the next to ask is told %d", got)
		}
		synctest.Wait()
		p.settle(granted)
		if got := <-outcomes; got != granted {
			t.Errorf("who waited is told %d", got)
		}
	})
}

// An operation that is closed to the app is refused once, not once for each batch.
func TestFaultsLegacy(t *testing.T) {
	for _, option := range []bool{false, true} {
		s, r := record(t, Config{ExtendedQuota: option}, always(403, `{"error":{"status":403,"message":"Forbidden"}}`))
		if _, err := s.Tracks.ManyAudioFeatures(t.Context(), manyIDs(500)); statusOf(err) != 403 || len(r.sent()) != 1 {
			t.Errorf("%v after %d calls", err, len(r.sent()))
		}
	}
}

// The total of a list is stored before the first item is yielded.
func TestTotal(t *testing.T) {
	s, _ := record(t, Config{}, func(req *http.Request) (int, string) {
		if req.URL.Path == "/v1/me/following" {
			return 200, `{"artists":{"items":[{"name":"a"}],"total":7}}`
		}
		offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
		return 200, (&numberedList{total: 120 + offset/100}).page(50, offset)
	})
	total, n := -1, 0
	ctx := transport.WithCall(t.Context(), &transport.Call{Total: &total})
	for _, err := range s.Tracks.AllSaved(ctx, nil) {
		if n++; err != nil || n <= 100 && total != 120 || n > 100 && total != 121 {
			t.Fatalf("item %d of %d, %v", n, total, err)
		}
	}
	if n != 121 {
		t.Errorf("%d items", n)
	}
	for range s.Users.AllFollowedArtists(ctx, nil) {
		if total != 7 {
			t.Errorf("%d artists", total)
		}
	}
}

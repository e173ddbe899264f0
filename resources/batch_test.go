package resources

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// manyCases are all methods that return several items by id, with their requests with and without
// extended quota.
var manyCases = map[string]struct {
	one, several, member string
	call                 func(context.Context, *Services, []string) (any, error)
}{
	"Albums.GetMany": {
		"/albums/%s?market=DE",
		"/albums?ids=%s&market=DE",
		"albums",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Albums.GetMany(ctx, ids, &GetParams{"DE"})
		},
	},
	"Artists.GetMany": {
		"/artists/%s",
		"/artists?ids=%s",
		"artists",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Artists.GetMany(ctx, ids)
		},
	},
	"Audiobooks.GetMany": {
		"/audiobooks/%s",
		"/audiobooks?ids=%s",
		"audiobooks",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Audiobooks.GetMany(ctx, ids, nil)
		},
	},
	"Chapters.GetMany": {
		"/chapters/%s",
		"/chapters?ids=%s",
		"chapters",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Chapters.GetMany(ctx, ids, nil)
		},
	},
	"Episodes.GetMany": {
		"/episodes/%s",
		"/episodes?ids=%s",
		"episodes",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Episodes.GetMany(ctx, ids, nil)
		},
	},
	"Shows.GetMany": {
		"/shows/%s",
		"/shows?ids=%s",
		"shows",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Shows.GetMany(ctx, ids, nil)
		},
	},
	"Tracks.GetMany": {
		"/tracks/%s",
		"/tracks?ids=%s",
		"tracks",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Tracks.GetMany(ctx, ids, nil)
		},
	},
	"Tracks.ManyAudioFeatures": {
		"/audio-features/%s",
		"/audio-features?ids=%s",
		"audio_features",
		func(ctx context.Context, s *Services, ids []string) (any, error) {
			return s.Tracks.ManyAudioFeatures(ctx, ids)
		},
	},
}

func TestGetManyRequests(t *testing.T) {
	ids := []string{trackB, trackA, trackB}
	for name, tc := range manyCases {
		for _, extended := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/extended=%v", name, extended), func(t *testing.T) {
				s, r := record(t, Config{ExtendedQuota: extended}, catalogue(tc.member))
				got, err := tc.call(t.Context(), s, ids)
				if err != nil || !slices.Equal(idsOf(got), ids) {
					t.Fatalf("got %v, %v", idsOf(got), err)
				}
				want := []string{"GET " + fmt.Sprintf(tc.one, trackA), "GET " + fmt.Sprintf(tc.one, trackB)}
				if extended {
					want = []string{"GET " + fmt.Sprintf(tc.several, trackB+"%2C"+trackA)}
				}
				var lines []string
				for _, sent := range r.sent() {
					lines = append(lines, sent.line())
				}
				slices.Sort(lines)
				if !slices.Equal(lines, want) {
					t.Errorf("sent %q\nwant %q", lines, want)
				}
			})
		}
	}
}

// catalogue responds with items that have the requested ids, except for those in gone.
func catalogue(member string, gone ...string) func(*http.Request) (int, string) {
	item := func(id string) string {
		if slices.Contains(gone, id) {
			return "null"
		}
		return `{"id":"` + id + `"}`
	}
	return func(req *http.Request) (int, string) {
		if ids := req.URL.Query().Get("ids"); ids != "" {
			var items []string
			for id := range strings.SplitSeq(ids, ",") {
				items = append(items, item(id))
			}
			return 200, `{"` + member + `":[` + strings.Join(items, ",") + `]}`
		}
		if text := item(path.Base(req.URL.Path)); text != "null" {
			return 200, text
		}
		return 404, `{"error":{"status":404,"message":"Not found."}}`
	}
}

// idsOf returns the ids of a list of items, "" for nil ones.
func idsOf(items any) (ids []string) {
	list := reflect.ValueOf(items)
	for i := range list.Len() {
		id := ""
		if item := list.Index(i); !item.IsNil() {
			id = item.Elem().FieldByName("ID").String()
		}
		ids = append(ids, id)
	}
	return ids
}

// numbered returns n ids.
func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%022d", i)
	}
	return ids
}

func TestGetManyInChunks(t *testing.T) {
	ids := numbered(130)
	s, r := record(t, Config{ExtendedQuota: true}, catalogue("tracks"))
	got, err := s.Tracks.GetMany(t.Context(), ids, nil)
	if err != nil || !slices.Equal(idsOf(got), ids) || len(r.sent()) != 3 {
		t.Fatalf("%d calls, %v", len(r.sent()), err)
	}
}

func TestGetManyMissingItems(t *testing.T) {
	ids := []string{trackA, trackB, albumA, trackB}
	for _, extended := range []bool{false, true} {
		s, _ := record(t, Config{ExtendedQuota: extended}, catalogue("tracks", trackB))
		got, err := s.Tracks.GetMany(t.Context(), ids, nil)
		if !slices.Equal(idsOf(got), []string{trackA, "", albumA, ""}) {
			t.Errorf("extended=%v: got %q", extended, idsOf(got))
		}
		many, ok := errors.AsType[*BatchError](err)
		if !ok || many.Stopped != nil || len(many.Items) != 2 || many.Items[0].Index != 1 || many.Items[1].Index != 3 ||
			many.Items[0].ID != trackB {
			t.Fatalf("extended=%v: %#v", extended, err)
		}
		if !errors.Is(err, ErrNotFound) || statusOf(err) != 404 || errors.Is(err, ErrInvalidArgument) {
			t.Errorf("extended=%v: %v", extended, err)
		}
		if item, ok := errors.AsType[ItemError](err); !ok || item.Index != 1 || !errors.Is(item, ErrNotFound) {
			t.Errorf("extended=%v: the first item's error is %v", extended, item)
		}
		if text := err.Error(); !strings.Contains(text, "2 failed") || !strings.Contains(text, "ids[1] ("+trackB+")") {
			t.Errorf("extended=%v: %s", extended, text)
		}
	}
}

// If one id makes a batch fail, or the response has another length, each item is fetched by a
// request of its own.
func TestGetManySingleRequestsAfterBatchError(t *testing.T) {
	for name, batch := range map[string]func() (int, string){
		"refused":   func() (int, string) { return 400, `{"error":{"status":400,"message":"Invalid base62 id"}}` },
		"not found": func() (int, string) { return 404, `{"error":{"status":404}}` },
		"too short": func() (int, string) { return 200, `{"tracks":[{"id":"x"}]}` },
		"no list":   func() (int, string) { return 200, `{"tracks":{}}` },
		"missing":   func() (int, string) { return 200, `{}` },
	} {
		alone := catalogue("tracks", trackB)
		s, r := record(t, Config{ExtendedQuota: true}, func(req *http.Request) (int, string) {
			if req.URL.Query().Has("ids") {
				return batch()
			}
			return alone(req)
		})
		got, err := s.Tracks.GetMany(t.Context(), []string{trackA, trackB}, nil)
		if !errors.Is(err, ErrNotFound) || !slices.Equal(idsOf(got), []string{trackA, ""}) || len(r.sent()) != 3 {
			t.Errorf("%s: %q after %d calls, %v", name, idsOf(got), len(r.sent()), err)
		}
	}
}

func TestGetManyStopsOnStatus(t *testing.T) {
	for _, status := range []int{401, 403, 429} {
		var n atomic.Int32
		s, r := record(t, Config{Concurrency: 1}, func(req *http.Request) (int, string) {
			if n.Add(1) == 3 {
				return status, `{}`
			}
			return 200, `{"id":"` + path.Base(req.URL.Path) + `"}`
		})
		got, err := s.Tracks.GetMany(t.Context(), numbered(10), nil)
		many, ok := errors.AsType[*BatchError](err)
		if !ok || statusOf(many.Stopped) != status || len(many.Items) != 0 || len(r.sent()) != 3 || len(got) != 10 ||
			got[1] == nil ||
			got[2] != nil {
			t.Errorf("%d: %d calls, %v, %q", status, len(r.sent()), err, idsOf(got))
		}
	}
}

// A 500 for one item does not cancel the others.
func TestGetManyContinuesAfterOtherErrors(t *testing.T) {
	s, r := record(t, Config{}, func(req *http.Request) (int, string) {
		if path.Base(req.URL.Path) == trackB {
			return 500, `{}`
		}
		return 200, `{"id":"` + path.Base(req.URL.Path) + `"}`
	})
	got, err := s.Tracks.GetMany(t.Context(), []string{trackA, trackB, albumA}, nil)
	if statusOf(err) != 500 || !slices.Equal(idsOf(got), []string{trackA, "", albumA}) || len(r.sent()) != 3 {
		t.Errorf("%d calls, %v, %q", len(r.sent()), err, idsOf(got))
	}
}

func TestGetManyStopsOnPermanentErrors(t *testing.T) {
	over := errors.New("the login has ended")
	var n atomic.Int32
	base := transport.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
		n.Add(1)
		return nil, transport.Permanent(over)
	})
	s, err := New(&http.Client{Transport: base}, Config{Concurrency: 2})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Tracks.GetMany(t.Context(), numbered(100), nil)
	many, ok := errors.AsType[*BatchError](err)
	if !ok || !errors.Is(many.Stopped, over) || many.Items != nil || n.Load() > 2 {
		t.Errorf("%d calls, %v", n.Load(), err)
	}
}

func TestGetManyConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var flying, most atomic.Int32
		s, _ := record(t, Config{Concurrency: 4}, func(req *http.Request) (int, string) {
			n := flying.Add(1)
			defer flying.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			time.Sleep(time.Second)
			return 200, `{"id":"` + path.Base(req.URL.Path) + `"}`
		})
		start := time.Now()
		if _, err := s.Tracks.GetMany(t.Context(), numbered(40), nil); err != nil {
			t.Fatal(err)
		}
		if most.Load() != 4 || time.Since(start) != 10*time.Second {
			t.Errorf("%d at a time, %v in all", most.Load(), time.Since(start))
		}
	})
}

func TestGetManyContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		s, err := New(&http.Client{Transport: base}, Config{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		got, err := s.Tracks.GetMany(ctx, numbered(200), nil)
		many, ok := errors.AsType[*BatchError](err)
		if !ok || !errors.Is(err, context.DeadlineExceeded) || many.Items != nil || len(got) != 200 {
			t.Errorf("%d items, %v", len(got), err)
		}
	})
}

// All ids are checked before anything is sent.
func TestGetManyInvalidIDs(t *testing.T) {
	s, r := record(t, Config{}, always(200, seenItem))
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"bad id": func() error {
			_, err := s.Tracks.GetMany(ctx, []string{trackA, "spotify:album:" + albumA}, nil)
			return err
		},
		"bad market": func() error { _, err := s.Tracks.GetMany(ctx, []string{trackA}, &GetParams{"de"}); return err },
	} {
		if err := call(); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(r.sent()); n > 0 {
		t.Errorf("%d calls", n)
	}
	_, err := s.Tracks.GetMany(ctx, []string{trackA, "spotify:album:" + albumA}, nil)
	if bad, ok := errors.AsType[*ArgumentError](err); !ok || bad.Name != "ids[1]" {
		t.Errorf("%v names another argument than ids[1]", err)
	}
}

// The requests of a batch have the priority bulk, unless the caller has set another one, and none
// of them is captured.
func TestGetManyPriority(t *testing.T) {
	for given, want := range priorities {
		var seen atomic.Pointer[transport.Call]
		s, _ := record(t, Config{}, func(req *http.Request) (int, string) {
			seen.Store(transport.CallFrom(req.Context()))
			return 200, seenItem
		})
		var captured transport.Captured
		ctx := transport.WithCall(t.Context(), &transport.Call{Priority: given, Capture: &captured})
		if _, err := s.Tracks.GetMany(ctx, []string{trackA, trackB}, nil); err != nil {
			t.Fatal(err)
		}
		if call := seen.Load(); call.Priority != want || call.Operation != "get-track" || call.Route != "/tracks/{id}" ||
			captured.Status != 0 {
			t.Errorf("priority %d given: %+v, captured %d", given, call, captured.Status)
		}
	}
}

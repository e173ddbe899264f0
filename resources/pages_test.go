package resources

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Each page takes 1 s, so the number of requests at the start of each second is the number in
// flight.
func TestPaginateFetchesAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &numberedList{total: 40 * 50, delay: func(int) time.Duration { return time.Second }}
		names, err := namesOf(s.all(t.Context(), t, nil))
		if err != nil || !slices.Equal(names, counted(0, 2000)) {
			t.Fatalf("%d names, %v", len(names), err)
		}
		var rounds []int
		for _, r := range s.sent {
			second := int(r.at.Sub(start) / time.Second)
			for len(rounds) <= second {
				rounds = append(rounds, 0)
			}
			rounds[second]++
		}
		if want := []int{1, 1, 2, 4, 8, 8, 8, 8}; !slices.Equal(rounds, want) {
			t.Errorf("pages sent in each second: %v, want %v", rounds, want)
		}
		if took := time.Since(start); took != 8*time.Second {
			t.Errorf("the iterator took %v", took)
		}
	})
}

// The items keep the order of the list, also if a later page is the first to arrive.
func TestPaginateKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		delays := make([]time.Duration, 61)
		for i := range delays {
			delays[i] = time.Duration(random.IntN(1000)) * time.Millisecond
		}
		s := &numberedList{total: 60*50 + 7, delay: func(offset int) time.Duration { return delays[offset/50] }}
		names, err := namesOf(s.all(t.Context(), t, nil))
		if err != nil || !slices.Equal(names, counted(0, s.total)) {
			t.Errorf("%d names, %v", len(names), err)
		}
		if sent := s.offsets(); len(sent) != 61 || len(slices.Compact(slices.Sorted(slices.Values(sent)))) != 61 {
			t.Errorf("%d pages were fetched, some twice: %v", len(sent), sent)
		}
	})
}

// An iterator that ends early has fetched at most as many unused pages as used ones, and at most
// the window.
func TestPaginateUnusedPages(t *testing.T) {
	for used := 1; used <= 20; used++ {
		synctest.Test(t, func(t *testing.T) {
			s := &numberedList{total: 100 * 50, delay: func(int) time.Duration { return time.Second }}
			n := 0
			for _, err := range s.all(t.Context(), t, nil) {
				if n++; err != nil || n == (used-1)*50+1 { // reading the first item uses the page
					break
				}
			}
			if wasted := len(s.offsets()) - used; wasted > used || wasted > 8 {
				t.Errorf("%d pages were used, and %d fetched in vain", used, wasted)
			}
		})
	}
}

func TestPaginateWindow(t *testing.T) {
	for window, want := range map[int]time.Duration{1: 21 * time.Second, 2: 12 * time.Second, 0: 6 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			s := &numberedList{total: 21 * 50, delay: func(int) time.Duration { return time.Second }}
			services, err := New(&http.Client{Transport: s}, Config{Window: window})
			if err != nil {
				t.Fatal(err)
			}
			if names, err := namesOf(services.Albums.AllTracks(t.Context(), albumA, nil)); err != nil || len(names) != s.total {
				t.Errorf("%d names, %v", len(names), err)
			}
			if took := time.Since(start); took != want {
				t.Errorf("window %d: %v, want %v", window, took, want)
			}
		})
	}
}

// The table has the offsets of the requested pages and the end of each list.
func TestPaginateEnds(t *testing.T) {
	only := func(at int, response string) func(int) string {
		return func(offset int) string {
			if offset == at {
				return response
			}
			return ""
		}
	}
	next := `"next":"` + DefaultBaseURL + `/x?offset=100&limit=50"`
	for name, tc := range map[string]struct {
		numberedList *numberedList
		params       *PageParams
		names        []string
		offsets      []int
	}{
		"one page":    {&numberedList{total: 3}, nil, counted(0, 3), []int{0}},
		"nothing":     {&numberedList{}, nil, nil, []int{0}},
		"a full page": {&numberedList{total: 50}, nil, counted(0, 50), []int{0}},
		"from an offset": {
			&numberedList{total: 120},
			&PageParams{Offset: 30},
			counted(30, 120),
			[]int{30, 80},
		},
		"from past the end":            {&numberedList{total: 120}, &PageParams{Offset: 200}, nil, []int{200}},
		"small pages":                  {&numberedList{total: 5}, &PageParams{Limit: 2}, counted(0, 5), []int{0, 2, 4}},
		"pages smaller than asked for": {&numberedList{total: 50, most: 20}, nil, counted(0, 50), []int{0, 20, 40}},
		"no total, until there is no next": {
			&numberedList{total: 120, noTotal: true},
			nil,
			counted(0, 120),
			[]int{0, 50, 100},
		},
		"an empty page with a next": {
			&numberedList{total: 200, override: only(50, `200 {"items":[],"limit":50,"offset":50,`+next+`,"total":200}`)},
			nil,
			append(counted(0, 50), counted(100, 200)...),
			[]int{0, 50, 100, 150},
		},
		"no next, though there is more": {
			&numberedList{
				total:    200,
				override: only(50, `200 {"items":[{"name":"50"}],"limit":50,"offset":50,"next":null,"total":200}`),
			},
			nil,
			append(counted(0, 51), counted(100, 200)...),
			[]int{0, 50, 100, 150},
		},
		"the last next leads nowhere": {
			&numberedList{total: 100, noTotal: true, override: func(offset int) string {
				if offset == 100 {
					return `400 {"error":{"status":400,"message":"Bad request."}}`
				}
				return `200 {"items":[{"name":"` + strconv.Itoa(
					offset,
				) + `"}],"limit":50,"next":"` + DefaultBaseURL + `/x?offset=` + strconv.Itoa(offset+50) + `"}`
			}}, nil, []string{"0", "50"}, []int{0, 50, 100},
		},
		"a page of nulls": {
			&numberedList{
				total:    101,
				override: only(50, `200 {"items":[null,null],"limit":50,"offset":50,`+next+`,"total":101}`),
			}, nil, append(counted(0, 50), "100"), []int{0, 50, 100},
		},
		"nulls among items": {
			&numberedList{
				total:    51,
				override: only(0, `200 {"items":[null,{"name":"a"},null],"limit":50,`+next+`,"total":51}`),
			}, nil, []string{"a", "50"}, []int{0, 50},
		},
		"floats": {
			&numberedList{
				total:    51,
				override: only(0, `200 {"items":[{"name":"a","disc_number":1.0}],"limit":50.0,`+next+`,"total":5.1E1}`),
			}, nil, []string{"a", "50"}, []int{0, 50},
		},
	} {
		t.Run(name, func(t *testing.T) {
			names, err := namesOf(tc.numberedList.all(t.Context(), t, tc.params))
			if err != nil || !slices.Equal(names, tc.names) {
				t.Errorf("got %q, %v\nwant %q", names, err, tc.names)
			}
			if sent := slices.Sorted(slices.Values(tc.numberedList.offsets())); !slices.Equal(
				slices.Compact(sent)[:min(len(sent), len(tc.offsets))],
				tc.offsets,
			) {
				t.Errorf("sent offsets %v, want %v", sent, tc.offsets)
			}
		})
	}
}

// A member that one page does not have keeps no value of the page before.
func TestPaginatePagesAreIndependent(t *testing.T) {
	s := &numberedList{total: 101, override: func(offset int) string {
		if offset == 50 {
			return `200 {"items":[{"id":"bare"}],"next":"` + DefaultBaseURL + `/x?offset=100"}`
		}
		return ""
	}}
	var got []SimplifiedTrack
	for item, err := range s.all(t.Context(), t, nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item)
	}
	if len(got) != 52 || got[50].ID != "bare" || got[50].Name != "" || got[50].DiscNumber != 0 || got[51].Name != "100" {
		t.Errorf("%d items, among them %+v", len(got), got[50:])
	}
}

// An error is yielded once, after all items before it.
func TestPaginateYieldsError(t *testing.T) {
	s := &numberedList{total: 1000, override: func(offset int) string {
		if offset == 150 {
			return `401 {"error":{"status":401,"message":"The access token expired"}}`
		}
		return ""
	}}
	var names []string
	var errs []error
	for item, err := range s.all(t.Context(), t, nil) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		names = append(names, item.Name)
	}
	if !slices.Equal(names, counted(0, 150)) || len(errs) != 1 || statusOf(errs[0]) != 401 {
		t.Errorf("%d names, then %v", len(names), errs)
	}
}

// The bubble ends only after all goroutines of the iterator have ended.
func TestPaginateContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &numberedList{total: 10000, delay: func(int) time.Duration { return time.Second }}
		ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
		defer cancel()
		names, err := namesOf(s.all(ctx, t, nil))
		if !errors.Is(err, context.DeadlineExceeded) || !slices.Equal(names, counted(0, 4*50)) {
			t.Errorf("%d names, %v", len(names), err)
		}
	})
}

func TestPaginateCancelsRequestsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &numberedList{total: 10000, delay: func(offset int) time.Duration { return time.Duration(offset) * time.Hour }}
		start := time.Now()
		for range s.all(t.Context(), t, nil) {
			synctest.Wait() // the next page is in flight
			break
		}
		if sent := s.offsets(); len(sent) != 2 || time.Since(start) != 0 {
			t.Errorf("sent %v, and waited %v for what nobody wants", sent, time.Since(start))
		}
	})
}

// An app without extended quota gets one refusal of a large page.
func TestPaginateFallsBackToSmallPages(t *testing.T) {
	list := &numberedList{total: 25}
	s, r := record(t, Config{ExtendedQuota: true}, func(req *http.Request) (int, string) {
		limit, _ := strconv.Atoi(req.URL.Query().Get("limit"))
		offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
		if limit > 10 {
			return 400, `{"error":{"status":400,"message":"Invalid limit"}}`
		}
		return 200, list.page(limit, offset)
	})
	for range 2 {
		items, err := Collect(s.Artists.AllAlbums(t.Context(), artistA, nil), 0)
		if err != nil || len(items) != 25 {
			t.Fatalf("%d items, %v", len(items), err)
		}
	}
	var limits []string
	for _, sent := range r.sent() {
		q := sent.Query
		limits = append(limits, q[strings.Index(q, "limit=")+len("limit="):])
	}
	slices.Sort(limits[1:])
	if want := "50 10 10 10&offset=10 10&offset=10 10&offset=20 10&offset=20"; strings.Join(limits, " ") != want {
		t.Errorf("sent %q, want %s", limits, want)
	}
	// A limit that the caller has set does not change.
	if _, err := Collect(
		s.Artists.AllAlbums(t.Context(), artistA, &ArtistAlbumsParams{ListParams: ListParams{Limit: 20}}),
		0,
	); statusOf(
		err,
	) != 400 {
		t.Errorf("a limit of 20: %v", err)
	}
}

// Search ends at the 1000th item, whatever its total is.
func TestPaginateCeiling(t *testing.T) {
	list := &numberedList{total: 100000}
	for _, tc := range []struct{ limit, first, pages int }{{50, 0, 20}, {30, 0, 34}, {50, 990, 1}} {
		s, r := record(t, Config{ExtendedQuota: true}, func(req *http.Request) (int, string) {
			limit, _ := strconv.Atoi(req.URL.Query().Get("limit"))
			offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
			if offset+limit > 1000 {
				return 400, `{"error":{"status":400,"message":"Bad request."}}`
			}
			return 200, `{"tracks":` + list.page(limit, offset) + `}`
		})
		params := &SearchAllParams{ListParams: ListParams{Limit: tc.limit, Offset: tc.first}}
		if tc.first > 0 {
			params.Limit = 0
		}
		items, err := Collect(s.Search.AllTracks(t.Context(), "x", params), 0)
		if err != nil || len(items) != 1000-tc.first || len(r.sent()) != tc.pages {
			t.Errorf("pages of %d from %d: %d items in %d pages, %v", tc.limit, tc.first, len(items), len(r.sent()), err)
		}
	}
}

// priorities are the priorities of the requests of an iterator or a batch, by the caller's
// priority.
var priorities = map[transport.Priority]transport.Priority{
	transport.PriorityNormal: transport.PriorityBulk, transport.PriorityBulk: transport.PriorityBulk,
	transport.PriorityInteractive: transport.PriorityInteractive,
}

func TestPaginatePriority(t *testing.T) {
	for given, want := range priorities {
		var seen []transport.Priority
		s, _ := record(t, Config{}, func(req *http.Request) (int, string) {
			seen = append(seen, transport.CallFrom(req.Context()).Priority)
			return 200, `{"items":[]}`
		})
		ctx := transport.WithCall(t.Context(), &transport.Call{Priority: given})
		_, _ = Collect(s.Albums.AllSaved(ctx, nil), 0)
		_, _ = Collect(s.Users.AllFollowedArtists(ctx, nil), 0)
		if !slices.Equal(seen, []transport.Priority{want, want}) {
			t.Errorf("priority %d given: sent with %d, want %d", given, seen, want)
		}
	}
}

func TestCollect(t *testing.T) {
	broken := errors.New("broken")
	seq := func(n int, err error) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range n {
				if !yield(i, nil) {
					return
				}
			}
			if err != nil {
				yield(0, err)
			}
		}
	}
	for name, tc := range map[string]struct {
		seq  iter.Seq2[int, error]
		max  int
		want []int
		err  error
	}{
		"all":                     {seq(3, nil), 0, []int{0, 1, 2}, nil},
		"some":                    {seq(3, nil), 2, []int{0, 1}, nil},
		"more than there are":     {seq(3, nil), 9, []int{0, 1, 2}, nil},
		"nothing":                 {seq(0, nil), 9, nil, nil},
		"an error":                {seq(2, broken), 0, []int{0, 1}, broken},
		"an error after the last": {seq(2, broken), 2, []int{0, 1}, nil},
	} {
		if got, err := Collect(tc.seq, tc.max); !slices.Equal(got, tc.want) || !errors.Is(err, tc.err) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

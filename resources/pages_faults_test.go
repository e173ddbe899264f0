package resources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pages is a list that is paginated by offset; write returns each page.
type pages func(offset, limit int) (status int, body string)

func (p pages) RoundTrip(req *http.Request) (*http.Response, error) {
	q := req.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	status, body := p(offset, limit)
	return responseTo(req, status, body), nil
}

// run iterates over the list as over an album's tracks.
func (p pages) run(t testing.TB, conf Config) ([]string, error) {
	t.Helper()
	services, err := New(&http.Client{Transport: p}, conf)
	if err != nil {
		t.Fatal(err)
	}
	return namesOf(services.Albums.AllTracks(t.Context(), albumA, nil))
}

// pageOf returns the JSON of the items from offset to below min(offset+limit, n).
func pageOf(n, offset, limit int, rest string) string {
	var items []string
	for i := offset; i < min(offset+limit, n); i++ {
		items = append(items, `{"name":"`+strconv.Itoa(i)+`"}`)
	}
	return `{"items":[` + strings.Join(items, ",") + `],"limit":` + strconv.Itoa(limit) + rest + `}`
}

// link returns a page's next in a list of n items, null on the last page.
func link(base string, n, offset, limit int) string {
	if offset+limit >= n {
		return `,"next":null`
	}
	return fmt.Sprintf(`,"next":"%s/albums/x/tracks?offset=%d&limit=%d"`, base, offset+limit, limit)
}

func TestFaultsPages(t *testing.T) {
	total := func(n int) string { return `,"total":` + strconv.Itoa(n) }
	growing := func(first, last int) pages { // the list has grown when its second page is read
		return func(offset, limit int) (int, string) {
			n := first
			if offset >= limit {
				n = last
			}
			return 200, pageOf(n, offset, limit, total(n)+link(DefaultBaseURL, n, offset, limit))
		}
	}
	for name, tc := range map[string]struct {
		list pages
		conf Config
		n    int
		err  error // a 400 is a StatusError, see below
	}{
		"total 50 on page 1, every page but the last has next": {list: func(offset, limit int) (int, string) {
			return 200, pageOf(250, offset, limit, total(50)+link(DefaultBaseURL, 250, offset, limit))
		}, n: 250},
		"total 100, then 150": {list: growing(100, 150), n: 150},
		"total 120, then 300": {list: growing(120, 300), n: 300},
		"next null on full pages, total 120, offsets work": {list: func(offset, limit int) (int, string) {
			return 200, pageOf(120, offset, limit, total(120)+`,"next":null`)
		}, n: 120},
		"no total, next null on full pages": {list: func(offset, limit int) (int, string) {
			return 200, pageOf(120, offset, limit, `,"next":null`)
		}, n: 120},
		"no total, the last next is its own address": {list: func(offset, limit int) (int, string) {
			if offset >= 100 {
				return 200, pageOf(120, offset, limit, link(DefaultBaseURL, 1000, 100-limit, limit))
			}
			return 200, pageOf(120, offset, limit, link(DefaultBaseURL, 120, offset, limit))
		}, n: 120, err: ErrIncomplete},
		"the first next is its own address": {list: func(offset, limit int) (int, string) {
			return 200, pageOf(50, offset, limit, `,"href":"`+DefaultBaseURL+`/a","next":"`+DefaultBaseURL+`/a"`)
		}, n: 50, err: ErrIncomplete},
		"two pages that lead to each other": {list: func(offset, limit int) (int, string) {
			return 200, `{"items":[{"name":"` + strconv.Itoa(
				offset/limit,
			) + `"}],"limit":1,"next":"` + DefaultBaseURL + `/` + strconv.Itoa(offset/limit%2) + `"}`
		}, n: 3, err: ErrIncomplete},
		"empty pages for ever": {list: func(offset, limit int) (int, string) {
			return 200, `{"items":[],"limit":50,"next":"` + DefaultBaseURL + `/x?offset=` + strconv.Itoa(offset+limit) + `"}`
		}, err: ErrIncomplete},
		"the same full page for ever, without total and next": {list: func(_, limit int) (int, string) {
			return 200, pageOf(50, 0, limit, "")
		}, n: 100, err: ErrIncomplete},
		"a few empty pages before the rest": {list: func(offset, limit int) (int, string) {
			if offset == 50 || offset == 100 {
				return 200, `{"items":[],"limit":50,"next":"` + DefaultBaseURL + `/x?offset=` + strconv.Itoa(offset+limit) + `"}`
			}
			return 200, pageOf(200, offset, limit, link(DefaultBaseURL, 200, offset, limit))
		}, n: -100},
		"400 in the middle of a list of unknown length": {list: func(offset, limit int) (int, string) {
			if offset == 100 {
				return 400, `{"error":{"status":400,"message":"Bad request."}}`
			}
			return 200, pageOf(500, offset, limit, link(DefaultBaseURL, 500, offset, limit))
		}, n: 100, err: errStatus},
		"400 past a page that was not full": {list: func(offset, limit int) (int, string) {
			if offset == 100 {
				return 400, `{"error":{"status":400,"message":"Bad request."}}`
			}
			return 200, pageOf(70, offset, limit, link(DefaultBaseURL, 500, offset, limit))
		}, n: 70},
		"400 past the total": {list: func(offset, limit int) (int, string) {
			if offset == 100 {
				return 400, `{"error":{"status":400,"message":"Bad request."}}`
			}
			return 200, pageOf(100, offset, limit, total(100)+link(DefaultBaseURL, 500, offset, limit))
		}, n: 100},
		"a gateway whose links name the real origin": {list: func(offset, limit int) (int, string) {
			return 200, pageOf(120, offset, limit, total(120)+link("https://api.spotify.com/v1", 120, offset, limit))
		}, conf: Config{BaseURL: "https://gateway.example/spotify"}, n: 120},
		"pages of 20 where 50 were asked for, and no limit": {list: func(offset, _ int) (int, string) {
			return 200, strings.Replace(
				pageOf(120, offset, 20, total(120)+link(DefaultBaseURL, 120, offset, 20)),
				`"limit":20,`,
				"",
				1,
			)
		}, n: 120},
		"pages that grow shorter": {list: func(offset, limit int) (int, string) {
			limit = max(limit-offset/50*10, 10)
			return 200, pageOf(220, offset, limit, total(220)+link(DefaultBaseURL, 220, offset, limit))
		}, n: 220},
		"a total that is far too large": {list: func(offset, limit int) (int, string) {
			return 200, pageOf(120, offset, limit, total(100000)+`,"next":null`)
		}, n: 120},
	} {
		t.Run(name, func(t *testing.T) {
			names, err := tc.list.run(t, tc.conf)
			switch {
			case tc.err == errStatus && statusOf(err) != 400,
				tc.err != errStatus && !errors.Is(err, tc.err),
				tc.err == nil && err != nil:
				t.Errorf("%v, want %v", err, tc.err)
			case tc.n == -100 && !slices.Equal(names, append(counted(0, 50), counted(150, 200)...)):
				t.Errorf("%q", names)
			case tc.n >= 0 && len(names) != tc.n:
				t.Errorf("%d items, want %d", len(names), tc.n)
			}
		})
	}
}

var errStatus = errors.New("a status")

// After the context is done, an iterator yields at most one more item.
func TestFaultsCancel(t *testing.T) {
	why := errors.New("enough")
	for name, list := range map[string]pages{
		"by offset": func(offset, limit int) (int, string) {
			return 200, pageOf(1000, offset, limit, `,"total":1000`+link(DefaultBaseURL, 1000, offset, limit))
		},
		"by cursor": func(int, int) (int, string) {
			return 200, `{"artists":` + pageOf(50, 0, 50, `,"next":"x?after=1","cursors":{"after":"`+artistA+`"}`) + `}`
		},
	} {
		s, err := New(&http.Client{Transport: list}, Config{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		after := 0
		next := func(n int, err error) bool {
			switch {
			case err != nil:
				if !errors.Is(err, why) {
					t.Errorf("%s: %v", name, err)
				}
			case n == 30:
				cancel(why)
			case n > 30:
				after++
			}
			return true
		}
		n := 0
		if name == "by cursor" {
			for _, err := range s.Users.AllFollowedArtists(ctx, nil) {
				n++
				next(n, err)
			}
		} else {
			for _, err := range s.Albums.AllTracks(ctx, albumA, nil) {
				n++
				next(n, err)
			}
		}
		if after != 0 || n != 31 {
			t.Errorf("%s: %d items after the end of the context, %d values", name, after, n)
		}
	}
}

// Cursors that form a circle, and links without a cursor, end a list with an error after the items.
func TestFaultsCursors(t *testing.T) {
	x, y := anID('x'), anID('y')
	page := func(name, after string) string {
		return `{"artists":{"items":[{"name":"` + name + `"}],"next":"` + DefaultBaseURL +
			`/me/following","cursors":{"after":"` + after + `"}}}`
	}
	for name, tc := range map[string]struct {
		pages map[string]string
		names string
		err   error
	}{
		"a circle of two": {
			map[string]string{"": page("a", x), x: page("b", y), y: page("c", x)},
			"abc",
			ErrIncomplete,
		},
		"a page that leads to itself": {map[string]string{"": page("a", x), x: page("b", x)}, "ab", ErrIncomplete},
		"a link without a cursor": {
			map[string]string{"": `{"artists":{"items":[{"name":"a"}],"next":"` + DefaultBaseURL + `/x","cursors":null}}`},
			"a",
			ErrIncomplete,
		},
		"a cursor of another kind": {map[string]string{"": page("a", "spotify:album:"+x)}, "a", ErrIncomplete},
		"the cursor is in the link": {map[string]string{
			"": `{"artists":{"items":[{"name":"a"}],"next":"` + DefaultBaseURL +
				`/me/following?type=artist&after=` + x + `"}}`, x: `{"artists":{"items":[{"name":"b"}],"next":null}}`,
		}, "ab", nil},
		"a cursor without a link": {map[string]string{
			"": `{"artists":{"items":[{"name":"a"}],"next":null,` +
				`"cursors":{"after":"` + x + `"}}}`, x: `{"artists":{"items":[{"name":"b"}],"next":null}}`,
		}, "ab", nil},
		"an empty page that leads on": {
			map[string]string{
				"": `{"artists":{"items":[],"next":"` + DefaultBaseURL + `/x?after=` + x + `"}}`,
				x:  `{"artists":{"items":[{"name":"b"}]}}`,
			},
			"b",
			nil,
		},
		"an empty page with a cursor only": {
			map[string]string{"": `{"artists":{"items":[],"cursors":{"after":"` + x + `"}}}`},
			"",
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := record(
				t,
				Config{},
				func(req *http.Request) (int, string) { return 200, tc.pages[req.URL.Query().Get("after")] },
			)
			got := ""
			var failed error
			for artist, err := range s.Users.AllFollowedArtists(t.Context(), nil) {
				failed = err
				got += artist.Name
			}
			if got != tc.names || !errors.Is(failed, tc.err) {
				t.Errorf("%q, %v", got, failed)
			}
		})
	}
}

// FuzzLists reads lists from a server with n items, to which items are added while they are read.
// It sends random values of next, total and limit, but at least one of them says that there are
// more items. An iterator yields exactly the items of the server, or an error.
func FuzzLists(f *testing.F) {
	f.Add(uint64(1), uint16(250), uint8(50), uint8(0xff))
	f.Add(uint64(2), uint16(120), uint8(20), uint8(0x0f))
	f.Add(uint64(3), uint16(0), uint8(1), uint8(0xf0))
	f.Add(uint64(4), uint16(50), uint8(50), uint8(0))
	for i := range uint64(60) {
		f.Add(i, uint16(i*7), uint8(i*13), uint8(i*29))
	}
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, most, lies uint8) {
		s := &liar{seed: seed, n: int(n % 700), most: int(most%60) + 1, lies: lies}
		byCursor := lies&lieByCursor != 0
		services, err := New(&http.Client{Transport: s}, Config{Window: int(seed%5) + 1})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		var failed error
		if byCursor {
			for artist, err := range services.Users.AllFollowedArtists(t.Context(), nil) {
				if failed = err; err == nil {
					got = append(got, artist.ID)
				}
			}
		} else {
			for track, err := range services.Albums.AllTracks(t.Context(), albumA, nil) {
				if failed = err; err == nil {
					got = append(got, track.ID)
				}
			}
		}
		want := s.holds()
		if failed != nil { // the items before the error are right
			want = want[:min(len(got), len(want))]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: %d items, want %d; %v\n%.300q\n%.300q", s, len(got), len(want), failed, got, want)
		}
	})
}

const (
	lieTotal = 1 << iota
	lieNext
	lieLimit
	lieNulls
	lieGrowth
	lieEmpty
	lieLoop
	lieByCursor
)

// liar is the server of FuzzLists. Its responses depend only on the offset, not on the order of the
// requests.
type liar struct {
	seed uint64
	n    int
	most int // the largest page
	lies uint8
}

func (s *liar) decide(offset, what, among int) int {
	return rand.New(rand.NewPCG(s.seed, uint64(offset)<<8|uint64(what))).IntN(among)
}

func (s *liar) may(lie uint8, offset int) bool {
	return s.lies&lie != 0 && s.decide(offset, int(lie), 3) == 0
}

// length returns the number of items when the page at an offset is read. The list grows until the
// first page that reaches its end.
func (s *liar) length(offset, size int) int {
	n := s.n
	for at := 0; at <= offset; at += size {
		if s.may(lieGrowth, at) {
			n += s.decide(at, 200, 30)
		}
		if at+size >= n || n > 1000 {
			break
		}
	}
	return n
}

// size returns the page size: the requested limit, at most the server's largest page.
func (s *liar) size() int { return min(50, s.most) }

func (s *liar) id(i int) string { return fmt.Sprintf("%022d", i) }

func (s *liar) isNull(i int) bool { return s.lies&lieNulls != 0 && s.decide(i, 201, 5) == 0 }

func (s *liar) holds() (ids []string) {
	for i := range s.length(1<<20, s.size()) {
		if !s.isNull(i) {
			ids = append(ids, s.id(i))
		}
	}
	return ids
}

func (s *liar) RoundTrip(req *http.Request) (*http.Response, error) {
	q := req.URL.Query()
	asked, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	byCursor := s.lies&lieByCursor != 0
	if after := q.Get("after"); after != "" {
		last, _ := strconv.Atoi(strings.TrimLeft(after, "0"))
		offset = last + 1
	}
	size := min(asked, s.most)
	n := s.length(offset, s.size())
	more := offset+size < n

	items := []any{}
	for i := offset; i < min(offset+size, n); i++ {
		if s.isNull(i) {
			items = append(items, nil)
		} else {
			items = append(items, map[string]any{"id": s.id(i)})
		}
	}
	page := map[string]any{"items": items, "limit": size, "total": n, "offset": offset, "next": nil}
	if byCursor {
		s.cursors(page, offset, size, n)
		page = map[string]any{"artists": page}
	} else {
		s.offsets(page, offset, size, asked, n)
	}
	if !more && offset >= n && offset > 0 && s.may(lieEmpty, offset) {
		return responseTo(req, 400, `{"error":{"status":400,"message":"Bad request."}}`), nil
	}
	body, _ := json.Marshal(page)
	return responseTo(req, 200, string(body)), nil
}

// offsets returns the members of a page by offset.
func (s *liar) offsets(page map[string]any, offset, size, asked, n int) {
	more := offset+size < n
	link := func(to int) string {
		return DefaultBaseURL + "/x?limit=" + strconv.Itoa(size) + "&offset=" + strconv.Itoa(to)
	}
	if more {
		page["next"] = link(offset + size)
	}
	if s.may(lieNext, offset) {
		page["next"] = []any{
			nil,
			link(offset + size),
			"https://elsewhere.example/v1/x?offset=" + strconv.Itoa(offset+size),
			"https://api.spotify.com/opaque" + strconv.Itoa(offset),
		}[s.decide(offset, 202, 4)]
	}
	if s.may(lieLoop, offset) && s.decide(offset, 203, 4) == 0 {
		page["next"] = link(offset)
	}
	if s.may(lieTotal, offset) {
		page["total"] = []any{nil, 0, s.n, s.n / 2, n + 1, n * 3, 1}[s.decide(offset, 204, 7)]
	}
	if s.may(lieLimit, offset) {
		page["limit"] = []any{nil, 0, asked, 1000}[s.decide(offset, 205, 4)]
	}
	total, _ := page["total"].(int)
	limit, _ := page["limit"].(int)
	if size < asked && limit != size { // only a link has the page size
		page["limit"] = nil
		if more {
			page["next"] = link(offset + size)
		}
	}
	if more && page["next"] == nil && total <= offset+size && (total != 0 || size < asked && limit != size) {
		page["next"] = link(offset + size)
	}
}

// cursors returns the members of a page by cursor.
func (s *liar) cursors(page map[string]any, offset, size, n int) {
	delete(page, "offset")
	more := offset+size < n
	last := s.id(offset + size - 1)
	link := DefaultBaseURL + "/me/following?" + url.Values{"after": {last}}.Encode()
	if more {
		page["next"], page["cursors"] = link, map[string]any{"after": last}
	}
	if s.may(lieNext, offset) {
		switch s.decide(offset, 206, 3) {
		case 0:
			page["next"], page["cursors"] = nil, map[string]any{"after": last}
		case 1:
			page["next"], page["cursors"] = link, nil
		case 2:
			page["next"], page["cursors"] = DefaultBaseURL+"/opaque", map[string]any{"after": last}
		}
	}
	if s.may(lieLoop, offset) && offset > 0 && s.decide(offset, 203, 4) == 0 {
		page["cursors"] = map[string]any{"after": s.id(offset - 1)}
	}
	if s.may(lieTotal, offset) {
		page["total"] = []any{nil, 0, 1, n * 2}[s.decide(offset, 204, 4)]
	}
}

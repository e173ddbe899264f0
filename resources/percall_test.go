package resources

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

func TestHeaderAndQueryOfOneCall(t *testing.T) {
	s, recorder := record(t, Config{UserAgentSuffix: "party-wall/1.4", Market: "DE"}, always(200, `{"name":"x"}`))
	ctx := transport.WithCall(t.Context(), &transport.Call{
		Header: http.Header{"Accept-Language": {"fr"}, "X-Trace": {"1", "2"}, "User-Agent": {"mine"}},
		Query:  url.Values{"new param": {"a&b"}},
	})
	if _, err := s.Albums.Get(ctx, textID, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Do(ctx, "GET", "/new-thing", nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Albums.Get(t.Context(), textID, nil); err != nil {
		t.Fatal(err)
	}
	all := recorder.sent()
	got := all[0].Query + " " + all[1].Query + " " + all[2].Query
	if got != "market=DE&new+param=a%26b new+param=a%26b market=DE" {
		t.Errorf("queries %s", got)
	}
	if h := all[1].Header; h.Get("Accept-Language") != "fr" || len(h["X-Trace"]) != 2 || h.Get("User-Agent") != "mine" {
		t.Errorf("the header is %v", h)
	}
	if h := all[2].Header; h.Get("X-Trace") != "" ||
		h.Get("User-Agent") != "spotify-go (+https://github.com/seed-2147f1a9/spotify) party-wall/1.4" {
		t.Errorf("the header of a call without options is %v", h)
	}
}

func TestHeaderAndQueryThatCannotBeSent(t *testing.T) {
	s, recorder := record(t, Config{}, always(200, `{"name":"x"}`))
	for name, call := range map[string]transport.Call{
		"a line break in a value": {Header: http.Header{"X": {"a\r\nAuthorization: b"}}},
		"a space in a name":       {Header: http.Header{"X Y": {"a"}}},
		"no name":                 {Header: http.Header{"": {"a"}}},
		"a field of net/http's":   {Header: http.Header{"Host": {"example.com"}}},
		"a query not in UTF-8":    {Query: url.Values{"q": {"\xff"}}},
	} {
		if _, err := s.Albums.Get(transport.WithCall(t.Context(), &call), textID, nil); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(recorder.sent()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestProgressOfIterators(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const total, start = 120, 20
		s, _ := record(t, Config{Window: 1}, func(req *http.Request) (int, string) {
			time.Sleep(2 * time.Second)
			offset, items := 0, ""
			_, _ = fmt.Sscan(req.URL.Query().Get("offset"), &offset)
			for i := offset; i < min(offset+50, total); i++ {
				items += `,{"track":{"name":"x"}}`
			}
			return 200, fmt.Sprintf(`{"limit":50,"offset":%d,"total":%d,"items":[%s]}`, offset, total, items[1:])
		})
		var p transport.Progress
		ctx := transport.WithCall(t.Context(), &transport.Call{Progress: &p})
		n := 0
		for range 2 { // the second iterator starts from zero
			n = 0
			for _, err := range s.Tracks.AllSaved(ctx, &PageParams{Offset: start}) {
				if n++; err != nil || p.Done != n || p.Total != total-start {
					t.Fatalf("item %d: %+v, %v", n, &p, err)
				}
				if n == 1 && (p.Remaining() != 2*time.Second || p.String() != "1 of 100, 2s left") {
					t.Errorf("after a page in 2 s, one is left: %v", &p)
				}
			}
		}
		if n != total-start || p.Remaining() != 0 {
			t.Errorf("%d items, %v", n, &p)
		}
	})
}

// TestFaultsResumeAtProgress stops an iterator at each item of a list with null elements and starts
// another one at the offset of Done: together they yield every item.
func TestFaultsResumeAtProgress(t *testing.T) {
	const list = "ab-c" + "--de" + "----" + "f-g-" + "----" // a page is 4 items, - is null
	s, _ := record(t, Config{Window: 1}, func(req *http.Request) (int, string) {
		offset, items := 0, ""
		_, _ = fmt.Sscan(req.URL.Query().Get("offset"), &offset)
		for _, item := range list[offset:min(offset+4, len(list))] {
			if item == '-' {
				items += ",null"
			} else {
				items += fmt.Sprintf(`,{"track":{"name":%q}}`, string(item))
			}
		}
		return 200, fmt.Sprintf(`{"limit":4,"offset":%d,"total":%d,"items":[%s]}`, offset, len(list), items[1:])
	})
	read := func(offset, most int) (names string, done int) {
		t.Helper()
		var p transport.Progress
		ctx := transport.WithCall(t.Context(), &transport.Call{Progress: &p})
		for track, err := range s.Tracks.AllSaved(ctx, &PageParams{Limit: 4, Offset: offset}) {
			if err != nil {
				t.Fatal(err)
			}
			if names += track.Track.Name; len(names) == most {
				break
			}
		}
		return names, p.Done
	}
	for stop := 1; stop <= 7; stop++ {
		first, done := read(0, stop)
		rest := ""
		if done < len(list) {
			rest, _ = read(done, -1)
		}
		if want := "abcdefg"[stop:]; !strings.HasSuffix(rest, want) || first != "abcdefg"[:stop] {
			t.Errorf("stopped after %q with Done %d: the rest is %q", first, done, rest)
		}
	}
	if _, done := read(0, -1); done != len(list) {
		t.Errorf("Done is %d at the end of %d", done, len(list))
	}
}

func TestProgressOfCursorLists(t *testing.T) {
	s, _ := record(t, Config{}, always(200, `{"artists":{"total":3,"items":[{"name":"a"},null,{"name":"b"}]}}`))
	var p transport.Progress
	ctx := transport.WithCall(t.Context(), &transport.Call{Progress: &p})
	for _, err := range s.Users.AllFollowedArtists(ctx, nil) {
		if err != nil || p.Total != 3 {
			t.Fatalf("%v, %v", &p, err)
		}
	}
	if p.Done != 3 {
		t.Errorf("done %v", &p)
	}
	var unknown transport.Progress
	if unknown.Remaining() != 0 || unknown.String() != "0" {
		t.Errorf("%v", &unknown)
	}
}

package resources

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// The table has the cursors of the requested pages and the reason for the end of each list. The
// pages are named by the cursors that lead to them.
func TestPaginateByCursor(t *testing.T) {
	x, y := anID('x'), anID('y')
	next := `,"next":"` + DefaultBaseURL + `/me/following?opaque"`
	for name, tc := range map[string]struct {
		pages  map[string]string
		params *FollowedArtistsParams
		names  []string
		sent   []string
		err    error
	}{
		"three pages": {
			map[string]string{
				"": `{"items":[{"name":"a"},{"name":"b"}]` + next + `,"cursors":{"after":"` + x + `"}}`,
				x:  `{"items":[{"name":"c"}]` + next + `,"cursors":{"after":"` + y + `"}}`,
				y:  `{"items":[{"name":"d"}],"next":null,"cursors":{"after":null}}`,
			}, nil, []string{
				"a",
				"b",
				"c",
				"d",
			}, []string{"limit=50", "after=" + x + "&limit=50", "after=" + y + "&limit=50"}, nil,
		},
		"from a cursor, in small pages": {
			map[string]string{
				x: `{"items":[{"name":"c"}]` + next + `,"cursors":{"after":"` + y + `"}}`,
				y: `{"items":[{"name":"d"}],"next":null,"cursors":{"after":null}}`,
			}, &FollowedArtistsParams{
				After: x,
				Limit: 1,
			}, []string{"c", "d"}, []string{"after=" + x + "&limit=1", "after=" + y + "&limit=1"}, nil,
		},
		"no next, though there is a cursor": {
			map[string]string{
				"": `{"items":[{"name":"a"}],"next":null,"cursors":{"after":"` + x + `"}}`,
				x:  `{"items":[{"name":"b"}],"next":null,"cursors":null}`,
			},
			nil, []string{"a", "b"}, []string{"limit=50", "after=" + x + "&limit=50"}, nil,
		},
		"no cursors, though there is a next": {
			map[string]string{"": `{"items":[{"name":"a"}]` + next + `,"cursors":null}`},
			nil,
			[]string{"a"},
			[]string{"limit=50"},
			ErrIncomplete,
		},
		"no cursor of use": {
			map[string]string{"": `{"items":[{"name":"a"}]` + next + `,"cursors":{"before":"` + x + `"}}`},
			nil,
			[]string{"a"},
			[]string{"limit=50"},
			ErrIncomplete,
		},
		"a page that leads to itself": {
			map[string]string{
				"": `{"items":[{"name":"a"}]` + next + `,"cursors":{"after":"` + x + `"}}`,
				x:  `{"items":[{"name":"b"}]` + next + `,"cursors":{"after":"` + x + `"}}`,
			}, nil, []string{"a", "b"}, []string{"limit=50", "after=" + x + "&limit=50"}, ErrIncomplete,
		},
		"no cursors on the second page": {
			map[string]string{
				"": `{"items":[{"name":"a"}]` + next + `,"cursors":{"after":"` + x + `"}}`,
				x:  `{"items":[{"name":"b"}]` + next + `,"cursors":null}`,
			}, nil, []string{"a", "b"}, []string{"limit=50", "after=" + x + "&limit=50"}, ErrIncomplete,
		},
		"an empty page with a next": {
			map[string]string{
				"": `{"items":[]` + next + `,"cursors":{"after":"` + x + `"}}`,
				x:  `{"items":[{"name":"b"}],"next":null}`,
			},
			nil, []string{"b"}, []string{"limit=50", "after=" + x + "&limit=50"}, nil,
		},
		"a page of nulls": {
			map[string]string{
				"": `{"items":[null]` + next + `,"cursors":{"after":"` + x + `"}}`,
				x:  `{"items":[{"name":"b"}],"next":null}`,
			}, nil, []string{"b"}, []string{"limit=50", "after=" + x + "&limit=50"}, nil,
		},
		"a link elsewhere": {
			map[string]string{
				"": `{"items":[{"name":"a"}],"next":"https://api.spotify.com.evil/v1/me/following",` +
					`"cursors":{"after":"` + x + `"}}`,
				x: `{"items":[{"name":"b"}],"next":null}`,
			}, nil, []string{"a", "b"}, []string{"limit=50", "after=" + x + "&limit=50"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := record(t, Config{}, func(req *http.Request) (int, string) {
				return 200, `{"artists":` + tc.pages[req.URL.Query().Get("after")] + `}`
			})
			var names []string
			var failed error
			for artist, err := range s.Users.AllFollowedArtists(t.Context(), tc.params) {
				if failed = err; err == nil {
					names = append(names, artist.Name)
				}
			}
			var sent []string
			for _, one := range r.sent() {
				sent = append(sent, one.Query[len("type=artist&"):])
			}
			if !errors.Is(failed, tc.err) || !slices.Equal(names, tc.names) || !slices.Equal(sent, tc.sent) {
				t.Errorf("got %q with %q, %v\nwant %q with %q, %v", names, sent, failed, tc.names, tc.sent, tc.err)
			}
		})
	}
}

// The next page is requested when the caller wants its first item, not before.
func TestPaginateByCursorEndsEarly(t *testing.T) {
	s, r := record(
		t,
		Config{},
		always(200, `{"artists":{"items":[{"name":"a"}],"next":"`+DefaultBaseURL+`/x","cursors":{"after":"`+artistA+`"}}}`),
	)
	for range s.Users.AllFollowedArtists(t.Context(), nil) {
		break
	}
	if n := len(r.sent()); n != 1 {
		t.Errorf("%d pages for one item", n)
	}
}

func TestPaginateByCursorContext(t *testing.T) {
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
		if _, err := Collect(s.Player.AllRecentlyPlayed(ctx, nil), 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

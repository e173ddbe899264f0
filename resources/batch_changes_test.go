package resources

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// trackURIs returns n URIs.
func trackURIs(n int) []string {
	uris := numbered(n)
	for i, id := range uris {
		uris[i] = "spotify:track:" + id
	}
	return uris
}

// versions responds to the nth request with the version n, and to the one numbered broken with
// another response.
func versions(broken, status int, body string) func(*http.Request) (int, string) {
	var n atomic.Int32
	return func(*http.Request) (int, string) {
		if i := int(n.Add(1)); i != broken {
			return 200, `{"snapshot_id":"v` + strconv.Itoa(i) + `"}`
		}
		return status, body
	}
}

// tidy shortens a body of many URIs to their number and the numbers of the first and the last:
// {"uris":[100: 0-99]}.
func tidy(body string) string {
	before, rest, ok := strings.Cut(body, "[")
	if !ok {
		return body
	}
	inside, after, _ := strings.Cut(rest, "]")
	uris := strings.Split(inside, ",")
	number := func(uri string) int {
		n, _ := strconv.Atoi(strings.Trim(uri[strings.LastIndex(uri, ":")+1:], `"}`))
		return n
	}
	return fmt.Sprintf("%s[%d: %d-%d]%s", before, len(uris), number(uris[0]), number(uris[len(uris)-1]), after)
}

func TestPlaylistEditsInChunks(t *testing.T) {
	uris := trackURIs(250)
	for name, tc := range map[string]struct {
		call func(context.Context, *Playlists) (string, error)
		want []string
	}{
		"add at the end": {
			func(ctx context.Context, s *Playlists) (string, error) { return s.AddItems(ctx, playlistA, uris, nil) },
			[]string{
				"POST " + itemsPath + ` {"uris":[100: 0-99]}`, "POST " + itemsPath + ` {"uris":[100: 100-199]}`,
				"POST " + itemsPath + ` {"uris":[50: 200-249]}`,
			},
		},
		"add at a position": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.AddTracks(ctx, playlistA, uris, &AddItemsParams{new(7)})
		}, []string{
			"POST " + tracksPath + ` {"uris":[100: 0-99],"position":7}`,
			"POST " + tracksPath + ` {"uris":[100: 100-199],"position":107}`,
			"POST " + tracksPath + ` {"uris":[50: 200-249],"position":207}`,
		}},
		"remove": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.RemoveItems(ctx, playlistA, uris, &RemoveItemsParams{})
		}, []string{
			"DELETE " + itemsPath + ` {"items":[100: 0-99]}`, "DELETE " + itemsPath + ` {"items":[100: 100-199]}`,
			"DELETE " + itemsPath + ` {"items":[50: 200-249]}`,
		}},
		"remove from a version": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.RemoveTracks(ctx, playlistA, uris, &RemoveItemsParams{"v0"})
		}, []string{
			"DELETE " + tracksPath + ` {"tracks":[100: 0-99],"snapshot_id":"v0"}`,
			"DELETE " + tracksPath + ` {"tracks":[100: 100-199],"snapshot_id":"v1"}`,
			"DELETE " + tracksPath + ` {"tracks":[50: 200-249],"snapshot_id":"v2"}`,
		}},
		"replace": {
			func(ctx context.Context, s *Playlists) (string, error) { return s.ReplaceItems(ctx, playlistA, uris) },
			[]string{
				"PUT " + itemsPath + ` {"uris":[100: 0-99]}`, "POST " + itemsPath + ` {"uris":[100: 100-199]}`,
				"POST " + itemsPath + ` {"uris":[50: 200-249]}`,
			},
		},
		"replace tracks": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.ReplaceTracks(ctx, playlistA, uris)
		}, []string{
			"PUT " + tracksPath + ` {"uris":[100: 0-99]}`, "POST " + tracksPath + ` {"uris":[100: 100-199]}`,
			"POST " + tracksPath + ` {"uris":[50: 200-249]}`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			check := func(r *recorder, n int) {
				t.Helper()
				var lines []string
				for _, sent := range r.sent() {
					lines = append(lines, sent.line()+" "+tidy(sent.Body))
				}
				if !slices.Equal(lines, tc.want[:n]) {
					t.Errorf("sent %s\nwant %s", strings.Join(lines, "\n"), strings.Join(tc.want[:n], "\n"))
				}
			}
			s, r := record(t, Config{}, versions(0, 0, ""))
			if got, err := tc.call(t.Context(), s.Playlists); got != "v3" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
			check(r, 3)

			s, r = record(t, Config{}, versions(2, 403, `{}`))
			_, err := tc.call(t.Context(), s.Playlists)
			half, ok := errors.AsType[*PartialError](err)
			if !ok || half.Done != 100 || half.SnapshotID != "v1" || statusOf(half.Err) != 403 || statusOf(err) != 403 ||
				!strings.Contains(err.Error(), "first 100") {
				t.Errorf("the second failed: %#v", err)
			}
			check(r, 2)

			s, r = record(t, Config{}, versions(1, 403, `{}`))
			_, err = tc.call(t.Context(), s.Playlists)
			if half, ok := errors.AsType[*PartialError](err); ok || statusOf(err) != 403 {
				t.Errorf("the first failed: %#v", half)
			}
			check(r, 1)

			// A 2xx response means that the change was applied, also if its body cannot be read.
			s, _ = record(t, Config{}, versions(3, 200, `{"snapshot_id"`))
			_, err = tc.call(t.Context(), s.Playlists)
			if half, ok := errors.AsType[*PartialError](err); !ok || half.Done != 250 || half.SnapshotID != "" {
				t.Errorf("the third was unreadable: %#v", err)
			}
		})
	}
}

// Each request says whether it is idempotent, where that depends on the arguments.
func TestEditsIdempotency(t *testing.T) {
	for name, tc := range map[string]struct {
		call func(context.Context, *Playlists) (string, error)
		want transport.Idempotency
	}{
		"add": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.AddItems(ctx, playlistA, []string{trackURI}, nil)
		}, transport.NotIdempotent},
		"replace": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.ReplaceItems(ctx, playlistA, []string{trackURI})
		}, transport.IdempotencyByMethod},
		"reorder": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.ReorderItems(ctx, playlistA, 1, 0, nil)
		}, transport.NotIdempotent},
		"remove": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.RemoveItems(ctx, playlistA, []string{trackURI}, nil)
		}, transport.IdempotencyByMethod},
		"remove from a version": {func(ctx context.Context, s *Playlists) (string, error) {
			return s.RemoveItems(ctx, playlistA, []string{trackURI}, &RemoveItemsParams{"v"})
		}, transport.NotIdempotent},
		"create": {func(ctx context.Context, s *Playlists) (string, error) {
			_, err := s.Create(ctx, &CreatePlaylistParams{Name: "x"})
			return "v1", err
		}, transport.NotIdempotent},
	} {
		var seen transport.Idempotency
		s, _ := record(t, Config{}, func(req *http.Request) (int, string) {
			seen = transport.CallFrom(req.Context()).Idempotency
			return 200, `{"snapshot_id":"v1"}`
		})
		if got, err := tc.call(t.Context(), s.Playlists); got != "v1" || err != nil || seen != tc.want {
			t.Errorf("%s: safety %d, want %d; %q, %v", name, seen, tc.want, got, err)
		}
	}
	if operations.PlaylistUpdateItems.Idempotency != transport.IdempotencyByMethod ||
		operations.PlaylistRemoveItems.Idempotency != transport.IdempotencyByMethod {
		t.Error("a call has changed the table")
	}
}

// lists are the calls that send a list in the query, with the largest number of items in a request.
var lists = map[string]struct {
	size     int
	change   func(context.Context, *Services, []string) error
	contains func(context.Context, *Services, []string) ([]bool, error)
}{
	"Library": {
		40,
		func(ctx context.Context, s *Services, ids []string) error { return s.Library.Save(ctx, uris(ids)...) },
		func(ctx context.Context, s *Services, ids []string) ([]bool, error) {
			return s.Library.Contains(ctx, uris(ids)...)
		},
	},
	"Albums": {
		20,
		func(ctx context.Context, s *Services, ids []string) error { return s.Albums.Save(ctx, ids...) },
		func(ctx context.Context, s *Services, ids []string) ([]bool, error) {
			return s.Albums.Contains(ctx, ids...)
		},
	},
	"Audiobooks": {
		50,
		func(ctx context.Context, s *Services, ids []string) error { return s.Audiobooks.Save(ctx, ids...) },
		func(ctx context.Context, s *Services, ids []string) ([]bool, error) {
			return s.Audiobooks.Contains(ctx, ids...)
		},
	},
	"Users": {50, func(ctx context.Context, s *Services, ids []string) error {
		return s.Users.Follow(ctx, KindArtist, ids...)
	}, func(ctx context.Context, s *Services, ids []string) ([]bool, error) {
		return s.Users.Follows(ctx, KindArtist, ids...)
	}},
}

func uris(ids []string) []string {
	all := slices.Clone(ids)
	for i, id := range all {
		all[i] = "spotify:track:" + id
	}
	return all
}

// asked returns the ids in a request's query.
func asked(query string) (ids []string) {
	_, query, _ = strings.Cut(query, "=")
	query, _, _ = strings.Cut(query, "&")
	for part := range strings.SplitSeq(query, "%2C") {
		ids = append(ids, part[max(0, len(part)-22):])
	}
	return ids
}

func TestListsInChunks(t *testing.T) {
	for name, tc := range lists {
		t.Run(name, func(t *testing.T) {
			ids := numbered(2*tc.size + 1)
			want := []string{fmt.Sprint(ids[:tc.size]), fmt.Sprint(ids[tc.size : 2*tc.size]), fmt.Sprint(ids[2*tc.size:])}
			s, r := record(t, Config{}, always(200, ""))
			if err := tc.change(t.Context(), s, ids); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, sent := range r.sent() {
				got = append(got, fmt.Sprint(asked(sent.Query)))
			}
			if !slices.Equal(got, want) {
				t.Errorf("sent %q\nwant %q", got, want)
			}

			s, r = record(t, Config{}, versions(2, 500, `{}`))
			err := tc.change(t.Context(), s, ids)
			if half, ok := errors.AsType[*PartialError](err); !ok || half.Done != tc.size || statusOf(err) != 500 ||
				len(r.sent()) != 2 {
				t.Errorf("the second of %d requests failed: %#v", len(r.sent()), err)
			}
		})
	}
}

// odd responds with true for ids with an odd number.
func odd(req *http.Request) (int, string) {
	var responses []string
	for _, id := range asked(req.URL.RawQuery) {
		n, _ := strconv.Atoi(id)
		responses = append(responses, strconv.FormatBool(n%2 == 1))
	}
	return 200, "[" + strings.Join(responses, ",") + "]"
}

func TestContainsKeepsOrder(t *testing.T) {
	for name, tc := range lists {
		synctest.Test(t, func(t *testing.T) {
			ids := numbered(5*tc.size + 3)
			s, r := record(t, Config{}, func(req *http.Request) (int, string) {
				n, _ := strconv.Atoi(asked(req.URL.RawQuery)[0])
				time.Sleep(time.Hour - time.Duration(n)*time.Second) // the response to the last chunk is the first
				return odd(req)
			})
			start := time.Now()
			got, err := tc.contains(t.Context(), s, ids)
			if err != nil || len(got) != len(ids) || len(r.sent()) != 6 {
				t.Fatalf("%s: %d booleans after %d requests, %v", name, len(got), len(r.sent()), err)
			}
			for i, yes := range got {
				if yes != (i%2 == 1) {
					t.Fatalf("%s: wrong boolean for id %d", name, i)
				}
			}
			if d := time.Since(start); d != time.Hour {
				t.Errorf("%s: took %v, so its requests were not sent at the same time", name, d)
			}
		})
	}
}

func TestContainsError(t *testing.T) {
	for name, tc := range lists {
		var n atomic.Int32
		s, r := record(t, Config{Concurrency: 1}, func(req *http.Request) (int, string) {
			if n.Add(1) == 2 {
				return 403, `{}`
			}
			return odd(req)
		})
		got, err := tc.contains(t.Context(), s, numbered(5*tc.size))
		if got != nil || statusOf(err) != 403 || len(r.sent()) != 2 {
			t.Errorf("%s: %v after %d requests, %v", name, got, len(r.sent()), err)
		}
	}
}

// A response of another length is an error, because its elements have no known ids.
func TestContainsResponseLength(t *testing.T) {
	for _, body := range []string{`[true]`, `[true,true,false]`, `[]`} {
		s, _ := record(t, Config{}, always(200, body))
		got, err := s.Library.Contains(t.Context(), trackURI, otherURI)
		if bad, ok := errors.AsType[*ResponseError](err); !ok || got != nil || bad.Operation != "check-library-contains" ||
			!strings.Contains(err.Error(), "booleans: want 2") {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
}

func TestContainsContext(t *testing.T) {
	s, _ := record(t, Config{}, odd)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := s.Library.Contains(ctx, trackURIs(100)...); got != nil || !errors.Is(err, context.Canceled) ||
		!strings.HasPrefix(err.Error(), "spotify: GET /me/library/contains") {
		t.Errorf("%v, %v", got, err)
	}
}

// Several requests have the priority bulk, a single one has not.
func TestContainsPriority(t *testing.T) {
	for n, want := range map[int]bool{40: false, 41: true} {
		var bulk atomic.Bool
		s, _ := record(t, Config{}, func(req *http.Request) (int, string) {
			bulk.Store(transport.CallFrom(req.Context()).Priority == transport.PriorityBulk)
			return odd(req)
		})
		if _, err := s.Library.Contains(t.Context(), trackURIs(n)...); err != nil || bulk.Load() != want {
			t.Errorf("%d: bulk is %v, %v", n, bulk.Load(), err)
		}
	}
}

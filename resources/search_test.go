package resources

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var searchCases = map[string]operationCase{
	"Search.Query": {
		"GET /search?q=Boards+of+Canada+year%3A1998-2002&type=track%2Calbum&market=DE&limit=10&offset=20&" +
			"include_external=audio",
		`{"tracks":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Search.Query(
				ctx,
				"Boards of Canada year:1998-2002",
				&SearchParams{ListParams{10, 20}, []SearchType{SearchTrack, SearchAlbum}, "DE", true},
			)
			return got.Tracks.Items[0].Name, err
		},
	},
	"Search.Query, defaults": {
		"GET /search?q=x&type=album%2Cartist%2Caudiobook%2Cepisode%2Cplaylist%2Cshow%2Ctrack",
		`{"albums":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Search.Query(ctx, "x", nil)
			if got.Tracks != nil || got.Shows != nil {
				return "", errors.New("what was not found is there")
			}
			return got.Albums.Items[0].Name, err
		},
	},
	"Search.AllAlbums": {
		"GET /search?q=x&type=album&limit=10",
		`{"albums":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Search.AllAlbums(ctx, "x", nil), func(v *SimplifiedAlbum) string { return v.Name })
		},
	},
	"Search.AllArtists": {
		"GET /search?q=x&type=artist&market=DE&limit=10&offset=3&include_external=audio",
		`{"artists":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Search.AllArtists(ctx, "x", &SearchAllParams{ListParams{0, 3}, "DE", true}),
				func(v *Artist) string { return v.Name },
			)
		},
	},
	"Search.AllAudiobooks": {
		"GET /search?q=x&type=audiobook&limit=10",
		`{"audiobooks":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Search.AllAudiobooks(ctx, "x", nil), func(v *SimplifiedAudiobook) string { return v.Name })
		},
	},
	"Search.AllEpisodes": {
		"GET /search?q=x&type=episode&limit=10",
		`{"episodes":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Search.AllEpisodes(ctx, "x", nil), func(v *SimplifiedEpisode) string { return v.Name })
		},
	},
	"Search.AllPlaylists": {
		"GET /search?q=x&type=playlist&limit=10",
		`{"playlists":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Search.AllPlaylists(ctx, "x", nil), func(v *SimplifiedPlaylist) string { return v.Name })
		},
	},
	"Search.AllShows": {
		"GET /search?q=x&type=show&limit=10",
		`{"shows":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Search.AllShows(ctx, "x", nil), func(v *SimplifiedShow) string { return v.Name })
		},
	},
	"Search.AllTracks": {
		"GET /search?q=x&type=track&limit=3",
		`{"tracks":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Search.AllTracks(ctx, "x", &SearchAllParams{ListParams: ListParams{Limit: 3}}),
				func(v *Track) string { return v.Name },
			)
		},
	},
}

func TestSearchRequests(t *testing.T) {
	for name, tc := range searchCases {
		t.Run(name, func(t *testing.T) { tc.run(t) })
	}
}

// haystack responds to searches for tracks as Spotify does: with pages of most tracks, and
// none after the 1000th.
type haystack struct {
	size, most int

	mu     sync.Mutex
	ranges []string // of all pages that it has sent
	refuse int      // refused requests for pages that were too large
}

func (h *haystack) response(req *http.Request) (int, string) {
	limit, _ := strconv.Atoi(req.URL.Query().Get("limit"))
	offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case limit > h.most:
		h.refuse++
		return 400, `{"error":{"status":400,"message":"Invalid limit"}}`
	case offset+limit > 1000:
		return 400, `{"error":{"status":400,"message":"Invalid offset"}}`
	}
	h.ranges = append(h.ranges, fmt.Sprintf("%d+%d", offset, limit))
	var items []string
	for i := offset; i < min(offset+limit, h.size); i++ {
		items = append(items, `{"id":"`+strconv.Itoa(i)+`"}`)
	}
	next := "null"
	if offset+limit < h.size {
		next = fmt.Sprintf("%q", DefaultBaseURL+"/search?offset="+strconv.Itoa(offset+limit))
	}
	return 200, fmt.Sprintf(
		`{"tracks":{"items":[%s],"limit":%d,"offset":%d,"total":%d,"next":%s}}`,
		strings.Join(items, ","),
		limit,
		offset,
		h.size,
		next,
	)
}

// found iterates and returns the number of tracks, which must be in order and complete.
func found(seq iter.Seq2[Track, error], from int) (int, error) {
	n := 0
	for track, err := range seq {
		if err != nil {
			return n, err
		}
		if track.ID != strconv.Itoa(from+n) {
			return n, fmt.Errorf("%q in place of %d", track.ID, from+n)
		}
		n++
	}
	return n, nil
}

func TestSearchAll(t *testing.T) {
	for name, tc := range map[string]struct {
		conf                       Config
		params                     *SearchAllParams
		size, most                 int // of the haystack
		want, pages, largest, fail int
	}{
		"development mode":              {Config{}, nil, 25, 10, 25, 3, 10, 0},
		"extended quota":                {Config{ExtendedQuota: true}, nil, 120, 50, 120, 3, 50, 0},
		"to the ceiling":                {Config{ExtendedQuota: true}, nil, 5000, 50, 1000, 20, 50, 0},
		"to the ceiling, ten at a time": {Config{}, nil, 5000, 10, 1000, 100, 10, 0},
		"to the ceiling, odd pages": {
			Config{ExtendedQuota: true},
			&SearchAllParams{ListParams: ListParams{Limit: 30}},
			5000,
			50,
			1000,
			34,
			30,
			0,
		},
		"from near the ceiling": {
			Config{ExtendedQuota: true},
			&SearchAllParams{ListParams: ListParams{Offset: 995}},
			5000,
			50,
			5,
			1,
			5,
			0,
		},
		"quota that is not there": {Config{ExtendedQuota: true}, nil, 25, 10, 25, 3, 10, 1},
		"quota that is not there, near it": {
			Config{ExtendedQuota: true},
			&SearchAllParams{ListParams: ListParams{Offset: 985}},
			5000,
			10,
			15,
			2,
			10,
			1,
		},
		"nothing": {Config{}, nil, 0, 10, 0, 1, 10, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := &haystack{size: tc.size, most: tc.most}
			s, _ := record(t, tc.conf, h.response)
			from := 0
			if tc.params != nil {
				from = tc.params.Offset
			}
			n, err := found(s.Search.AllTracks(t.Context(), "x", tc.params), from)
			if err != nil || n != tc.want || len(h.ranges) != tc.pages || h.refuse != tc.fail {
				t.Errorf("%d found on %d pages, %d refused, %v; pages %v", n, len(h.ranges), h.refuse, err, h.ranges)
			}
			largest := 0
			for _, r := range h.ranges {
				_, limit, _ := strings.Cut(r, "+")
				size, _ := strconv.Atoi(limit)
				largest = max(largest, size)
			}
			if largest != tc.largest {
				t.Errorf("the largest page had %d", largest)
			}
		})
	}
}

// The first refused page decides the page size of all later searches.
func TestSearchRemembersSmallPages(t *testing.T) {
	h := &haystack{size: 25, most: 10}
	s, _ := record(t, Config{ExtendedQuota: true}, h.response)
	for range 3 {
		if n, err := found(s.Search.AllTracks(t.Context(), "x", nil), 0); n != 25 || err != nil {
			t.Fatal(n, err)
		}
	}
	if h.refuse != 1 {
		t.Errorf("asked for too much %d times", h.refuse)
	}
}

// A limit that the caller has set does not change.
func TestSearchKeepsLimit(t *testing.T) {
	h := &haystack{size: 25, most: 10}
	s, _ := record(t, Config{ExtendedQuota: true}, h.response)
	_, err := found(s.Search.AllTracks(t.Context(), "x", &SearchAllParams{ListParams: ListParams{Limit: 20}}), 0)
	if statusOf(err) != 400 || h.refuse != 1 || len(h.ranges) != 0 {
		t.Errorf("%v, %d refused, pages %v", err, h.refuse, h.ranges)
	}
}

// A response without the requested kind is an empty page.
func TestSearchWithoutResult(t *testing.T) {
	for _, body := range []string{`{"tracks":null}`, `{"tracks":{"items":null}}`, `{"tracks":{"items":[],"total":9}}`} {
		s, r := record(t, Config{}, always(200, body))
		if n, err := found(s.Search.AllTracks(t.Context(), "x", nil), 0); n != 0 || err != nil || len(r.sent()) != 1 {
			t.Errorf("%s: %d, %v", body, n, err)
		}
	}
}

func TestSearchResultUnusualValues(t *testing.T) {
	read(
		t,
		`{"tracks":{"items":[null,{"id":"t","duration_ms":{"totalMilliseconds":1}}],"total":4.9E3},
"artists":{"items":[{"id":"a"}]},"albums":{"items":[{"id":"l","album_type":"EP"}]},
		"playlists":{"items":[null,{"id":"p","tracks":{"href":"h","total":3}},{"id":"q","items":{"href":"h",
		"total":4}},null]},"shows":{"items":[{"id":"s","publisher":{"name":"Penguin"}}]},
		"episodes":{"items":[{"id":"e"}]},"audiobooks":{"items":[{"id":"b"}]},"unheard_of":{"items":[{}]}}`,
		func(t *testing.T, got SearchResult) {
			ids := []string{
				got.Tracks.Items[0].ID,
				got.Artists.Items[0].ID,
				got.Albums.Items[0].ID,
				got.Playlists.Items[0].ID,
				got.Shows.Items[0].ID,
				got.Episodes.Items[0].ID,
				got.Audiobooks.Items[0].ID,
			}
			if !slices.Equal(ids, []string{"t", "a", "l", "p", "s", "e", "b"}) {
				t.Errorf("ids %q", ids)
			}
			if got.Tracks.Total != 4900 || got.Tracks.Dropped != 1 || got.Playlists.Dropped != 2 ||
				got.Playlists.Items[0].Items.Total != 3 ||
				got.Playlists.Items[1].Items.Total != 4 ||
				got.Shows.Items[0].Publisher != "Penguin" ||
				got.Tracks.Items[0].DurationMS != 1 {
				t.Errorf("%+v", got)
			}
		},
	)
}

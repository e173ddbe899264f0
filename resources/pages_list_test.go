package resources

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// numberedList responds as a list of numbered items that is paginated by offset.
type numberedList struct {
	total    int
	most     int                     // the largest page, 50 if zero
	override func(offset int) string // a response in place of the right one, if not empty
	noTotal  bool                    // it sends no total
	delay    func(offset int) time.Duration

	mu   sync.Mutex
	sent []request
}

type request struct {
	at            time.Time
	limit, offset int
}

func (s *numberedList) RoundTrip(req *http.Request) (*http.Response, error) {
	q := req.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	s.mu.Lock()
	s.sent = append(s.sent, request{time.Now(), limit, offset})
	s.mu.Unlock()
	if s.delay != nil {
		select {
		case <-time.After(s.delay(offset)):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	if s.override != nil {
		if text := s.override(offset); text != "" {
			status, body, _ := strings.Cut(text, " ")
			code, _ := strconv.Atoi(status)
			return responseTo(req, code, body), nil
		}
	}
	return responseTo(req, 200, s.page(min(limit, cmp.Or(s.most, 50)), offset)), nil
}

// page returns a correct page.
func (s *numberedList) page(limit, offset int) string {
	var items []string
	for i := offset; i < min(offset+limit, s.total); i++ {
		items = append(items, fmt.Sprintf(`{"name":"%d","disc_number":1}`, i))
	}
	next, total := "null", strconv.Itoa(s.total)
	if offset+limit < s.total {
		next = fmt.Sprintf(`"%s/x?offset=%d&limit=%d"`, DefaultBaseURL, offset+limit, limit)
	}
	if s.noTotal {
		total = "0"
	}
	return fmt.Sprintf(
		`{"items":[%s],"limit":%d,"offset":%d,"total":%s,"next":%s}`,
		strings.Join(items, ","),
		limit,
		offset,
		total,
		next,
	)
}

func (s *numberedList) offsets() (all []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.sent {
		all = append(all, r.offset)
	}
	return all
}

// all iterates over the items as over an album's tracks.
func (s *numberedList) all(ctx context.Context, t testing.TB, p *PageParams) iter.Seq2[SimplifiedTrack, error] {
	t.Helper()
	services, err := New(&http.Client{Transport: s}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	return services.Albums.AllTracks(ctx, albumA, p)
}

// namesOf returns the names of all items that an iterator yields.
func namesOf(seq iter.Seq2[SimplifiedTrack, error]) ([]string, error) {
	var names []string
	for item, err := range seq {
		if err != nil {
			return names, err
		}
		names = append(names, item.Name)
	}
	return names, nil
}

// counted returns the names of the items from first to below end.
func counted(first, end int) (names []string) {
	for i := first; i < end; i++ {
		names = append(names, strconv.Itoa(i))
	}
	return names
}

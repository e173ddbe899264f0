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

// shelf answers as a list of numbered things that is read by offset.
type shelf struct {
	total int
	most  int                     // the largest page it gives, 50 if zero
	silly func(offset int) string // an answer in place of the right one, if it is not empty
	quiet bool                    // it does not tell its total
	delay func(offset int) time.Duration

	mu   sync.Mutex
	sent []request
}

type request struct {
	at            time.Time
	limit, offset int
}

func (s *shelf) RoundTrip(req *http.Request) (*http.Response, error) {
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
	if s.silly != nil {
		if text := s.silly(offset); text != "" {
			status, body, _ := strings.Cut(text, " ")
			code, _ := strconv.Atoi(status)
			return answered(req, code, body), nil
		}
	}
	return answered(req, 200, s.page(min(limit, cmp.Or(s.most, 50)), offset)), nil
}

// page is a page as it should be.
func (s *shelf) page(limit, offset int) string {
	var items []string
	for i := offset; i < min(offset+limit, s.total); i++ {
		items = append(items, fmt.Sprintf(`{"name":"%d","disc_number":1}`, i))
	}
	next, total := "null", strconv.Itoa(s.total)
	if offset+limit < s.total {
		next = fmt.Sprintf(`"%s/x?offset=%d&limit=%d"`, DefaultBaseURL, offset+limit, limit)
	}
	if s.quiet {
		total = "0"
	}
	return fmt.Sprintf(`{"items":[%s],"limit":%d,"offset":%d,"total":%s,"next":%s}`, strings.Join(items, ","), limit, offset, total, next)
}

func (s *shelf) offsets() (all []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.sent {
		all = append(all, r.offset)
	}
	return all
}

// walk walks over the shelf's things as over an album's tracks.
func (s *shelf) walk(ctx context.Context, t testing.TB, p *PageParams) iter.Seq2[SimplifiedTrack, error] {
	t.Helper()
	services, err := New(&http.Client{Transport: s}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	return services.Albums.AllTracks(ctx, albumA, p)
}

// namesOf gathers what a walk yields until it ends.
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

// counted are the names of the things from first to below end.
func counted(first, end int) (names []string) {
	for i := first; i < end; i++ {
		names = append(names, strconv.Itoa(i))
	}
	return names
}

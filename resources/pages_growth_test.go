package resources

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A list to whose start items are added while it is read loses none of its items, although its
// pages are fetched ahead and respond in any order. Items that moved to the next page may come
// twice.
func TestFaultsGrowthAtTheStart(t *testing.T) {
	const n = 3000
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			luck := rand.New(rand.NewPCG(seed, 1))
			added := 0
			s, r := record(t, Config{}, func(req *http.Request) (int, string) {
				limit, _ := strconv.Atoi(req.URL.Query().Get("limit"))
				offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
				mu.Lock()
				latency := time.Duration(luck.IntN(200)) * time.Millisecond
				mu.Unlock()
				time.Sleep(latency)
				mu.Lock()
				defer mu.Unlock()
				if luck.Float64() < 0.3 {
					added++
				}
				var items []string
				for i := offset; i < min(offset+limit, n+added); i++ {
					items = append(items, fmt.Sprintf(`{"id":"%d"}`, i-added)) // negative for those that were added
				}
				next := "null"
				if offset+limit < n+added {
					next = fmt.Sprintf(`"https://api.spotify.com/v1/albums/x/tracks?offset=%d&limit=%d"`, offset+limit, limit)
				}
				return 200, fmt.Sprintf(`{"items":[%s],"limit":%d,"offset":%d,"total":%d,"next":%s}`,
					strings.Join(items, ","), limit, offset, n+added, next)
			})
			seen := map[string]bool{}
			for track, err := range s.Albums.AllTracks(t.Context(), albumA, nil) {
				if err != nil {
					t.Fatal(err)
				}
				seen[track.ID] = true
			}
			lost := 0
			for i := range n {
				if !seen[strconv.Itoa(i)] {
					lost++
				}
			}
			if lost > 0 {
				t.Errorf("seed %d: %d of %d items are lost, %d were added", seed, lost, n, added)
			}
			if requests := len(r.sent()); requests > 3*n/50 {
				t.Errorf("seed %d: %d requests for %d pages", seed, requests, n/50)
			}
		})
	}
}

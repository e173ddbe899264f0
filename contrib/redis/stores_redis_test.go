//go:build redis

package spotifyredis

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// 8 processes with 1,000 goroutines each meet an expired access token at once; then it expires
// another 500 times. Refresh tokens can be used once. Redis is restarted in the middle.
func TestProofLogin(t *testing.T) {
	t.Parallel()
	const processCount, expiries = 8, 501
	s := startRedis(t, "--appendonly", "yes", "--appendfsync", "always")
	accounts := newRotating(t, processCount, expiries)
	key := bytes.Repeat([]byte{1}, 32)
	store, err := NewTokenStore(s.connect(t), TokenStoreConfig{Account: "app", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), "default", firstLogin(), 0); err != nil {
		t.Fatal(err)
	}
	restarted := make(chan struct{})
	accounts.onExpiry = func(n int) {
		if n == expiries/2 {
			go func() {
				defer close(restarted)
				s.kill()
				time.Sleep(300 * time.Millisecond)
				s.start()
			}()
		}
	}
	works := make([]work, processCount)
	for i := range works {
		works[i] = work{
			Kind: "login", Name: strconv.Itoa(i), Redis: []string{s.addr}, Account: "app", Key: key, URL: accounts.URL,
			Goroutines: 1000, Calls: 2,
		}
	}
	p := &processes{t: t, killed: map[int]bool{}}
	start(t, works, p)()
	took := time.Since(p.began)
	<-restarted
	failed := 0
	for i, w := range p.results {
		if failed += w.Failed; w.Failed > 0 {
			t.Errorf("process %d: %d failed: %s", i, w.Failed, w.Problem)
		}
	}
	t.Logf(
		"%d expiries, %d refreshes, %d invalid_grant, %d failed calls, %.1f s = %v each",
		accounts.expiries-1,
		accounts.refreshes,
		accounts.spent,
		failed,
		took.Seconds(),
		(took / expiries).Round(time.Millisecond),
	)
	alone := newRotating(t, processCount, 1)
	for i := range works {
		works[i].Independent, works[i].URL, works[i].Calls = true, alone.URL, 0
	}
	q := &processes{t: t, killed: map[int]bool{}}
	start(t, works, q)()
	t.Logf("8 processes with a store each, one expiry: %d refreshes, %d invalid_grant", alone.refreshes, alone.spent)
	if accounts.refreshes != expiries || accounts.spent != 0 {
		t.Errorf("want %d refreshes, one for each expiry, and no invalid_grant", expiries)
	}
	rec, err := store.Load(t.Context(), "default")
	if err != nil || rec.RefreshToken != accounts.refresh {
		t.Errorf("the stored login is not the newest: %v", err)
	}
}

// startCluster starts three nodes on loopback that share all slots.
func startCluster(t testing.TB) []*redisServer {
	t.Helper()
	var nodes []*redisServer
	args := []string{"--cluster", "create"}
	for range 3 {
		n := startRedis(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		nodes, args = append(nodes, n), append(args, n.addr)
	}
	if out, err := exec.Command("redis-cli", append(args, "--cluster-yes")...).CombinedOutput(); err != nil {
		t.Fatalf("redis-cli: %v\n%s", err, out)
	}
	for _, n := range nodes {
		rdb := n.connect(t)
		for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			info, _ := rdb.ClusterInfo(t.Context()).Result()
			if bytes.Contains([]byte(info), []byte("cluster_state:ok")) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("the cluster does not start: %s", info)
			}
		}
	}
	return nodes
}

// Limits, logins and counts of 20 accounts on a cluster of three nodes.
func TestProofCluster(t *testing.T) {
	t.Parallel()
	nodes := startCluster(t)
	addrs := []string{nodes[0].addr, nodes[1].addr, nodes[2].addr}
	rdb := redis.NewUniversalClient(Options(addrs...))
	t.Cleanup(func() { _ = rdb.Close() })
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			account := fmt.Sprintf("account-%d", i)
			l, err := NewLimiter(
				rdb,
				LimiterConfig{
					Account: account,
					Quota:   40,
					Window:  time.Second,
					Timeout: time.Second,
					OnDegraded: func(err error) {
						if err != nil {
							t.Errorf("%s: without Redis: %v", account, err)
						}
					},
				},
			)
			if err != nil {
				t.Error(err)
				return
			}
			defer l.Close()
			began := time.Now()
			for range 50 {
				p, err := l.Acquire(t.Context(), middleware.LimitRequest{Operation: "get-track"})
				if err != nil {
					t.Error(err)
					return
				}
				p.Done(middleware.Outcome{Status: http.StatusOK, Sent: time.Now()})
			}
			if took := time.Since(began); took < time.Second {
				t.Errorf("%s: 50 calls at 40 in a second took %v", account, took)
			}
			p, _ := l.Acquire(t.Context(), middleware.LimitRequest{Operation: "search"})
			p.Done(middleware.Outcome{Status: http.StatusTooManyRequests, Exhausted: true, RetryAfter: time.Hour})
			tokens, _ := NewTokenStore(rdb, TokenStoreConfig{Account: account})
			unlock, err := tokens.Lock(t.Context(), "me")
			if err != nil {
				t.Error(err)
				return
			}
			if err := tokens.Save(t.Context(), "me", auth.StoredToken{RefreshToken: account}, 0); err != nil {
				t.Error(err)
			}
			unlock()
			if rec, err := tokens.Load(t.Context(), "me"); err != nil || rec.RefreshToken != account {
				t.Errorf("%s: %v, %v", account, rec, err)
			}
			usage, _ := NewUsageStore(rdb, UsageStoreConfig{Account: account})
			now := time.Now().UTC()
			got, err := usage.Update(
				t.Context(),
				middleware.UsageRecord{
					Quota:  40,
					Counts: []middleware.UsageCount{{At: now, Operation: "search", Calls: i + 1}},
				},
				now.Add(-time.Hour),
			)
			if err != nil || got.Quota != 40 || len(got.Counts) != 1 || got.Counts[0].Calls != i+1 {
				t.Errorf("%s: %+v, %v", account, got, err)
			}
		})
	}
	all.Wait()
	total := 0
	for _, n := range nodes {
		keys, err := n.connect(t).Keys(context.Background(), "*").Result()
		if err != nil || len(keys) == 0 {
			t.Errorf("a node has %d keys: %v", len(keys), err)
		}
		total += len(keys)
		t.Logf("node %s: %d keys", n.addr, len(keys))
	}
	t.Logf("20 accounts: %d keys on 3 nodes", total)
}

// TestProofSizes prints the figures of docs/scaling.md: the memory of a process, a login and a day
// of counts in Redis, and the number of reports that a Redis merges in a second.
func TestProofSizes(t *testing.T) {
	s := startRedis(t)
	rdb, ctx := s.connect(t), t.Context()
	size := func(pattern string) (total int64, keys int) {
		names, _ := rdb.Keys(ctx, pattern).Result()
		for _, key := range names {
			n, _ := rdb.MemoryUsage(ctx, key, 0).Result()
			total += n
		}
		return total, len(names)
	}
	const members = 10_000
	keys := []string{"p:{a}", "p:{a}:window", "p:{a}:processes", "p:{a}:lapses", "p:{a}:closed"}
	rate := func(connections, reports int, id func(i int) string) float64 {
		var all sync.WaitGroup
		began := time.Now()
		for c := range connections {
			all.Go(func() {
				for i := c; i < reports; i += connections {
					r := report{
						ID: id(
							i,
						), Call: 1 + uint64(i), Window: 30_000, InFlight: 1, Used: 5, Want: [3]int{0, 3, 0}, Processes: 1,
						Burst: 150, Given: 100_000, Quota: 100_000,
						Seq: uint64(
							i,
						), Ended: [][5]float64{{5, 2, 2, float64(i), 9}}, Passed: [][2]int64{{0, 2}}, Rejected: [][3]float64{}, Keep: 1e6,
					}
					if _, err := runLimiter(ctx, rdb, keys, r); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		return float64(reports) / time.Since(began).Seconds()
	}
	t.Logf(
		"8 processes: %.0f reports in a second",
		rate(8, 5000, func(i int) string { return fmt.Sprintf("process-%04d", i%8) }),
	)
	t.Logf(
		"%d processes: %.0f reports in a second",
		members,
		rate(32, 2*members, func(i int) string { return fmt.Sprintf("process-%05d", i%members) }),
	)
	total, n := size("p:{a}*")
	t.Logf("%d processes of an account: %d bytes in %d keys, %d each", members, total, n, total/members)
	atMost := func(what string, got, documented int64) {
		if got > documented*11/10 {
			t.Errorf("%s: %d bytes, and docs/scaling.md says %d", what, got, documented)
		}
	}
	atMost("a process of a limit", total/members, 200)

	store, err := NewTokenStore(
		rdb,
		TokenStoreConfig{Account: "sizes", Prefix: "sizes", Key: bytes.Repeat([]byte{1}, 32)},
	)
	if err != nil {
		t.Fatal(err)
	}
	token := func(n int) string { return string(bytes.Repeat([]byte("t"), n)) }
	before, _ := rdb.Info(ctx, "memory").Result()
	const users = 2000
	for i := range users {
		if err := store.Save(ctx, strconv.Itoa(i), auth.StoredToken{
			ClientID: token(32), AccessToken: token(250), RefreshToken: token(131), Expiry: time.Now(), AuthorizedAt: time.Now(),
			Scopes: auth.Scopes{auth.ScopeUserLibraryRead, auth.ScopePlaylistModifyPrivate},
		}, 0); err != nil {
			t.Fatal(err)
		}
	}
	after, _ := rdb.Info(ctx, "memory").Result()
	total, n = size("sizes:*")
	t.Logf(
		"a sealed login: %d bytes by MEMORY USAGE, %d by used_memory",
		total/int64(n),
		(usedMemory(after)-usedMemory(before))/users,
	)
	atMost("a sealed login", total/int64(n), 1_090)

	usage, _ := NewUsageStore(rdb, UsageStoreConfig{Account: "counts"})
	now := time.Date(2026, 11, 27, 23, 59, 50, 0, time.UTC) // when no key has expired yet: the most
	usage.now = func() time.Time { return now }
	usage.clock = func(context.Context) (time.Time, error) { return now, nil }
	for _, operation := range []string{
		"get-track", "search", "get-playlists-items", "add-items-to-playlist", "get-an-album",
	} {
		delta := middleware.UsageRecord{}
		for i := range 24 * 360 {
			delta.Counts = append(
				delta.Counts,
				middleware.UsageCount{
					At:        now.Add(-time.Duration(i) * 10 * time.Second),
					Operation: operation,
					Calls:     7,
				},
			)
		}
		if _, err := usage.Update(ctx, delta, now); err != nil {
			t.Fatal(err)
		}
	}
	total, n = size("*counts*")
	t.Logf("a day's counts of 5 operations: %d bytes in %d keys", total, n)
	atMost("a day's counts", total, 46_000)
}

func usedMemory(info string) int64 {
	_, rest, _ := bytes.Cut([]byte(info), []byte("used_memory:"))
	value, _, _ := bytes.Cut(rest, []byte("\r"))
	n, _ := strconv.ParseInt(string(value), 10, 64)
	return n
}

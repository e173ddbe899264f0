package spotifyredis

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// redisServer is a redis-server of its own, on a free loopback port, with its files in a temporary
// folder.
type redisServer struct {
	t    testing.TB
	addr string
	dir  string
	args []string
	cmd  *exec.Cmd
	log  *os.File
}

// startRedis starts a redis-server. Where there is none the test is skipped, but fails in CI.
func startRedis(t testing.TB, args ...string) *redisServer {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no redis-server: install the package redis-server")
		}
		t.Skip("there is no redis-server: install the package redis-server")
	}
	s := &redisServer{t: t, dir: t.TempDir(), args: args}
	s.addr = "127.0.0.1:" + strconv.Itoa(freePort(t))
	s.start()
	t.Cleanup(s.kill)
	return s
}

// freePort returns a port below the range from which the system takes those of outgoing
// connections, so that no client has it when a server is started again. Cluster nodes use the port
// 10000 above, too.
func freePort(t testing.TB) int {
	t.Helper()
	for range 200 {
		port := 10000 + int(time.Now().UnixNano()/1000)%9000
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = l.Close()
			return port
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("no free port")
	return 0
}

func (s *redisServer) start() {
	s.t.Helper()
	_, port, _ := net.SplitHostPort(s.addr)
	args := append([]string{
		"--port", port, "--bind", "127.0.0.1", "--dir", s.dir, "--save", "", "--daemonize", "no",
		"--logfile", filepath.Join(s.dir, "log"),
	}, s.args...)
	s.cmd = exec.Command("redis-server", args...)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.await()
}

func (s *redisServer) await() {
	s.t.Helper()
	rdb := s.client()
	defer rdb.Close()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		err := rdb.Ping(context.Background()).Err()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			s.t.Fatalf("redis-server does not respond: %v\n%s", err, log)
		}
	}
}

// kill ends the server at once, as a crash does. What it had not written to a file is lost.
func (s *redisServer) kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

func (s *redisServer) pause()  { _ = s.cmd.Process.Signal(syscall.SIGSTOP) }
func (s *redisServer) resume() { _ = s.cmd.Process.Signal(syscall.SIGCONT) }

func (s *redisServer) client() *redis.Client {
	return redis.NewUniversalClient(Options(s.addr)).(*redis.Client)
}

// connect returns a client that is closed when the test ends.
func (s *redisServer) connect(t testing.TB) redis.UniversalClient {
	rdb := s.client()
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

// account returns a name for what one test shares.
func account(t testing.TB) string {
	return strings.NewReplacer("{", "", "}", "", "/", "-", " ", "-").
		Replace(t.Name()) +
		strconv.FormatInt(
			time.Now().UnixNano(),
			36,
		)
}

// quiet drops go-redis' log of failed dials.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func init() { redis.SetLogger(quiet{}) }

// spotifyServer is a base transport with a rolling window.
type spotifyServer struct {
	quota   int
	window  time.Duration
	latency time.Duration

	mu               sync.Mutex
	taken            []time.Time
	passed, rejected int
}

func (s *spotifyServer) counts() (passed, rejected int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passed, s.rejected
}

// allow changes the quota.
func (s *spotifyServer) allow(quota int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quota = quota
}

// fastest returns the time that n calls take at least.
func (s *spotifyServer) fastest(n int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var last time.Time
	taken := append([]time.Time(nil), s.taken...)
	for range n {
		last = time.Now()
		if k := len(taken) - s.quota; k >= 0 {
			if free := taken[k].Add(s.window); free.After(last) {
				last = free
			}
		}
		taken = append(taken, last)
	}
	return last.Sub(time.Now()) + s.latency
}

func (s *spotifyServer) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(s.latency)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.taken) > 0 && now.Sub(s.taken[0]) >= s.window {
		s.taken = s.taken[1:]
	}
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: req}
	if len(s.taken) >= s.quota {
		s.rejected++
		resp.StatusCode = http.StatusTooManyRequests
		resp.Header.Set("Retry-After", strconv.Itoa(int(s.taken[0].Add(s.window).Sub(now).Seconds())+1))
		return resp, nil
	}
	s.passed++
	s.taken = append(s.taken, now)
	return resp, nil
}

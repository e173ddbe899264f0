package spotifyredis

// A load test: processes of their own send calls to a server that allows a number of them in a
// rolling window, and the server's log says how well they shared it.

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	loadWindow = 3 * time.Second // a tenth of Spotify's
	loadQuota  = 180
	workerEnv  = "SPOTIFYREDIS_WORKER"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(workerEnv); text != "" {
		runWorker(text)
		return
	}
	os.Exit(m.Run())
}

// work is the load of one process.
type work struct {
	Name, Kind        string // Kind: "" sends calls, "login" refreshes
	Redis             []string
	Account, URL      string
	Independent       bool // with a pacer of its own
	Calls, Goroutines int
	Quota, MaxLease   int
	Processes         int
	Timeout           time.Duration
	Skew              time.Duration // of the process's clock
	Key               []byte
}

// worked is the report of a process at its end.
type worked struct {
	Sent, Failed int
	Problem      string
	RoundTrips   int
	Degraded     []time.Time // when it went on without Redis, and when it was back, in turn
	Ended        time.Time
	Reasons      []string
}

func runWorker(text string) {
	var w work
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		panic(err)
	}
	redis.SetLogger(quiet{})
	fmt.Println("ready")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	var result worked
	switch w.Kind {
	case "login":
		result = refreshLogins(w)
	default:
		result = sendCalls(w)
	}
	_ = json.NewEncoder(os.Stdout).Encode(result)
}

func sendCalls(w work) (result worked) {
	var mu sync.Mutex
	var limiter middleware.Limiter
	if w.Independent {
		limiter = middleware.NewPacer(middleware.PacerConfig{Window: loadWindow, Quota: w.Quota})
	} else {
		l, err := NewLimiter(redis.NewUniversalClient(Options(w.Redis...)), LimiterConfig{
			Account: w.Account, Window: loadWindow, Quota: w.Quota, MaxLease: w.MaxLease, Processes: w.Processes,
			Timeout: w.Timeout,
			OnDegraded: func(err error) {
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					result.Reasons = append(result.Reasons, err.Error())
				}
				result.Degraded = append(result.Degraded, time.Now())
			},
		})
		if err != nil {
			panic(err)
		}
		if w.Skew != 0 {
			l.now = func() time.Time { return time.Now().Add(w.Skew) }
		}
		defer func() {
			_ = l.Close()
			result.RoundTrips = int(l.roundTrip.Load())
		}()
		limiter = l
	}
	client := &http.Client{Transport: transport.Chain(
		&http.Transport{
			MaxIdleConnsPerHost: w.Goroutines,
		},
		middleware.Retry(middleware.RetryConfig{}),
		middleware.RateLimit(limiter),
	)}
	var left, sent, failed atomic.Int64
	left.Store(int64(w.Calls))
	var all sync.WaitGroup
	for range w.Goroutines {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				req, _ := http.NewRequest(http.MethodGet, w.URL+"/"+w.Name, nil)
				resp, err := client.Do(req)
				status := 0
				if err == nil {
					status = resp.StatusCode
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
				}
				if sent.Add(1); status != http.StatusOK {
					failed.Add(1)
					mu.Lock()
					result.Problem = fmt.Sprint(status, err)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	mu.Lock()
	defer mu.Unlock()
	result.Ended = time.Now()
	result.Sent, result.Failed = int(sent.Load()), int(failed.Load())
	return result
}

// arrival is a call in the server's log.
type arrival struct {
	at       time.Time
	process  string
	rejected bool
}

// windowServer lets quota calls through in each rolling window and rejects the others with 429.
type windowServer struct {
	*httptest.Server
	quota    int
	countall bool // never reject

	mu    sync.Mutex
	taken []time.Time
	log   []arrival
	last  time.Time // when the last response was sent
}

func newWindowServer(t testing.TB, quota int, countOnly bool) *windowServer {
	s := &windowServer{quota: quota, countall: countOnly}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *windowServer) serve(w http.ResponseWriter, r *http.Request) {
	latency := func() { time.Sleep(2500*time.Microsecond + time.Duration(rand.Int64N(int64(5*time.Millisecond)))) }
	latency()
	after, rejected := s.count(r.URL.Path[1:])
	latency()
	if rejected {
		// Spotify states whole seconds of its window of 30 s.
		unit := loadWindow.Seconds() / 30
		w.Header().Set("Retry-After", strconv.FormatFloat(math.Ceil(after.Seconds()/unit)*unit, 'f', 3, 64))
		w.WriteHeader(http.StatusTooManyRequests)
	}
	s.mu.Lock()
	s.last = time.Now()
	s.mu.Unlock()
}

func (s *windowServer) count(process string) (after time.Duration, rejected bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.taken) > 0 && now.Sub(s.taken[0]) >= loadWindow {
		s.taken = s.taken[1:]
	}
	if rejected = len(s.taken) >= s.quota && !s.countall; rejected {
		after = s.taken[len(s.taken)-s.quota].Add(loadWindow).Sub(now)
	} else {
		s.taken = append(s.taken, now)
	}
	s.log = append(s.log, arrival{now, process, rejected})
	return after, rejected
}

// logged returns a copy of the log.
func (s *windowServer) logged() []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]arrival(nil), s.log...)
}

// rejections counts the 429s between two moments.
func rejections(log []arrival, from, to time.Time) int {
	n := 0
	for _, a := range log {
		if a.rejected && !a.at.Before(from) && a.at.Before(to) {
			n++
		}
	}
	return n
}

// events lists the 429s of a log: those that arrived within a tenth of a window are one event.
func events(log []arrival) string {
	var text strings.Builder
	passed := 0
	var last time.Time
	for _, a := range log {
		switch {
		case !a.rejected:
			passed++
			continue
		case a.at.Sub(last) > loadWindow/10:
			fmt.Fprintf(&text, "\n  %6.2f s, after %4d calls: 429 for process", a.at.Sub(log[0].at).Seconds(), passed)
		}
		last = a.at
		text.WriteString(" " + a.process)
	}
	return text.String()
}

// densest returns the largest number of calls in any window, those that were rejected included.
func densest(log []arrival) int {
	most, first := 0, 0
	for i := range log {
		for log[i].at.Sub(log[first].at) >= loadWindow {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// load is a run of several processes.
type load struct {
	processes  int
	each       work
	quota      int // the server's
	countOnly  bool
	change     func(i int, w *work)
	during     func(p *processes)
	afterwards func(p *processes)
}

// processes are those of a run.
type processes struct {
	t       testing.TB
	server  *windowServer
	cmds    []*exec.Cmd
	began   time.Time
	results []worked
	killed  map[int]bool
}

// kill ends one process at once.
func (p *processes) kill(i int) {
	p.killed[i] = true
	_ = p.cmds[i].Process.Kill()
}

// stop stops one process for a time.
func (p *processes) stop(i int, d time.Duration) {
	_ = p.cmds[i].Process.Signal(syscall.SIGSTOP)
	time.Sleep(d)
	_ = p.cmds[i].Process.Signal(syscall.SIGCONT)
}

// loadResult has the figures of a run.
type loadResult struct {
	log        []arrival
	elapsed    time.Duration // from the first arrival to the last response
	minimum    time.Duration // of a client that knows the server's log
	failed     int
	rejected   int
	densest    int
	roundTrips int
	alone      int // how often a process went on without Redis
	calls      int
	began      time.Time
	results    []worked
}

func (r loadResult) factor() float64 { return r.elapsed.Seconds() / r.minimum.Seconds() }

func (r loadResult) String() string {
	return fmt.Sprintf(
		"%.1f s = %.3f x the minimum, %d 429s, at most %d in a window, %d failed, %.2f round trips per "+
			"call, %d times without Redis",
		r.elapsed.Seconds(),
		r.factor(),
		r.rejected,
		r.densest,
		r.failed,
		float64(r.roundTrips)/float64(max(r.calls, 1)),
		r.alone,
	)
}

// start starts processes, and returns a function that waits for their ends.
func start(t testing.TB, works []work, p *processes) (wait func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	outs := make([]*bufio.Reader, len(works))
	ins := make([]io.WriteCloser, len(works))
	for i, w := range works {
		text, _ := json.Marshal(w)
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), workerEnv+"="+string(text), "GOMAXPROCS=1")
		cmd.Stderr = os.Stderr
		in, _ := cmd.StdinPipe()
		out, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		p.cmds, outs[i], ins[i] = append(p.cmds, cmd), bufio.NewReader(out), in
	}
	for _, out := range outs {
		if line, err := out.ReadString('\n'); line != "ready\n" {
			t.Fatalf("a process said %q: %v", line, err)
		}
	}
	p.began = time.Now()
	for _, in := range ins {
		_, _ = io.WriteString(in, "go\n")
	}
	return func() {
		t.Helper()
		p.results = make([]worked, len(works))
		for i, out := range outs {
			err := json.NewDecoder(out).Decode(&p.results[i])
			_ = p.cmds[i].Wait()
			if err != nil && !p.killed[i] {
				t.Errorf("process %d ended without a result: %v", i, err)
			}
		}
	}
}

// run runs a load.
func (l load) run(t testing.TB) loadResult {
	t.Helper()
	if l.processes == 0 {
		l.processes = 8
	}
	if l.quota == 0 {
		l.quota = loadQuota
	}
	p := &processes{t: t, server: newWindowServer(t, l.quota, l.countOnly), killed: map[int]bool{}}
	works, calls := make([]work, l.processes), 0
	for i := range works {
		w := l.each
		w.Name, w.URL = strconv.Itoa(i), p.server.URL
		w.Calls, w.Goroutines = or(w.Calls, 300), or(w.Goroutines, 50)
		if l.change != nil {
			l.change(i, &w)
		}
		works[i] = w
		calls += w.Calls
	}
	wait := start(t, works, p)
	if l.during != nil {
		l.during(p)
	}
	wait()
	r := loadResult{log: p.server.logged(), results: p.results, calls: calls, began: p.began}
	r.elapsed = p.server.last.Sub(r.log[0].at)
	r.minimum = time.Duration((calls-1)/l.quota)*loadWindow + 5*time.Millisecond
	r.densest, r.rejected = densest(r.log), rejections(r.log, time.Time{}, r.log[len(r.log)-1].at.Add(time.Second))
	for i, w := range p.results {
		r.failed += w.Failed
		r.roundTrips += w.RoundTrips
		r.alone += (len(w.Degraded) + 1) / 2
		if w.Failed > 0 {
			t.Logf("process %d: %d failed: %s", i, w.Failed, w.Problem)
		}
	}
	return r
}

// proxy forwards connections to Redis, each way with a delay.
type proxy struct {
	addr  string
	delay atomic.Int64 // of each response
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String()}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(in, target)
		}
	}()
	return p
}

func (p *proxy) serve(in net.Conn, target string) {
	defer in.Close()
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	go func() {
		_, _ = io.Copy(out, in)
		_ = out.Close()
	}()
	buf := make([]byte, 32<<10)
	for {
		n, err := out.Read(buf)
		if n > 0 {
			time.Sleep(time.Duration(p.delay.Load()))
			if _, err := in.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// at waits until a moment of a run.
func (p *processes) at(offset time.Duration) {
	_ = transport.Sleep(context.Background(), time.Until(p.began.Add(offset)))
}

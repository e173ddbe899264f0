// Fleet starts several processes that share one Spotify account through Redis, and shows which of
// them sends how many calls. It needs no account and no network: the processes call the fake, which
// allows a number of calls in a rolling window.
//
//	go run ./fleet                       # 8 processes, a redis-server of its own
//	go run ./fleet -processes 3 -quota 60 -window 10s
//	go run ./fleet -redis localhost:6379 # a Redis that runs already
//	go run ./fleet -independent          # for comparison: each process with a pacer of its own
//
// Kill a process, or stop redis-server (kill -STOP), while it runs: the others go on.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := fleet
	if os.Getenv(memberEnv) != "" {
		run = member
	}
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, context.Canceled) &&
		!errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	processes, goroutines, calls, quota int
	window, every                       time.Duration
	redis                               string
	independent                         bool
}

func parse(args []string) (s settings, err error) {
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	flags.IntVar(&s.processes, "processes", 8, "number of processes")
	flags.IntVar(&s.goroutines, "goroutines", 10, "callers in each process")
	flags.IntVar(&s.calls, "calls", 100, "calls of each process")
	flags.IntVar(&s.quota, "quota", 180, "calls that the fake allows in a window")
	flags.DurationVar(&s.window, "window", 10*time.Second, "length of the window; Spotify's has 30s")
	flags.DurationVar(&s.every, "every", 500*time.Millisecond, "time between two tables")
	flags.StringVar(&s.redis, "redis", "", "address of a Redis; without it a redis-server is started")
	flags.BoolVar(&s.independent, "independent", false, "give each process a pacer of its own")
	if err = flags.Parse(args); err == nil && (s.processes < 1 || s.goroutines < 1 || s.calls < 1 || s.quota < 1) {
		err = errors.New("-processes, -goroutines, -calls and -quota: want 1 or more")
	}
	return s, err
}

// fleet starts the fake, Redis and the processes, and draws tables until all processes have ended.
func fleet(ctx context.Context, args []string, out io.Writer) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	if s.redis == "" && !s.independent {
		stop, err := s.startRedis(ctx)
		if err != nil {
			return err
		}
		defer stop()
	}
	board := newBoard(s)
	server := mock.NewServer(nil, mock.WithRateLimit(s.quota, s.window), mock.WithCallLog(board.saw))
	defer server.Close()
	var all sync.WaitGroup
	for i := range s.processes {
		if err := s.startMember(ctx, i, server, board, &all); err != nil {
			return err
		}
	}
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			board.draw(out)
		case <-ctx.Done():
			<-ended
			return ctx.Err()
		case <-ended:
			board.draw(out)
			return board.problem()
		}
	}
}

// startRedis starts a redis-server that keeps nothing, on a free port.
func (s *settings) startRedis(ctx context.Context) (stop func(), err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.redis = listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(s.redis)
	cmd := exec.Command(
		"redis-server",
		"--port",
		port,
		"--bind",
		"127.0.0.1",
		"--save",
		"",
		"--dir",
		os.TempDir(),
		"--loglevel",
		"warning",
	)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting redis-server: %w: install it, or pass -redis", err)
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	for range 200 {
		if conn, err := net.Dial("tcp", s.redis); err == nil {
			_ = conn.Close()
			return stop, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	return nil, errors.New("redis-server does not respond")
}

// startMember starts a process. What it prints are its reports.
func (s *settings) startMember(
	ctx context.Context,
	i int,
	server *mock.Server,
	board *board,
	all *sync.WaitGroup,
) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	order, err := json.Marshal(order{
		Name: strconv.Itoa(
			i + 1,
		), Redis: s.redis, Independent: s.independent, Processes: s.processes, Goroutines: s.goroutines, Calls: s.calls,
		Window: s.window, API: server.BaseURL, Accounts: server.URL,
	})
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), memberEnv+"="+string(order))
	cmd.Stderr = os.Stderr
	reports, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	board.started(i, cmd.Process.Pid)
	all.Go(func() {
		lines := bufio.NewScanner(reports)
		for lines.Scan() {
			var r report
			if json.Unmarshal(lines.Bytes(), &r) == nil {
				board.reported(i, r)
			}
		}
		board.ended(i, cmd.Wait())
	})
	return nil
}

// board is what is known of the processes.
type board struct {
	settings
	began time.Time

	mu   sync.Mutex
	rows []row
}

type row struct {
	report
	pid                      int
	passed, rejected, recent int // calls that the server saw; recent since the last table
	state                    string
}

func newBoard(s settings) *board {
	return &board{settings: s, began: time.Now(), rows: make([]row, s.processes)}
}

// saw counts a call that the server responded to. The process's name is in its User-Agent.
func (b *board) saw(c mock.Call) {
	i, err := strconv.Atoi(strings.TrimPrefix(c.Header.Get("User-Agent"), agent))
	if err != nil || i < 1 || i > len(b.rows) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := &b.rows[i-1]; c.Status == 429 {
		r.rejected++
	} else {
		r.passed++
		r.recent++
	}
}

func (b *board) update(i int, change func(*row)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.rows[i])
}

func (b *board) started(i, pid int) { b.update(i, func(r *row) { r.pid, r.state = pid, "starts" }) }
func (b *board) reported(i int, n report) {
	b.update(i, func(r *row) { r.report, r.state = n, n.state() })
}

func (b *board) ended(i int, err error) {
	b.update(i, func(r *row) {
		if r.state = "done"; err != nil {
			r.state = "ended: " + err.Error()
		}
	})
}

// draw prints a table over the last one, if out is a terminal.
func (b *board) draw(out io.Writer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var text strings.Builder
	if f, ok := out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			text.WriteString("\x1b[H\x1b[2J")
		}
	}
	passed, rejected, quota := 0, 0, 0
	for _, r := range b.rows {
		passed, rejected, quota = passed+r.passed, rejected+r.rejected, max(quota, r.Quota)
	}
	fmt.Fprintf(
		&text,
		"after %5.1f s: %d calls passed, %d were rejected; the processes know the quota %d of %d in %v\n",
		time.Since(b.began).Seconds(),
		passed,
		rejected,
		quota,
		b.quota,
		b.window,
	)
	fmt.Fprintf(
		&text,
		"%8s %8s %8s %6s %6s %6s  %-15s %s\n",
		"process",
		"pid",
		"passed",
		"share",
		"429s",
		"wait",
		"state",
		"since the last table",
	)
	for i := range b.rows {
		r := &b.rows[i]
		share := 100 * float64(r.passed) / float64(max(passed, 1))
		fmt.Fprintf(&text, "%8d %8d %8d %5.1f%% %6d %6d  %-15s %s\n",
			i+1, r.pid, r.passed, share, r.rejected, r.Waiting, r.state, strings.Repeat("#", min(r.recent, 60)))
		r.recent = 0
	}
	_, _ = io.WriteString(out, text.String()+"\n")
}

// problem returns an error if a call has failed.
func (b *board) problem() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, r := range b.rows {
		if r.Failed > 0 {
			return fmt.Errorf("process %d: %d calls failed, such as %s", i+1, r.Failed, r.Problem)
		}
	}
	return nil
}

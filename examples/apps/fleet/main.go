// Fleet starts several processes that share one Spotify account through Redis, and shows which of
// them sends how many calls. It needs no account and no network: the processes call the fake, which
// allows a number of calls in a rolling window.
//
//	go run ./fleet                       # 8 processes, a redis-server of its own
//	go run ./fleet -processes 3 -quota 60 -window 10s
//	go run ./fleet -redis localhost:6379 # a Redis that runs already
//	go run ./fleet -independent          # for comparison: each process with a pacer of its own
//
// Kill a process, or stop redis-server (kill -STOP), while it runs: the others go on. The lines to
// copy are in member.go.
package main

import (
	"cmp"
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
	"path/filepath"
	"sync"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if text := os.Getenv(memberEnv); text != "" {
		err = member(ctx, text, os.Stdout)
	} else {
		err = fleet(ctx, os.Args[1:], os.Stdout)
	}
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// settings are the flags, and with a name and addresses what a process is told.
type settings struct {
	Name, Redis, API, Accounts          string
	Independent                         bool
	Processes, Goroutines, Calls, Quota int
	Window                              time.Duration
}

func parse(args []string) (s settings, err error) {
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	flags.IntVar(&s.Processes, "processes", 8, "number of processes")
	flags.IntVar(&s.Goroutines, "goroutines", 10, "callers in each process")
	flags.IntVar(&s.Calls, "calls", 150, "calls of each process")
	flags.IntVar(&s.Quota, "quota", 180, "calls that the fake allows in a window")
	flags.DurationVar(&s.Window, "window", 5*time.Second, "length of the window; Spotify's has 30s")
	flags.StringVar(&s.Redis, "redis", "", "address of a Redis; without it a redis-server is started")
	flags.BoolVar(&s.Independent, "independent", false, "give each process a pacer of its own")
	if err = flags.Parse(args); err == nil && min(s.Processes, s.Goroutines, s.Calls, s.Quota) < 1 {
		err = errors.New("-processes, -goroutines, -calls and -quota: want 1 or more")
	}
	return s, err
}

// fleet starts the fake, Redis and the processes, and draws the table until all processes have
// ended.
func fleet(ctx context.Context, args []string, out io.Writer) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	if s.Redis == "" && !s.Independent {
		stop, err := s.startRedis()
		if err != nil {
			return err
		}
		defer stop()
	}
	t := newTable(s, out)
	server := mock.NewServer(nil, mock.WithRateLimit(s.Quota, s.Window), mock.WithCallLog(t.saw))
	defer server.Close()
	s.API, s.Accounts = server.BaseURL, server.URL
	var all sync.WaitGroup
	for i := range s.Processes {
		if err := s.start(ctx, i, t, &all); err != nil {
			return err
		}
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	for tick := time.Tick(tableEvery); ; {
		select {
		case <-tick:
			t.draw()
		case <-ended:
			t.draw()
			return cmp.Or(ctx.Err(), t.problem())
		}
	}
}

// startRedis starts a redis-server that keeps nothing, on a socket in a temporary folder.
func (s *settings) startRedis() (stop func(), err error) {
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return nil, err
	}
	s.Redis = filepath.Join(dir, "redis.sock")
	cmd := exec.Command("redis-server", "--port", "0", "--unixsocket", s.Redis, "--save", "", "--dir", dir)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting redis-server: %w: install it, or pass -redis", err)
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	}
	for range 500 {
		if conn, err := net.Dial("unix", s.Redis); err == nil {
			return stop, conn.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	return nil, errors.New("redis-server does not respond")
}

// start starts a process: this program again. What it prints are its reports.
func (s settings) start(ctx context.Context, i int, t *table, all *sync.WaitGroup) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s.Name = fmt.Sprint(i + 1)
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env, cmd.Stderr = append(os.Environ(), memberEnv+"="+string(text)), os.Stderr
	reports, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	t.update(i, func(r *row) { r.pid = cmd.Process.Pid })
	all.Go(func() {
		for lines := json.NewDecoder(reports); ; {
			var r report
			if lines.Decode(&r) != nil {
				break
			}
			t.update(i, func(row *row) { row.report = r })
		}
		_ = cmd.Wait()
		t.update(i, func(r *row) {
			if r.ended, r.Waiting = "done", 0; !cmd.ProcessState.Success() {
				r.ended = "ended early"
			}
		})
	})
	return nil
}

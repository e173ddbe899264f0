// Command fakespotify runs the fake Spotify of package mock on a socket, for programs in any
// language.
//
//	go run github.com/seed-2147f1a9/spotify/mock/fakespotify -addr 127.0.0.1:8899
//
// It prints its addresses, credentials and some ids, then a line for each call, and ends on an
// interrupt.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fakespotify:", err)
		os.Exit(1)
	}
}

// asked holds the values of the flags.
type asked struct {
	addr      string
	extended  bool
	strict    bool
	approve   bool
	id        string
	secret    string
	lifetime  time.Duration
	limit     int
	window    time.Duration
	errorRate float64
	latency   time.Duration
	chaos     uint64
	gzip      bool
	tls       bool
	quiet     bool
}

func run(ctx context.Context, args []string, out, problems io.Writer) error {
	var a asked
	flags := flag.NewFlagSet("fakespotify", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.StringVar(&a.addr, "addr", "127.0.0.1:8899", "address to listen on")
	flags.BoolVar(&a.extended, "extended", false, "respond as to an app with extended quota, not in development mode")
	flags.BoolVar(&a.strict, "strict", false, "accept only tokens that the fake issued")
	flags.BoolVar(&a.approve, "approve", false, "log in without asking on a page")
	flags.StringVar(&a.id, "client-id", "", "the only client id to accept; any if empty")
	flags.StringVar(&a.secret, "client-secret", "", "that client's secret")
	flags.DurationVar(&a.lifetime, "lifetime", time.Hour, "how long access tokens are good")
	flags.IntVar(&a.limit, "limit", 0, "calls per window, the others get 429; 0 for no limit")
	flags.DurationVar(&a.window, "window", 30*time.Second, "the rolling window of -limit")
	flags.Float64Var(&a.errorRate, "errors", 0, "share of calls that get a 5xx, 0 to 1")
	flags.DurationVar(&a.latency, "latency", 0, "longest delay of a response")
	flags.Uint64Var(&a.chaos, "chaos", 0, "seed of faults of every kind; 0 for none")
	flags.BoolVar(&a.gzip, "gzip", false, "compress responses for clients that accept it")
	flags.BoolVar(&a.tls, "tls", false, "speak HTTPS and HTTP/2, with a certificate that nobody trusts yet")
	flags.BoolVar(&a.quiet, "quiet", false, "print no line for each call")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return fmt.Errorf("given %q, allowed: flags only", flags.Args())
	}
	return serve(ctx, &a, out)
}

func (a *asked) options() []mock.Option {
	opts := []mock.Option{mock.WithTokenLifetime(a.lifetime)}
	add := func(on bool, o ...mock.Option) {
		if on {
			opts = append(opts, o...)
		}
	}
	add(a.extended, mock.WithExtendedQuota())
	add(a.strict, mock.WithStrictTokens())
	add(a.approve, mock.WithAutoApprove())
	add(a.id != "", mock.WithApp(a.id, a.secret))
	add(a.limit != 0, mock.WithRateLimit(a.limit, a.window))
	add(true, mock.WithFaults(a.faults()))
	add(a.tls, mock.WithHTTP2())
	return opts
}

// faults returns the faults that the flags ask for.
func (a *asked) faults() mock.Faults {
	var f mock.Faults
	if a.chaos != 0 {
		f = mock.Chaos(a.chaos)
	}
	if a.errorRate != 0 {
		f.ErrorRate = a.errorRate
	}
	if a.latency != 0 {
		f.MaxLatency = a.latency
	}
	f.Gzip = f.Gzip || a.gzip
	return f
}

func serve(ctx context.Context, a *asked, out io.Writer) (err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.addr)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil { // package mock panics on invalid options
			_ = listener.Close()
			err = fmt.Errorf("%v", p)
		}
	}()
	opts := a.options()
	if !a.quiet {
		opts = append(opts, mock.WithCallLog(printer(out)))
	}
	s := mock.NewServerOn(nil, listener, opts...)
	defer s.Close()
	a.greet(out, s)
	<-ctx.Done()
	fmt.Fprintln(out, "bye")
	return nil
}

// printer prints a line for each call. Queries of the Accounts service may contain secrets, so only
// the Web API's are shown.
func printer(out io.Writer) func(mock.Call) {
	lines := log.New(out, "", log.Ltime)
	return func(c mock.Call) {
		path := c.Path
		if query := c.Query.Encode(); query != "" && c.Route != "/authorize" && c.Route != "/api/token" {
			path += "?" + query
		}
		outcome := strconv.Itoa(c.Status)
		if c.Status == 0 {
			outcome = "broken off"
		}
		lines.Printf("%-6s %s  %s", c.Method, path, outcome)
	}
}

// greet prints everything that a client needs.
func (a *asked) greet(out io.Writer, s *mock.Server) {
	id, secret := a.id, a.secret
	if id == "" {
		id, secret = "any", "any"
	}
	token, given := "any bearer token", "any"
	if a.strict {
		token, _ = s.Login(id, true, auth.AllScopes()...)
		given = token
	}
	insecure := ""
	if a.tls {
		insecure = "-k "
	}
	fmt.Fprintf(out, `fake Spotify, %s
  Web API        %s
  log in at      %s
  tokens from    %s
  client id      %s
  client secret  %s
  access token   %s
  signed in as   %s
has
  album          %s
  artist         %s
  track          %s
  show           %s
  audiobook      %s
  playlist       %s
point a program at it
  export SPOTIFY_BASE_URL=%s SPOTIFY_ACCOUNTS_URL=%s
try
  curl %s-H 'Authorization: Bearer %s' %s/albums/%s
end with an interrupt (Ctrl-C)
`, map[bool]string{true: "extended quota", false: "development mode"}[a.extended],
		s.BaseURL, s.AuthURL, s.TokenURL, id, secret, token, mock.UserID,
		mock.AlbumID, mock.ArtistID, mock.TrackID, mock.ShowID, mock.AudiobookID, mock.PlaylistID,
		s.BaseURL, s.URL, insecure, given, s.BaseURL, mock.AlbumID)
}

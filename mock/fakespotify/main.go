// Command fakespotify runs the fake Spotify of package mock on a socket, for programs in any language:
//
//	go run github.com/seed-2147f1a9/spotify/mock/fakespotify -addr 127.0.0.1:8899
//
// It prints where it listens and what to log in with, and ends on an interrupt.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "fakespotify:", err)
		os.Exit(1)
	}
}

// asked is what the flags say.
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
}

func run(ctx context.Context, args []string, out, problems io.Writer) error {
	var a asked
	flags := flag.NewFlagSet("fakespotify", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.StringVar(&a.addr, "addr", "127.0.0.1:8899", "address to listen on")
	flags.BoolVar(&a.extended, "extended", false, "answer as for an app with extended quota, not for one in development mode")
	flags.BoolVar(&a.strict, "strict", false, "accept only tokens that the fake handed out")
	flags.BoolVar(&a.approve, "approve", false, "log in without asking on a page")
	flags.StringVar(&a.id, "client-id", "", "the only client id to accept; any if empty")
	flags.StringVar(&a.secret, "client-secret", "", "that client's secret")
	flags.DurationVar(&a.lifetime, "lifetime", time.Hour, "how long access tokens are good")
	flags.IntVar(&a.limit, "limit", 0, "calls per window, the others get 429; 0 for no limit")
	flags.DurationVar(&a.window, "window", 30*time.Second, "the rolling window of -limit")
	flags.Float64Var(&a.errorRate, "errors", 0, "share of calls answered with a 5xx, 0 to 1")
	flags.DurationVar(&a.latency, "latency", 0, "longest wait before an answer")
	flags.Uint64Var(&a.chaos, "chaos", 0, "seed of bad weather of every kind; 0 for none")
	flags.BoolVar(&a.gzip, "gzip", false, "compress answers for clients that accept it")
	flags.BoolVar(&a.tls, "tls", false, "speak HTTPS and HTTP/2, with a certificate that nobody trusts yet")
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return fmt.Errorf("given %q, allowed: flags only", flags.Args())
	}
	return serve(ctx, &a, out)
}

func (a *asked) options() []mock.Option {
	opts := []mock.Option{mock.TokenLifetime(a.lifetime)}
	add := func(on bool, o ...mock.Option) {
		if on {
			opts = append(opts, o...)
		}
	}
	add(a.extended, mock.ExtendedQuota())
	add(a.strict, mock.StrictTokens())
	add(a.approve, mock.AutoApprove())
	add(a.id != "", mock.WithApp(a.id, a.secret))
	add(a.chaos != 0, mock.Chaos(a.chaos))
	add(a.limit != 0, mock.RollingLimit(a.limit, a.window))
	add(a.errorRate != 0, mock.ErrorRate(a.errorRate))
	add(a.latency != 0, mock.Latency(0, a.latency))
	add(a.gzip, mock.Gzip())
	add(a.tls, mock.HTTP2())
	return opts
}

func serve(ctx context.Context, a *asked, out io.Writer) (err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.addr)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil { // package mock has no errors for options that make no sense
			_ = listener.Close()
			err = fmt.Errorf("%v", p)
		}
	}()
	s := mock.NewServerOn(nil, listener, a.options()...)
	defer s.Close()
	a.greet(out, s)
	<-ctx.Done()
	fmt.Fprintln(out, "bye")
	return nil
}

// greet prints what a client needs to know.
func (a *asked) greet(out io.Writer, s *mock.Server) {
	id, secret := a.id, a.secret
	if id == "" {
		id, secret = "any", "any"
	}
	token := "any bearer token"
	if a.strict {
		token, _ = s.Login(id, true, auth.AllScopes()...)
	}
	fmt.Fprintf(out, `fake Spotify
  Web API        %s
  log in at      %s
  tokens from    %s
  client id      %s
  client secret  %s
  access token   %s
try
  curl -k -H 'Authorization: Bearer %s' %s/albums/%s
end with an interrupt (Ctrl-C)
`, s.BaseURL, s.AuthURL, s.TokenURL, id, secret, token, map[bool]string{true: token, false: "any"}[a.strict], s.BaseURL, mock.AlbumID)
}

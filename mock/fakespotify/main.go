// Command fakespotify runs the fake Spotify of package mock on a loopback socket, for programs in
// any language.
//
//	go run github.com/seed-2147f1a9/spotify/mock/fakespotify@latest
//
// It prints its addresses, credentials and some ids, then a line for each call, and exits on an
// interrupt or SIGTERM. fakespotify -h explains the flags: surfaces of the Web API, tokens, limits,
// faults, rules and the catalogue.
package main

import (
	"cmp"
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

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fakespotify:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var c config
	switch err := c.parse(args); {
	case errors.Is(err, flag.ErrHelp):
		printHelp(out)
		return nil
	case err != nil:
		return err
	}
	return c.serve(ctx, out)
}

func (c *config) serve(ctx context.Context, out io.Writer) (err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil { // package mock panics on invalid options
			_ = listener.Close()
			err = fmt.Errorf("%v", p)
		}
	}()
	opts, err := c.options()
	if err != nil {
		_ = listener.Close()
		return err
	}
	if !c.quiet {
		opts = append(opts, mock.WithCallLog(printer(out)))
	}
	s := mock.NewServerOn(nil, listener, opts...)
	defer s.Close()
	for i := range c.rules {
		c.rules[i].apply(s.Transport)
	}
	c.greet(out, s)
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
func (c *config) greet(out io.Writer, s *mock.Server) {
	id, secret := cmp.Or(c.clientID, "any"), cmp.Or(c.clientSecret, "any")
	token, shown := "any", "any bearer token"
	if c.strictTokens {
		scopes := auth.AllScopes()
		if c.scopes != "" {
			scopes = c.grantedScopes()
		}
		token, _ = s.Login(id, true, scopes...)
		shown = token
	}
	curl := "curl"
	if c.tls || c.http2 {
		curl = "curl -k"
	}
	row := func(name, value string) { fmt.Fprintf(out, "  %-15s %s\n", name, value) }
	fmt.Fprintf(out, "fake Spotify, surface %s\n", c.surface)
	row("Web API", s.BaseURL)
	row("log in at", s.AuthURL)
	row("tokens from", s.TokenURL)
	row("client id", id)
	row("client secret", secret)
	row("access token", shown)
	row("signed in as", mock.UserID)
	if len(c.users) > 0 {
		fmt.Fprintln(out, "tokens of other users")
		for _, user := range c.users {
			row(user, s.TokenOf(user))
		}
	}
	try := "/me"
	if c.catalogue == "" {
		try = "/albums/" + mock.AlbumID
		fmt.Fprintln(out, "has")
		row("album", mock.AlbumID)
		row("artist", mock.ArtistID)
		row("track", mock.TrackID)
		row("show", mock.ShowID)
		row("audiobook", mock.AudiobookID)
		row("episode", mock.EpisodeID)
		row("playlist", mock.PlaylistID)
		row("long playlist", mock.LongPlaylistID+" (1,200 items)")
		row("shared playlist", mock.SharedPlaylistID+" ("+mock.OtherUserID+"'s, may be changed)")
		row("other playlist", mock.OtherPlaylistID+" ("+mock.OtherUserID+"'s, may be read)")
	}
	fmt.Fprintf(out, `point a program at it
  export SPOTIFY_BASE_URL=%s SPOTIFY_ACCOUNTS_URL=%s
try
  %s -H 'Authorization: Bearer %s' %s%s
end with an interrupt (Ctrl-C)
`, s.BaseURL, s.URL, curl, token, s.BaseURL, try)
}

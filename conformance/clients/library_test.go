//go:build clients

package clients

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/resources"
)

// runLibrary runs the stories with this library.
func runLibrary(t *testing.T, r *recorder, _ bool) {
	ctx := t.Context()
	open := func(credentials spotify.Option) *spotify.Client {
		client, err := spotify.New(
			credentials,
			spotify.WithEndpoints(spotify.Endpoints{API: r.url + "/v1", Accounts: r.url}),
		)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
	story := func(name string, run func() (any, error)) {
		r.start(&call{Method: name})
		r.finish(run())
	}
	album := func() (any, error) {
		album, err := open(spotify.WithAccessToken("any")).Albums.Get(ctx, ids["album"], nil)
		return says("returns the album", err == nil && album.ID == ids["album"]), err
	}
	story("refresh", func() (any, error) {
		source, err := loginLibrary(ctx, t, r.url)
		if err != nil {
			return nil, err
		}
		client := open(spotify.WithTokenSource(source))
		for range 2 {
			r.expire()
			if _, err := client.Users.Me(ctx); err != nil {
				return nil, err
			}
		}
		return "stays logged in", nil
	})
	story("rateLimited", album)
	story("quota", album)
	story("quota403", album)
	story("unauthorized", func() (any, error) {
		state, err := open(spotify.WithAccessToken("any")).Player.State(ctx, nil)
		return says("returns the state", err == nil && state != nil), err
	})
	for _, s := range surfaces {
		story("items "+string(s), func() (any, error) {
			client := open(spotify.WithAccessToken("any"))
			list, err := client.Playlists.Get(ctx, ids["playlist"], nil)
			if err != nil {
				return nil, err
			}
			page, err := client.Playlists.Items(ctx, ids["playlist"], nil)
			if err != nil {
				return nil, err
			}
			return fmt.Sprintf("%d, %d", filled(list.Items.Items), filled(page.Items)), nil
		})
	}
}

func filled(items []resources.PlaylistItem) int {
	n := 0
	for _, item := range items {
		n += count(item.URI() != "")
	}
	return n
}

// loginLibrary logs in by PKCE.
func loginLibrary(ctx context.Context, t *testing.T, accounts string) (auth.TokenSource, error) {
	login, err := auth.NewPKCE(auth.Config{
		ClientID: "app", RedirectURL: ids["redirect"], AccountsURL: accounts, Scopes: auth.AllScopes(),
	})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = login.Close() })
	state := auth.NewState()
	address, err := login.AuthURL(state)
	if err != nil {
		return nil, err
	}
	req, err := callback(context.WithValue(ctx, oauth2.HTTPClient, redirecting(accounts)), address)
	if err != nil {
		return nil, err
	}
	code, err := login.ParseCallback(req.URL.String(), state)
	if err != nil {
		return nil, errors.Join(errors.New("callback"), err)
	}
	return login, login.Exchange(ctx, code)
}

package main

// page.go turns what Spotify says of a user's playlists into a page.

import (
	"context"
	_ "embed"
	"html/template"
	"net/http"
	"time"
)

var (
	//go:embed page.html
	pageSource   string
	pageTemplate = template.Must(template.New("page").Parse(pageSource))
	//go:embed style.css
	styleSource []byte
)

// page is what the template shows: the way in, unless there is a User.
type page struct {
	User, Problem string
	Playlists     []playlist
	// Ends is when the user has to log in again; zero while that is far away.
	Ends time.Time
}

type playlist struct {
	Name, Owner, Cover, URL string
	Total                   int
}

// coverWidth is twice as wide as covers are shown, for screens that are that sharp.
const coverWidth = 400

// page asks Spotify for all of the user's playlists, however many pages of them there are.
func (u *user) page(ctx context.Context) (page, error) {
	me, err := u.client.Users.Me(ctx)
	if err != nil {
		return page{}, err
	}
	p := page{User: me.DisplayName}
	for list, err := range u.client.Playlists.AllMine(ctx, nil) {
		if err != nil {
			return page{}, err
		}
		p.Playlists = append(p.Playlists, playlist{
			Name: list.Name, Owner: list.Owner.DisplayName, Cover: list.Images.Closest(coverWidth).URL, URL: list.ExternalURLs.Spotify, Total: list.Items.Total,
		})
	}
	if login, err := u.login.Record(ctx); err == nil && login.ExpiresSoon(14*24*time.Hour) {
		p.Ends = login.Ends()
	}
	return p, nil
}

// show answers with a page that nothing but our own style and Spotify's images can be loaded into.
func show(w http.ResponseWriter, status int, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data: https: http://127.0.0.1:*; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pageTemplate.Execute(w, p)
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(styleSource)
}

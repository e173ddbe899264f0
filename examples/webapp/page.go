package main

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

// page is the data of the template. Without a User, the template shows the login link.
type page struct {
	User, Problem string
	Playlists     []playlist
	// Ends is the time when the login expires: zero if that is more than 14 days away.
	Ends time.Time
}

type playlist struct {
	Name, Owner, Cover, URL string
	Total                   int
}

// coverWidth is the width of the cover images in pixels: twice the shown width, for sharp screens.
const coverWidth = 400

// page returns the page with all of the user's playlists.
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
			Name: list.Name, Owner: list.Owner.DisplayName, Cover: list.Images.Closest(coverWidth).URL,
			URL: list.ExternalURLs.Spotify, Total: list.Items.Total,
		})
	}
	if login, err := u.login.StoredToken(ctx); err == nil && login.ExpiresSoon(14*24*time.Hour) {
		p.Ends = login.Ends()
	}
	return p, nil
}

// show responds with a page. Its Content-Security-Policy allows our own style sheet and Spotify's
// images only.
func show(w http.ResponseWriter, status int, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; "+
		"img-src data: https: http://127.0.0.1:*; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pageTemplate.Execute(w, p)
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(styleSource)
}

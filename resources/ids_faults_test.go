package resources

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Ids, URIs and links are valid in all forms in which people paste them.
func TestFaultsLinks(t *testing.T) {
	const id = "4aawyAB9vmqN3uQ7FjRGTy"
	for _, text := range []string{
		id, " " + id + "\r\n", `"` + id + `"`, "'" + id + "'", "“" + id + "”", "\ufeff" + id, "\u2066" + id + "\u2069",
		"spotify:album:" + id, "spotify:album:" + id + "?context=spotify%3Aplaylist%3Ax", "SPOTIFY:ALBUM:" + id,
		"Spotify:album:" + id + "#0:30", "spotify://album/" + id, "<spotify:album:" + id + ">",
		"https://open.spotify.com/album/" + id, "https://open.spotify.com/album/" + id + "?si=0123456789abcdef",
		"https://OPEN.SPOTIFY.COM/album/" + id, "HTTPS://Open.Spotify.com/album/" + id + "/",
		"https://open.spotify.com/album/spotify:album:" + id,
		"https://open.spotify.com/album/spotify%3Aalbum%3A" + id + "?si=x",
		"https://open.spotify.com/intl-de/album/" + id + "?si=x&nd=1",
		"<https://open.spotify.com/album/" + id + ">",
		" https://open.spotify.com/embed/album/" + id + "?utm_source=generator ",
		"http://www.open.spotify.com/album/" + id, "spotify.com/album/" + id,
		"https://embed.spotify.com/?uri=spotify:album:" + id,
		"https://open.spotify.com/embed?uri=spotify%3Aalbum%3A" + id,
		"https://play.spotify.com/album/" + id + "&si=x", "https://api.spotify.com/v1/albums/" + id + "?market=DE",
		"https://open.spotify.com/album/" + id + "/tracks",
	} {
		if got, err := ParseID(KindAlbum, text); got != id || err != nil {
			t.Errorf("ParseID(%q) = %q, %v", text, got, err)
		}
		if kind, got, err := ParseURI(text); !strings.Contains(strings.ToLower(text), "album") || text == id {
			if err == nil {
				t.Errorf("ParseURI(%q) = %s %s", text, kind, got)
			}
		} else if kind != KindAlbum || got != id || err != nil {
			t.Errorf("ParseURI(%q) = %s, %q, %v", text, kind, got, err)
		}
	}
	for text, kind := range map[string]Kind{
		"https://open.spotify.com/artist/" + id + "/discography/all":            KindArtist,
		"https://open.spotify.com/intl-fr/artist/" + id + "/discography/single": KindArtist,
		"https://open.spotify.com/artist/" + id + "/related":                    KindArtist,
		"https://open.spotify.com/embed-podcast/episode/" + id:                  KindEpisode,
		"https://open.spotify.com/user/some.body/playlist/" + id + "?si=x":      KindPlaylist,
		"spotify:user:some.body:playlist:" + id:                                 KindPlaylist,
	} {
		if got, bare, err := ParseURI(text); got != kind || bare != id || err != nil {
			t.Errorf("ParseURI(%q) = %s, %q, %v", text, got, bare, err)
		}
	}
	for _, text := range []string{
		"https://spotify.link/abc", "https://open.spotify.com.evil/album/" + id,
		"https://evil/open.spotify.com/album/" + id, "https://open.spotify.com@evil/album/" + id,
		"spotify:album:" + id + ":x",
		"https://open.spotify.com/", "https://open.spotify.com/collection/tracks",
		"https://open.spotify.com/track/" + id, "spotify:album:" + id[1:],
		"[x](https://open.spotify.com/album/" + id + ")", "al\xffbum",
	} {
		_, err := ParseID(KindAlbum, text)
		bad, ok := errors.AsType[*ArgumentError](err)
		if !ok || !strings.Contains(bad.Given, strings.ToValidUTF8(text, `\xff`)) { // the error has the whole text
			t.Errorf("ParseID(%q): %v", text, err)
		}
	}
	if _, err := ParseID(KindUser, "https://open.spotify.com/collection/tracks"); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("a link that names no user: %v", err)
	}
}

// Pasted text is trimmed wherever it enters.
func TestFaultsEntryPoints(t *testing.T) {
	s, r := record(
		t,
		Config{BaseURL: " https://api.spotify.com/v1/ \n", Market: ` "DE" `},
		always(200, `{"items":[],"album":{},"id":"x","snapshot_id":"s","tracks":{"items":[]}}`),
	)
	ctx := t.Context()
	for want, call := range map[string]func() error{
		"GET /albums/" + albumA + "?market=DE": func() error {
			_, err := s.Albums.Get(ctx, " "+albumA+"\n", nil)
			return err
		},
		"GET /albums/" + albumA + "?market=SE": func() error {
			_, err := s.Albums.Get(ctx, "“spotify:album:"+albumA+"”", &GetParams{Market: "SE\n"})
			return err
		},
		"GET /new/thing?a=b": func() error {
			return s.Do(ctx, http.MethodGet, " /new/thing\n", url.Values{"a": {"b"}}, nil, nil)
		},
		"PUT /me/player/pause?device_id=d": func() error { return s.Player.Pause(ctx, &DeviceParams{DeviceID: "d\n"}) },
		"GET /users/a%2Bb%20c":             func() error { _, err := s.Users.Get(ctx, "a+b c"); return err },
		"PUT /me/library?uris=" + url.QueryEscape("spotify:user:a%2Bb"): func() error {
			return s.Library.Save(ctx, "https://open.spotify.com/user/a+b")
		},
	} {
		before := len(r.sent())
		err := call()
		if sent := r.sent()[before:]; err != nil || len(sent) != 1 || sent[0].line() != want {
			t.Errorf("sent %+v, want %s; %v", sent, want, err)
		}
	}
}

// Text that Spotify responds to with 500 is an error before anything is sent.
func TestFaultsText(t *testing.T) {
	s, r := record(t, Config{}, always(200, `{}`))
	ctx := t.Context()
	text := func(s string) *string { return &s }
	for name, err := range map[string]error{
		"a line break in a new name": errorOf(s.Playlists.Create(ctx, &CreatePlaylistParams{Name: "a\nb"})),
		"a line break in a description": errorOf(s.Playlists.Create(ctx, &CreatePlaylistParams{
			Name:        "a",
			Description: "b\r\nc",
		})),
		"a line separator in a name": s.Playlists.ChangeDetails(ctx, playlistA, &ChangeDetailsParams{Name: "a\u2028b"}),
		"a line break in a changed text": s.Playlists.ChangeDetails(
			ctx,
			playlistA,
			&ChangeDetailsParams{Description: text("a\nb")},
		),
		"a name that is not UTF-8": errorOf(s.Playlists.Create(ctx, &CreatePlaylistParams{Name: "a\xffb"})),
		"a description that is not UTF-8": s.Playlists.ChangeDetails(
			ctx,
			playlistA,
			&ChangeDetailsParams{Description: text("\xc3")},
		),
		"a search that is not UTF-8":    errorOf(s.Search.Query(ctx, "a\xffb", nil)),
		"a filter that is not UTF-8":    errorOf(s.Playlists.Items(ctx, playlistA, &PlaylistItemsParams{Fields: "\xff"})),
		"a user that is not UTF-8":      errorOf(s.Users.Get(ctx, "a\xff")),
		"a parameter that is not UTF-8": s.Do(ctx, http.MethodGet, "/x", url.Values{"a": {"\xff"}}, nil, nil),
		"a body that is not UTF-8":      s.Do(ctx, http.MethodPost, "/x", nil, map[string]string{"a": "\xff"}, nil),
		"a device that is not UTF-8":    s.Player.Pause(ctx, &DeviceParams{DeviceID: "\xff"}),
		"a context that is not UTF-8":   s.Player.Play(ctx, &PlayParams{ContextURI: "spotify:\xff"}),
	} {
		if !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(r.sent()); n > 0 {
		t.Errorf("%d requests", n)
	}
	if _, err := s.Playlists.Create(ctx, &CreatePlaylistParams{
		Name:        " “Ünïcode” \t & more ",
		Description: "\u200d",
	}); errors.Is(
		err,
		ErrInvalidArgument,
	) {
		t.Error(err) // a name is sent unchanged
	}
}

func errorOf[T any](_ T, err error) error { return err }

// An empty list is an empty result.
func TestFaultsEmptyLists(t *testing.T) {
	s, r := record(t, Config{ExtendedQuota: true}, always(500, ""))
	ctx := t.Context()
	tracks, err := s.Tracks.GetMany(ctx, nil, nil)
	albums, errAlbums := s.Albums.GetMany(ctx, []string{}, nil)
	contains, errContains := s.Library.Contains(ctx)
	follows, errFollows := s.Users.Follows(ctx, KindArtist)
	added, errAdd := s.Playlists.AddItems(ctx, playlistA, nil, nil)
	removed, errRemove := s.Playlists.RemoveItems(ctx, playlistA, []string{}, &RemoveItemsParams{SnapshotID: "s"})
	if err := errors.Join(
		err,
		errAlbums,
		errContains,
		errFollows,
		errAdd,
		errRemove,
		s.Library.Save(ctx),
		s.Library.Remove(ctx),
		s.Tracks.SaveAt(ctx),
		s.Users.Unfollow(ctx, KindUser),
	); err != nil {
		t.Error(err)
	}
	if tracks == nil || albums == nil || contains == nil || follows == nil ||
		len(tracks)+len(albums)+len(contains)+len(follows) > 0 ||
		added+removed != "" ||
		len(r.sent()) > 0 {
		t.Errorf("%v %v %v %v %q %q; %d requests", tracks, albums, contains, follows, added, removed, len(r.sent()))
	}
	if _, err := s.Playlists.ReplaceItems(ctx, playlistA, nil); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("nil would clear the playlist: %v", err)
	}
}

// NextPage and Do follow the links of pages, also of pages in a member of the response. A link to
// another origin is an error before anything is sent.
func TestFaultsFollowLinks(t *testing.T) {
	page := func(member, name, next, previous string) string {
		text := `{"items":[{"name":"` + name + `"}],"limit":1,"next":` + next + `,"previous":` + previous + `}`
		if member != "" {
			return `{"message":"m","` + member + `":` + text + `}`
		}
		return text
	}
	quoted := func(path string) string { return `"` + DefaultBaseURL + path + `"` }
	s, r := record(t, Config{}, func(req *http.Request) (int, string) {
		switch path, q := strings.TrimPrefix(req.URL.Path, "/v1"), req.URL.Query(); {
		case path == "/me/following" && q.Get("after") == "x":
			return 200, page("artists", "second", "null", "null")
		case path == "/me/following":
			return 200, page("artists", "first", quoted("/me/following?type=artist&after=x"), "null")
		case q.Get("offset") == "1":
			return 200, page("", "second", "null", quoted(path+"?offset=0&market=DE"))
		default:
			return 200, page("", "first", quoted(path+"?offset=1&market=DE"), "null")
		}
	})
	ctx := t.Context()
	first, err := s.Albums.Tracks(ctx, albumA, nil)
	if err != nil {
		t.Fatal(err)
	}
	next, err := NextPage(ctx, s, first)
	if err != nil || next.Items[0].Name != "second" {
		t.Fatal(next, err)
	}
	if sent := r.sent(); sent[1].line() != "GET /albums/"+albumA+"/tracks?market=DE&offset=1" {
		t.Errorf("sent %s", sent[1].line())
	}
	if after, err := NextPage(ctx, s, next); after != nil || err != nil {
		t.Errorf("after the last page: %v, %v", after, err)
	}
	if back, err := PreviousPage(ctx, s, next); err != nil || back.Items[0].Name != "first" {
		t.Errorf("%v, %v", back, err)
	}
	artists, err := s.Users.FollowedArtists(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if more, err := NextPage(ctx, s, artists); err != nil || more.Items[0].Name != "second" {
		t.Errorf("%v, %v", more, err)
	}
	var tracks Page[SimplifiedTrack]
	if err := s.Do(ctx, http.MethodGet, first.Next, url.Values{"limit": {"1"}}, nil, &tracks); err != nil ||
		tracks.Items[0].Name != "second" {
		t.Errorf("%v, %v", tracks, err)
	}
	before := len(r.sent())
	for _, link := range []string{
		"https://evil.example/v1/x", "http://api.spotify.com/v1/x", "https://api.spotify.com:444/v1/x", "//evil/x",
		"https://api.spotify.com@evil/v1/x", "https://api.spotify.com.evil/v1/x", "https://user@api.spotify.com/v1/x",
		"https://sub.api.spotify.com/v1/x",
	} {
		_, err := NextPage(ctx, s, &Page[Track]{Next: link})
		if !errors.Is(err, ErrForeignLink) || !errors.Is(s.Do(ctx, http.MethodGet, link, nil, nil, nil), ErrForeignLink) {
			t.Errorf("%s: %v", link, err)
		}
	}
	for _, link := range []string{
		"https://api.spotify.com/v2/x",
		"https://api.spotify.com/v1",
		"https://api.spotify.com/v1/../x",
		"https://api.spotify.com/v1/x?a=%zz",
		"https://%zz/",
		"javascript://api.spotify.com/v1/x",
	} {
		if _, err := NextPage(context.Background(), s, &Page[Track]{Next: link}); !errors.Is(err, ErrInvalidArgument) &&
			!errors.Is(err, ErrForeignLink) {
			t.Errorf("%s: %v", link, err)
		}
	}
	for name, missing := range map[string]func() error{
		"NextPage":     func() error { _, err := NextPage[*Page[Track]](ctx, s, nil); return err },
		"PreviousPage": func() error { _, err := PreviousPage[*CursorPage[Artist]](ctx, s, nil); return err },
	} {
		if err := missing(); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s without a page: %v", name, err)
		}
	}
	if n := len(r.sent()) - before; n > 0 {
		t.Errorf("%d requests", n)
	}
}

package mock

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

func TestRecordIsATransport(t *testing.T) {
	transporttest.Run(t, func() transport.Middleware {
		return func(next http.RoundTripper) http.RoundTripper {
			rt, err := Record(next, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			return rt
		}
	})
}

// record sends requests over tr and returns where the fixtures lie.
func record(t *testing.T, tr http.RoundTripper, opts []RecordOption, reqs ...*http.Request) (dir string, got []result) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "fixtures")
	rt, err := Record(tr, dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	for _, req := range reqs {
		got = append(got, send(rt, req))
	}
	return dir, got
}

func replay(t *testing.T, dir string, opts ...RecordOption) http.RoundTripper {
	t.Helper()
	rt, err := Replay(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return rt
}

func TestRecordAndReplay(t *testing.T) {
	tr := New(t, Gzip())
	n := 0
	tr.On("GET", "/me/player").RespondWith(func(Call) (int, any) { n++; return 200, map[string]any{"n": n} })
	tr.On("GET", "/playlists/{id}/images").Respond(200, []byte{0xff, 0xd8, 0})
	tr.On("PUT", "/me/player/pause").Respond(204, nil)
	tr.On("GET", "/shows/{id}").Respond(502, "bad gateway")
	reqs := func() []*http.Request {
		return []*http.Request{
			request(t, "GET", trackPath+"?market=SE&x=1", ""),
			request(t, "GET", "/me/player", ""),
			request(t, "GET", "/me/player", ""),
			request(t, "GET", "/playlists/p/images", ""),
			request(t, "PUT", "/me/player/pause", ""),
			request(t, "GET", "/shows/s", ""),
			request(t, "PUT", "/me/player/volume?volume_percent=1", `{"a":1,"b":2}`, "Content-Type", "application/json"),
			request(t, "GET", "/tracks/missing", "", "Accept-Encoding", "gzip"),
		}
	}
	dir, want := record(t, tr, nil, reqs()...)
	if files, _ := filepath.Glob(filepath.Join(dir, "*.json")); len(files) != len(want) || filepath.Base(files[1]) != "0002-GET-me-player.json" {
		t.Errorf("files %v", files)
	}
	from := replay(t, dir)
	for i, req := range reqs() {
		req.Header.Set("Authorization", "Bearer another-token")
		req.Header.Del("Accept-Encoding")
		got := send(from, req)
		if strings.Contains(want[i].header.Get("Content-Encoding"), "gzip") {
			want[i].body = get(t, tr, "/tracks/missing").body
		}
		if got.err != nil || got.status != want[i].status || got.body != want[i].body || got.header.Get("Content-Type") != want[i].header.Get("Content-Type") {
			t.Errorf("%s: %+v, want %+v", req.URL, got, want[i])
		}
	}
	for what, req := range map[string]*http.Request{
		"the last one stays":             request(t, "GET", "/me/player", ""),
		"another order of the query":     request(t, "GET", trackPath+"?x=1&market=SE", ""),
		"another spelling of the body":   request(t, "PUT", "/me/player/volume?volume_percent=1", `{ "b": 2, "a": 1 }`, "Content-Type", "application/json"),
		"without the recorded authority": request(t, "GET", "/me/player", "", "Authorization", "Bearer x"),
	} {
		if r := send(from, req); r.err != nil {
			t.Errorf("%s: %v", what, r.err)
		}
	}
	for what, c := range map[string]struct {
		req  *http.Request
		want string
	}{
		"another path":   {request(t, "GET", "/tracks/"+TrackID+"x?market=SE&x=1", ""), "(0001-GET-tracks-" + TrackID + ".json)"},
		"another body":   {request(t, "PUT", "/me/player/volume?volume_percent=1", `{}`), "with another body"},
		"another method": {request(t, "POST", "/me/player/pause", ""), "0005-PUT-me-player-pause.json"},
	} {
		r := send(from, c.req)
		if !errors.Is(r.err, ErrNoFixture) || !strings.Contains(r.err.Error(), c.want) || !transport.IsPermanent(r.err) {
			t.Errorf("%s: %v", what, r.err)
		}
	}
}

func TestRecordKeepsNoSecrets(t *testing.T) {
	const (
		token  = "sekret-access-token/+="
		secret = "sekret-client-secret"
	)
	tr := New(t)
	tr.On("GET", "/me").Respond(200, `{"display_name":"`+token+`","email":"someone@mail.example","bio":"write to other.one+x@mail.example"}`).
		Header("Set-Cookie", "sp=sekret-cookie").Header("X-Echo", token)
	tr.On("GET", "/authorize").Respond(303, nil).Header("Location", "http://127.0.0.1/cb?state=1&code=sekret-code-in-location")
	tr.On("POST", "/api/token").Respond(200, `{"access_token" : "sekret-new-access", "refresh_token":"sekret-new-refresh","scope":"a"}`)
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("id:"+secret))
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"sekret-code"}, "code_verifier": {"sekret-verifier"}, "client_secret": {secret}, "refresh_token": {"sekret-refresh"}}
	reqs := func() []*http.Request {
		return []*http.Request{
			request(t, "GET", "/me?access_token="+url.QueryEscape(token)+"&x="+url.QueryEscape(token), "", "Authorization", "Bearer "+token, "Cookie", "a=sekret-cookie"),
			request(t, "POST", "https://accounts.spotify.com/api/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", basic),
			request(t, "POST", "https://accounts.spotify.com/api/token", `{"client_secret":"`+secret+`"}`, "Content-Type", "application/json"),
			request(t, "GET", "https://user:sekret-password@accounts.spotify.com/authorize", ""),
			request(t, "GET", "/me", "", "X-Own", "sekret-new-access"),
		}
	}
	for _, opts := range [][]RecordOption{nil, {RedactEmails()}} {
		dir, got := record(t, tr, opts, reqs()...)
		for _, r := range got {
			if r.err != nil {
				t.Fatal(r.err)
			}
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		all := ""
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all += name + "\n" + string(data)
		}
		if len(files) != len(got) || strings.Contains(all, "sekret") || strings.Contains(all, strings.TrimPrefix(basic, "Basic ")) {
			t.Errorf("%d files\n%s", len(files), all)
		}
		if emails := strings.Count(all, "@mail.example"); (opts == nil) != (emails == 4) || opts != nil && emails != 0 {
			t.Errorf("%d emails\n%s", emails, all)
		}
		if !strings.Contains(got[0].body, token) || !strings.Contains(got[1].body, "sekret-new-access") {
			t.Error("the caller's answers were changed")
		}
		from := replay(t, dir, opts...)
		for _, req := range reqs()[:4] {
			if r := send(from, req); r.err != nil {
				t.Errorf("%s: %v", req.URL.Path, r.err)
			}
		}
	}
}

func TestRecordFails(t *testing.T) {
	dir, _ := record(t, New(t), nil, request(t, "GET", trackPath, ""))
	if _, err := Record(nil, dir); err == nil || !strings.Contains(err.Error(), "1 fixtures already") {
		t.Errorf("over old fixtures: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Record(nil, file); err == nil {
		t.Error("into a file")
	}
	cut, got := record(t, New(t, CutBodies(1)), nil, request(t, "GET", trackPath, ""))
	if !errors.Is(got[0].err, io.ErrUnexpectedEOF) || got[0].status != 200 {
		t.Errorf("an answer that breaks off: %+v", got)
	}
	if _, err := Replay(cut); !errors.Is(err, ErrNoFixture) {
		t.Errorf("what broke off was written: %v", err)
	}
	for name, text := range map[string]string{"no JSON": "x", "nothing in it": "{}", "no status": `{"request":{"method":"GET","url":"https://x/"}}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "1.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Replay(dir); err == nil || !strings.Contains(err.Error(), "1.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	lost, err := Record(New(t), filepath.Join(t.TempDir(), "lost"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(lost.(*recording).dir); err != nil {
		t.Fatal(err)
	}
	if r := send(lost, request(t, "GET", trackPath, "")); r.err == nil {
		t.Error("an exchange that could not be written went unnoticed")
	}
}

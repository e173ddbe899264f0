package record_test

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

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/mock/record"
	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

func TestRecordIsATransport(t *testing.T) {
	transporttest.Run(t, func() transport.Middleware {
		return func(next http.RoundTripper) http.RoundTripper {
			rt, err := record.NewRecorder(next, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			return rt
		}
	})
}

// recordAll sends requests through a recorder and returns the directory of the fixtures.
func recordAll(
	t *testing.T,
	tr http.RoundTripper,
	opts []record.Option,
	reqs ...*http.Request,
) (dir string, got []mocktest.Result) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "fixtures")
	rt, err := record.NewRecorder(tr, dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	for _, req := range reqs {
		got = append(got, mocktest.Send(rt, req))
	}
	return dir, got
}

func replay(t *testing.T, dir string, opts ...record.Option) http.RoundTripper {
	t.Helper()
	rt, err := record.NewReplayer(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return rt
}

func TestRecordAndReplay(t *testing.T) {
	tr := mock.New(t, mock.WithFaults(mock.Faults{Gzip: true}))
	n := 0
	tr.On("GET", "/me/player").RespondWith(func(mock.Call) (int, any) { n++; return 200, map[string]any{"n": n} })
	tr.On("GET", "/playlists/{id}/images").Respond(200, []byte{0xff, 0xd8, 0})
	tr.On("PUT", "/me/player/pause").Respond(204, nil)
	tr.On("GET", "/shows/{id}").Respond(502, "bad gateway")
	reqs := func() []*http.Request {
		return []*http.Request{
			mocktest.Request(t, "GET", "/tracks/"+mock.TrackID+"?market=SE&x=1", ""),
			mocktest.Request(t, "GET", "/me/player", ""),
			mocktest.Request(t, "GET", "/me/player", ""),
			mocktest.Request(t, "GET", "/playlists/p/images", ""),
			mocktest.Request(t, "PUT", "/me/player/pause", ""),
			mocktest.Request(t, "GET", "/shows/s", ""),
			mocktest.Request(
				t,
				"PUT",
				"/me/player/volume?volume_percent=1",
				`{"a":1,"b":2}`,
				"Content-Type",
				"application/json",
			),
			mocktest.Request(t, "GET", "/tracks/missing", "", "Accept-Encoding", "gzip"),
		}
	}
	dir, want := recordAll(t, tr, nil, reqs()...)
	if files, _ := filepath.Glob(filepath.Join(dir, "*.json")); len(files) != len(want) ||
		filepath.Base(files[1]) != "0002-GET-me-player.json" {
		t.Errorf("files %v", files)
	}
	from := replay(t, dir)
	for i, req := range reqs() {
		req.Header.Set("Authorization", "Bearer another-token")
		req.Header.Del("Accept-Encoding")
		got := mocktest.Send(from, req)
		if strings.Contains(want[i].Header.Get("Content-Encoding"), "gzip") {
			want[i].Body = mocktest.Get(t, tr, "/tracks/missing").Body
		}
		if got.Err != nil || got.Status != want[i].Status || got.Body != want[i].Body ||
			got.Header.Get("Content-Type") != want[i].Header.Get("Content-Type") {
			t.Errorf("%s: %+v, want %+v", req.URL, got, want[i])
		}
	}
	for what, req := range map[string]*http.Request{
		"the last one stays":         mocktest.Request(t, "GET", "/me/player", ""),
		"another order of the query": mocktest.Request(t, "GET", "/tracks/"+mock.TrackID+"?x=1&market=SE", ""),
		"another spelling of the body": mocktest.Request(t, "PUT", "/me/player/volume?volume_percent=1",
			`{ "b": 2, "a": 1 }`, "Content-Type", "application/json"),
		"without the recorded authority": mocktest.Request(t, "GET", "/me/player", "", "Authorization", "Bearer x"),
	} {
		if r := mocktest.Send(from, req); r.Err != nil {
			t.Errorf("%s: %v", what, r.Err)
		}
	}
	for what, c := range map[string]struct {
		req  *http.Request
		want string
	}{
		"another path": {mocktest.Request(t, "GET", "/tracks/"+mock.TrackID+"x?market=SE&x=1", ""),
			"(0001-GET-tracks-" + mock.TrackID + ".json)"},
		"another body":   {mocktest.Request(t, "PUT", "/me/player/volume?volume_percent=1", `{}`), "with another body"},
		"another method": {mocktest.Request(t, "POST", "/me/player/pause", ""), "0005-PUT-me-player-pause.json"},
	} {
		r := mocktest.Send(from, c.req)
		if !errors.Is(r.Err, record.ErrNoFixture) || !strings.Contains(r.Err.Error(), c.want) ||
			!transport.IsPermanent(r.Err) {
			t.Errorf("%s: %v", what, r.Err)
		}
	}
}

func TestRecordKeepsNoSecrets(t *testing.T) {
	const (
		token  = "sekret-access-token/+="
		secret = "sekret-client-secret"
	)
	tr := mock.New(t)
	tr.On(
		"GET",
		"/me",
	).Respond(
		200,
		`{"display_name":"`+token+`","email":"someone@mail.example","bio":"write to other.one+x@mail.example"}`,
	).
		Header(
			"Set-Cookie",
			"sp=sekret-cookie",
		).Header(
		"X-Echo",
		token,
	)
	tr.On(
		"GET",
		"/authorize",
	).Respond(
		303,
		nil,
	).Header(
		"Location",
		"http://127.0.0.1/cb?state=1&code=sekret-code-in-location",
	)
	tr.On(
		"POST",
		"/api/token",
	).Respond(
		200,
		`{"access_token" : "sekret-new-access", "refresh_token":"sekret-new-refresh","scope":"a"}`,
	)
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("id:"+secret))
	form := url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {"sekret-code"},
		"code_verifier": {"sekret-verifier"},
		"client_secret": {secret},
		"refresh_token": {"sekret-refresh"},
	}
	reqs := func() []*http.Request {
		return []*http.Request{
			mocktest.Request(
				t,
				"GET",
				"/me?access_token="+url.QueryEscape(token)+"&x="+url.QueryEscape(token),
				"",
				"Authorization",
				"Bearer "+token,
				"Cookie",
				"a=sekret-cookie",
			),
			mocktest.Request(
				t,
				"POST",
				"https://accounts.spotify.com/api/token",
				form.Encode(),
				"Content-Type",
				"application/x-www-form-urlencoded",
				"Authorization",
				basic,
			),
			mocktest.Request(
				t,
				"POST",
				"https://accounts.spotify.com/api/token",
				`{"client_secret":"`+secret+`"}`,
				"Content-Type",
				"application/json",
			),
			mocktest.Request(t, "GET", "https://user:sekret-password@accounts.spotify.com/authorize", ""),
			mocktest.Request(t, "GET", "/me", "", "X-Own", "sekret-new-access"),
		}
	}
	for _, opts := range [][]record.Option{nil, {record.WithoutEmails()}} {
		dir, got := recordAll(t, tr, opts, reqs()...)
		for _, r := range got {
			if r.Err != nil {
				t.Fatal(r.Err)
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
		if len(files) != len(got) || strings.Contains(all, "sekret") ||
			strings.Contains(all, strings.TrimPrefix(basic, "Basic ")) {
			t.Errorf("%d files\n%s", len(files), all)
		}
		if emails := strings.Count(all, "@mail.example"); (opts == nil) != (emails == 4) || opts != nil && emails != 0 {
			t.Errorf("%d emails\n%s", emails, all)
		}
		if !strings.Contains(got[0].Body, token) || !strings.Contains(got[1].Body, "sekret-new-access") {
			t.Error("the caller's responses were changed")
		}
		from := replay(t, dir, opts...)
		for _, req := range reqs()[:4] {
			if r := mocktest.Send(from, req); r.Err != nil {
				t.Errorf("%s: %v", req.URL.Path, r.Err)
			}
		}
	}
}

func TestRecordFails(t *testing.T) {
	dir, _ := recordAll(t, mock.New(t), nil, mocktest.Request(t, "GET", "/tracks/"+mock.TrackID, ""))
	if _, err := record.NewRecorder(nil, dir); err == nil || !strings.Contains(err.Error(), "1 fixtures already") {
		t.Errorf("over old fixtures: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := record.NewRecorder(nil, file); err == nil {
		t.Error("into a file")
	}
	cut, got := recordAll(
		t,
		mock.New(t, mock.WithFaults(mock.Faults{CutRate: 1})),
		nil,
		mocktest.Request(t, "GET", "/tracks/"+mock.TrackID, ""),
	)
	if !errors.Is(got[0].Err, io.ErrUnexpectedEOF) || got[0].Status != 200 {
		t.Errorf("a response that is cut short: %+v", got)
	}
	if _, err := record.NewReplayer(cut); !errors.Is(err, record.ErrNoFixture) {
		t.Errorf("what broke off was written: %v", err)
	}
	for name, text := range map[string]string{"no JSON": "x", "nothing in it": "{}",
		"no status": `{"request":{"method":"GET","url":"https://x/"}}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "1.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := record.NewReplayer(dir); err == nil || !strings.Contains(err.Error(), "1.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir = filepath.Join(t.TempDir(), "lost")
	lost, err := record.NewRecorder(mock.New(t), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if r := mocktest.Send(lost, mocktest.Request(t, "GET", "/tracks/"+mock.TrackID, "")); r.Err == nil {
		t.Error("an exchange that could not be written went unnoticed")
	}
}

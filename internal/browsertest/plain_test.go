package browsertest

// These tests use the examples without a browser, on every machine: they follow links and send
// forms.

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// visitor is an HTTP client with cookies that checks the source of pages.
type visitor struct {
	t *testing.T
	http.Client
	at   *url.URL
	body string
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, Client: http.Client{Jar: jar}}
}

func (v *visitor) open(address string) { v.t.Helper(); v.read(v.Get(address)) }

// send sends the current page's form to the page's own URL, or to path if that is not empty.
func (v *visitor) send(path string, form url.Values) {
	v.t.Helper()
	to, err := v.at.Parse(path)
	if err != nil {
		v.t.Fatal(err)
	}
	v.read(v.PostForm(to.String(), form))
}

func (v *visitor) read(resp *http.Response, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %s, %v\n%s", resp.Request.URL.Redacted(), resp.Status, err, body)
	}
	v.at, v.body = resp.Request.URL, string(body)
}

func (v *visitor) sees(texts ...string) {
	v.t.Helper()
	for _, text := range texts {
		if !strings.Contains(v.body, text) {
			v.t.Errorf("%s does not contain %q", v.at.Path, text)
		}
	}
}

var agree = url.Values{"decision": {"agree"}}

func TestLoginWithoutABrowser(t *testing.T) {
	p, v := start(t, t.TempDir(), "login", "-show-url"), newVisitor(t)
	v.open(p.says("Log in at "))
	v.sees("Let <b>example</b> use your account?")
	v.send("", agree)
	v.sees("You are logged in")
	if status, last, printed := p.ends(); status != 0 || !strings.HasPrefix(printed, "Hello, ") {
		t.Errorf("exit status %d: %s\n%s", status, last, printed)
	}
}

// With -manual the browser is on another machine, which cannot load the redirect: the user pastes
// its address.
func TestManualLogin(t *testing.T) {
	p, v := start(t, t.TempDir(), "login", "-manual"), newVisitor(t)
	v.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		v.at = req.URL
		return http.ErrUseLastResponse
	}
	p.says("To log in, open this address in a browser, on any device:")
	p.says("")
	v.open(p.says("  "))
	resp, err := v.PostForm(v.at.String(), agree)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	p.types(v.at.String())
	if status, last, printed := p.ends(); status != 0 || !strings.HasPrefix(printed, "Hello, ") {
		t.Errorf("exit status %d: %s\n%s", status, last, printed)
	}
}

func TestWebappWithoutABrowser(t *testing.T) {
	v := newVisitor(t)
	v.open(start(t, t.TempDir(), "webapp", "-addr", "127.0.0.1:0").says("Open "))
	v.sees("All your playlists on one page", `href="/login"`)
	home := v.at
	v.open(home.JoinPath("/login").String())
	v.sees("See your private playlists")
	v.send("", agree)
	v.sees("Your playlists", "Evenings", "Log out")
	covers := regexp.MustCompile(`<img src="([^"]+)"`).FindAllStringSubmatch(v.body, -1)
	for _, cover := range covers {
		resp, err := http.Get(cover[1]) // without cookies, because covers are public
		if err != nil {
			t.Fatal(err)
		}
		picture, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if kind := http.DetectContentType(picture); resp.StatusCode != http.StatusOK || kind != "image/jpeg" {
			t.Errorf("%s: %s, %s", cover[1], resp.Status, kind)
		}
	}
	t.Logf("%d covers are served", len(covers))
	if len(covers) == 0 {
		t.Error("no covers")
	}
	v.at = home
	v.send("/logout", nil)
	v.sees("All your playlists on one page")
}

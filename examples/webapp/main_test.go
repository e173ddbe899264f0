package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// A user opens the page, declines a login, logs in and logs out.
func TestWebapp(t *testing.T) {
	server := exampletest.Start(t, t.TempDir(), "-addr", "127.0.0.1:0")
	home := server.Until("Open ")
	var output strings.Builder
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	page := home // the browser's address
	read := func(action string, resp *http.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		page = resp.Request.URL.String()
		fmt.Fprintf(&output, "\n%s: %s %s\n%s", action, resp.Status, resp.Header.Get("Content-Type"), visible(string(body)))
	}
	open := func(action, address string) { t.Helper(); resp, err := browser.Get(address); read(action, resp, err) }
	send := func(action, address string, form url.Values) {
		t.Helper()
		resp, err := browser.PostForm(address, form)
		read(action, resp, err)
	}
	open("open the page", home)
	open("log in", home+"/login")
	send("decline", page, url.Values{"decision": {"deny"}})
	open("a callback of another login", home+"/callback?code=stolen&state="+strings.Repeat("s", 43))
	open("log in", home+"/login")
	send("agree", page, url.Values{"decision": {"agree"}})
	send("log out", home+"/logout", nil)
	server.Signal(os.Kill)
	logged, _ := server.End()
	exampletest.Golden(t, logged+output.String())
}

// visible returns the text of a page, without blank lines.
func visible(html string) string {
	_, body, _ := strings.Cut(html, "<body>")
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, "")
	return regexp.MustCompile(`(?m)^\s*\n| +$`).ReplaceAllString(text, "")
}

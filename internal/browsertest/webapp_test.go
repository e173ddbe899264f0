package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// A user logs in to the web app, sees their playlists, and logs out.
func TestWebapp(t *testing.T) {
	b := openBrowser(t)
	home := start(t, t.TempDir(), "webapp", "-addr", "127.0.0.1:0").says("Open ")
	b.open(home)
	b.reads("All your playlists on one page")
	b.looks("webapp-door")
	b.click("a.button")
	b.reads("Let example use your account?")
	b.click("button[value=agree]")
	b.sees("header button")
	if n := eval[int](b, `document.querySelectorAll(".grid li").length`); n == 0 {
		t.Error("no playlists")
	}
	if at := eval[string](b, `location.href`); at != home+"/" {
		t.Errorf("the browser is at %s: the code stays in its history", at)
	}
	b.until(`[...document.images].every(i => i.complete)`)
	shown := eval[int](b, `[...document.images].filter(i => i.complete && i.naturalWidth).length`)
	broken := eval[int](b, `[...document.images].filter(i => i.complete && !i.naturalWidth).length`)
	t.Logf("%s sees %d playlists, %d covers, %d of them broken",
		eval[string](b, `document.querySelector("header h1").innerText`),
		eval[int](b, `document.querySelectorAll(".grid li").length`), shown+broken, broken)
	if shown == 0 || broken > 0 {
		t.Error("the covers are not all there")
	}
	b.looks("webapp-playlists")
	if cookies := b.cookies(); len(cookies) != 1 || cookies[0].Name != "session" || !cookies[0].HTTPOnly ||
		cookies[0].SameSite != network.CookieSameSiteLax {
		t.Errorf("%d cookies, want the session's only: the login's cookie is valid once", len(cookies))
	}
	b.click("header button")
	b.reads("All your playlists on one page")
	if cookies := b.cookies(); len(cookies) != 0 {
		t.Errorf("%d cookies after the logout", len(cookies))
	}
	b.clean()

	b.open(home + "/login")
	b.click("button[value=deny]")
	b.sees(".note")
	if note := eval[string](b,
		`document.querySelector(".note").innerText`); note != "You declined, and nothing was shared." {
		t.Errorf("after Cancel: %q", note)
	}
	b.looks("webapp-declined")
	b.clean()

	b.open(home + "/callback?code=stolen&state=" + strings.Repeat("s", 43))
	b.sees(".note")
	note := eval[string](b, `document.querySelector(".note").innerText`)
	if !strings.HasPrefix(note, "That login was started in another browser") {
		t.Errorf("a callback of another login: %q", note)
	}
	b.click("a.button") // and the user can log in from there
	b.click("button[value=agree]")
	b.sees("header button")
	b.clean()
}

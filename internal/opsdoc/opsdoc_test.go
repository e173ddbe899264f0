package main

import (
	"os"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

const here, page = "../../resources", "../../docs/operations.md"

// Every operation has an exported method, and the page says what the source does.
func TestThePageIsWhatTheSourceSays(t *testing.T) {
	want, err := document(here)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/operations.md is stale: run go generate ./...")
	}
	if rows := strings.Count(want, "\n| ["); rows != len(resources.Operations()) {
		t.Errorf("%d rows for %d operations", rows, len(resources.Operations()))
	}
}

func TestScan(t *testing.T) {
	found, err := scan(here)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]entry{
		"get-an-album":           {"Albums", []string{"Albums.Get", "Albums.GetMany"}, false}, // GetMany asks for one at a time where it may not ask for several
		"get-multiple-albums":    {"Albums", []string{"Albums.GetMany"}, false},
		"get-users-saved-tracks": {"Tracks", []string{"Tracks.Saved", "Tracks.AllSaved"}, false},
		"start-a-users-playback": {"Player", []string{"Player.Play"}, true},
		"pause-a-users-playback": {"Player", []string{"Player.Pause"}, false},
	} {
		got := found[name]
		if got.area != want.area || strings.Join(got.methods, " ") != strings.Join(want.methods, " ") || got.varies != want.varies {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if _, err := scan("no such directory"); err == nil {
		if _, err := document("no such directory"); err == nil {
			t.Error("a directory without source has all methods")
		}
	}
}

func TestRow(t *testing.T) {
	for name, tc := range map[string]struct {
		op   resources.Operation
		e    entry
		want string
	}{
		"plain": {
			resources.Operation{Name: "n", Method: "GET", Path: "/p"}, entry{methods: []string{"S.M"}},
			"| [n](https://developer.spotify.com/documentation/web-api/reference/n) | `GET /p` | [S.M](https://pkg.go.dev/github.com/seed-2147f1a9/spotify/resources#S.M) | everyone |  | yes |  |\n",
		},
		"everything": {
			resources.Operation{
				Name: "n", Method: "PUT", Path: "/p", Access: resources.ExtendedQuota, Replacement: "GET /q", Scopes: []string{"a", "b"},
				MaxLimit: 50, DevelopmentMaxLimit: 10, Ceiling: 1000, MaxItems: 20, Bucket: "x",
			}, entry{methods: []string{"S.M", "S.N"}, varies: true},
			"| [n](https://developer.spotify.com/documentation/web-api/reference/n) | `PUT /p` | " +
				"[S.M](https://pkg.go.dev/github.com/seed-2147f1a9/spotify/resources#S.M)<br>[S.N](https://pkg.go.dev/github.com/seed-2147f1a9/spotify/resources#S.N) | " +
				"extended quota only; the others call `GET /q` | `a`<br>`b` | depends on the arguments | " +
				"50 a page, 10 in development mode<br>the first 1000 only<br>20 items<br>a rate limit of its own |\n",
		},
	} {
		if got := row(tc.op, tc.e); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
	for name, tc := range map[string]struct {
		op   resources.Operation
		want string
	}{
		"POST":              {resources.Operation{Method: "POST"}, "no"},
		"a repeatable POST": {resources.Operation{Method: "POST", Safety: transport.Repeatable}, "yes"},
		"unrepeatable PUT":  {resources.Operation{Method: "PUT", Safety: transport.Unrepeatable}, "no"},
		"DELETE":            {resources.Operation{Method: "DELETE"}, "yes"},
	} {
		if got := again(tc.op, false); got != tc.want {
			t.Errorf("%s is sent again: %s, want %s", name, got, tc.want)
		}
	}
}

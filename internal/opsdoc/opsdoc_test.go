package main

import (
	"os"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

const here, table, page = "../../resources", "../operations/table.go", "../../docs/operations.md"

// TestPageIsUpToDate generates the page and compares it with docs/operations.md.
func TestPageIsUpToDate(t *testing.T) {
	want, err := document(here, table)
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
	if rows := strings.Count(want, "\n| ["); rows != len(operations.All()) {
		t.Errorf("%d rows for %d operations", rows, len(operations.All()))
	}
}

func TestScan(t *testing.T) {
	found, err := scan(here, table)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]entry{
		// GetMany calls it for apps that may not call the batch operation
		"get-an-album":           {"Albums", []string{"Albums.Get", "Albums.GetMany"}},
		"get-multiple-albums":    {"Albums", []string{"Albums.GetMany"}},
		"get-users-saved-tracks": {"Tracks", []string{"Tracks.Saved", "Tracks.AllSaved"}},
		"start-a-users-playback": {"Player", []string{"Player.Play"}},
		"pause-a-users-playback": {"Player", []string{"Player.Pause"}},
	} {
		got := found[name]
		if got.area != want.area || strings.Join(got.methods, " ") != strings.Join(want.methods, " ") {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if _, err := scan("no such directory", table); err == nil {
		if _, err := document("no such directory", table); err == nil {
			t.Error("scanning a directory without source returns no error")
		}
	}
}

func TestRow(t *testing.T) {
	for name, tc := range map[string]struct {
		op   operations.Operation
		e    entry
		want string
	}{
		"plain": {
			operations.Operation{Name: "n", Method: "GET", Path: "/p"}, entry{methods: []string{"S.M"}},
			"| [n](https://developer.spotify.com/documentation/web-api/reference/n) | `GET /p` | " +
				"[S.M](https://pkg.go.dev/github.com/seed-2147f1a9/spotify/resources#S.M) | everyone |  | yes |  |\n",
		},
		"everything": {
			operations.Operation{
				Name: "n", Method: "PUT", Path: "/p", Access: operations.ExtendedQuota, Replacement: "GET /q",
				Scopes:   []string{"a", "b"},
				MaxLimit: 50, DevelopmentMaxLimit: 10, Ceiling: 1000, MaxItems: 20, Bucket: "x", NotIdempotentWith: []string{"m"},
			}, entry{methods: []string{"S.M", "S.N"}},
			"| [n](https://developer.spotify.com/documentation/web-api/reference/n) | `PUT /p` | " +
				"[S.M](https://pkg.go.dev/github.com/seed-2147f1a9/spotify/resources#S.M)<br>" +
				"[S.N](https://pkg.go.dev/github.com/seed-2147f1a9/spotify/resources#S.N) | " +
				"extended quota only; other apps call `GET /q` | `a`<br>`b` | depends on the arguments | " +
				"50 a page, 10 in development mode<br>the first 1000 only<br>20 items<br>a rate limit of its own |\n",
		},
	} {
		if got := row(tc.op, tc.e); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
	for name, tc := range map[string]struct {
		op   operations.Operation
		want string
	}{
		"POST":                         {operations.Operation{Method: "POST"}, "no"},
		"an idempotent POST":           {operations.Operation{Method: "POST", Idempotency: transport.Idempotent}, "yes"},
		"a PUT that is not idempotent": {operations.Operation{Method: "PUT", Idempotency: transport.NotIdempotent}, "no"},
		"DELETE":                       {operations.Operation{Method: "DELETE"}, "yes"},
	} {
		if got := idempotent(tc.op); got != tc.want {
			t.Errorf("%s is idempotent: %s, want %s", name, got, tc.want)
		}
	}
}

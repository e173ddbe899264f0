package main

import (
	"os"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/excerpt"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	here, table  = "../../resources", "../operations/table.go"
	page, agents = "../../docs/operations.md", "../../AGENTS.md"
)

// TestPagesAreUpToDate generates the pages and compares them with docs/operations.md and AGENTS.md.
func TestPagesAreUpToDate(t *testing.T) {
	found, signatures, err := scan(here, table)
	if err != nil {
		t.Fatal(err)
	}
	want, err := document(found)
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
	guide, err := os.ReadFile(agents)
	if err != nil {
		t.Fatal(err)
	}
	current, err := excerpt.In(string(guide), begin, end, methods(found, signatures))
	if err != nil {
		t.Fatal(err)
	}
	if string(guide) != current {
		t.Error("AGENTS.md is stale: run go generate ./...")
	}
}

func TestMethods(t *testing.T) {
	found, signatures, err := scan(here, table)
	if err != nil {
		t.Fatal(err)
	}
	list := methods(found, signatures)
	for _, line := range []string{
		"\n### client.Albums\n",
		"\n- `Get(ctx, id string, p *GetParams) (*Album, error)`: GET /albums/{id}\n",
		// open to all apps, because one of its operations is
		"\n- `GetMany(ctx, ids []string, p *GetParams) ([]*Album, error)`: GET /albums/{id}, GET /albums\n",
		"\n- `Save(ctx, ids ...string) error`: PUT /me/albums; **extended quota only**, others: PUT /me/library\n",
		"\n- `RelatedArtists(ctx, id string) ([]Artist, error)`: GET /artists/{id}/related-artists; " +
			"**apps from before 27 November 2024 only**\n",
		// a signature of several lines in the source
		"\n- `ReorderItems(ctx, id string, rangeStart, insertBefore int, p *ReorderItemsParams) " +
			"(snapshotID string, err error)`: PUT /playlists/{playlist_id}/items\n",
	} {
		if !strings.Contains(list, line) {
			t.Errorf("no line %q in\n%s", line, list)
		}
	}
	for _, op := range operations.All() {
		if !strings.Contains(list, op.Method+" "+op.Path) {
			t.Errorf("no method calls %s", op.Name)
		}
	}
}

func TestScan(t *testing.T) {
	found, _, err := scan(here, table)
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
	if found, _, err = scan("no such directory", table); err == nil {
		if _, err := document(found); err == nil {
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

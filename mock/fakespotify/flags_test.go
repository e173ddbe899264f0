package main

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func names(fs *flag.FlagSet) (all []string) {
	fs.VisitAll(func(f *flag.Flag) { all = append(all, f.Name) })
	return all
}

// flagTests start the program with flags and check the effect of each.
var flagTests = []struct {
	args  []string
	check func(*program)
}{
	{nil, func(p *program) {
		p.wants("/me", "HTTP/1.1 200", "/me", `"account_id"`, "/browse/categories", "403", "/me/tracks?limit=1", "200")
	}},
	{[]string{"-tls"}, func(p *program) { p.wants("/me", "HTTP/1.1 200") }},
	{[]string{"-http2"}, func(p *program) { p.wants("/me", "HTTP/2.0 200") }},
	{[]string{"-quiet"}, func(p *program) {
		p.wants("/me", "200")
		if printed, err := p.end(); err != nil || printed != "bye\n" {
			p.t.Errorf("%q, %v", printed, err)
		}
	}},
	{[]string{"-surface", "older-development"}, func(p *program) {
		p.wants("/browse/categories", "200", "/playlists/"+p.facts["playlist"], `"tracks":{`,
			"/playlists/"+p.facts["playlist"], `"items":{`)
	}},
	{[]string{"-surface", "extended"}, func(p *program) {
		p.wants("/browse/categories", "200", "/playlists/"+p.facts["playlist"], `!"items":{`)
	}},
	{[]string{"-client-id", "app", "-client-secret", "secret", "-redirect-uris", "http://127.0.0.1:9/callback",
		"-auto-approve"}, func(p *program) {
		for secret, want := range map[string]string{"secret": "200 OK", "guess": "400 Bad Request"} {
			if status, _ := p.token("grant_type", "client_credentials", "client_id", "app", "client_secret",
				secret); status != want {
				p.t.Errorf("%s: %s", secret, status)
			}
		}
		if status, _ := p.login(); status != "200 OK" {
			p.t.Error(status)
		}
		p.wants(
			"/authorize?client_id=app&response_type=code&redirect_uri=http://127.0.0.1:8/other",
			"Invalid redirect URI",
		)
	}},
	{[]string{"-strict-tokens"}, func(p *program) {
		p.wants("/me", "401")
		if got := p.send("GET", "/me", p.facts["access token"], ""); !strings.Contains(got, "200") {
			p.t.Errorf("the printed token: %s", got)
		}
	}},
	{[]string{"-scopes", "user-read-email", "-surface", "extended"}, func(p *program) {
		p.wants("/me", `"email"`, "/me/tracks", "403")
	}},
	{[]string{"-scopes", "none", "-surface", "extended"}, func(p *program) { p.wants("/me", `!"email"`) }},
	{[]string{"-token-lifetime", "2m", "-auto-approve"}, func(p *program) {
		if _, body := p.login(); body["expires_in"] != 120.0 {
			p.t.Error(body)
		}
	}},
	{[]string{"-rotation", "always", "-refresh-lifetime", "-1", "-no-account-id", "-auto-approve"}, func(p *program) {
		_, first := p.login()
		old, _ := first["refresh_token"].(string)
		form := []string{"grant_type", "refresh_token", "refresh_token", old, "client_id", "app", "client_secret", "x"}
		if status, second := p.token(form...); status != "200 OK" || second["refresh_token"] == nil ||
			second["refresh_token"] == old {
			p.t.Errorf("not rotated: %s %v", status, second)
		}
		if status, again := p.token(form...); status != "400 Bad Request" {
			p.t.Errorf("the old refresh token stays valid: %s %v", status, again)
		}
		p.wants("/me", `!"account_id"`)
	}},
	{[]string{"-rate-limit", "2", "-rate-window", "1h"}, func(p *program) {
		p.wants("/me", "200", "/me", "200", "/me", "429 Too Many Requests Retry-After=3") // 3600, or 3599
	}},
	{[]string{"-rate-limit", "1", "-rate-window", "1h", "-used-window", "1", "-used-age", "59m", "-count-rejected"},
		func(p *program) { p.wants("/me", "429 Too Many Requests Retry-After=3") }}, // 3600, or 3599; not 60
	{[]string{"-rate-limit", "1", "-rate-window", "1h", "-no-retry-after"}, func(p *program) {
		p.wants("/me", "200", "/me", "429 Too Many Requests {")
	}},
	{[]string{"-rate-limit", "1", "-rate-window", "1h", "-retry-after", "22h"}, func(p *program) {
		p.wants("/me", "200", "/me", "429 Too Many Requests Retry-After=79200")
	}},
	{[]string{"-rate-limit", "3", "-rate-window", "1h", "-used-window", "3", "-used-age", "30m"}, func(p *program) {
		p.wants("/me", "429 Too Many Requests Retry-After=1")
	}},
	{[]string{"-rate-limit", "1000", "-rate-window", "1m", "-strangers", "60000", "-strangers-lump", "1000"},
		func(p *program) {
			for range 1000 { // the strangers come every millisecond on average
				if strings.Contains(p.get("/me"), "429") {
					return
				}
			}
			p.t.Error("the strangers did not come while 1000 calls were made")
		}},
	{[]string{"-quota", "1"}, func(p *program) { p.wants("/me", "200", "/me", "QUOTA_EXCEEDED") }},
	{[]string{"-exhausted", "search", "-exhausted-for", "1h", "-exhausted-retry-after", "59m"}, func(p *program) {
		p.wants("/me", "200", "/search?q=a&type=track", "Retry-After=3540")
	}},
	{[]string{"-chaos", "7", "-error-rate", "1", "-max-latency", "0", "-reset-rate", "0", "-cut-rate", "0"},
		func(p *program) { p.wants("/me", "HTTP/1.1 5") }},
	{[]string{"-error-rate", "1", "-error-statuses", "507", "-html-error-rate", "1"}, func(p *program) {
		p.wants("/me", "507 Insufficient Storage <!DOCTYPE html>")
	}},
	{[]string{"-errors", "418=1"}, func(p *program) { p.wants("/me", "418") }},
	{[]string{"-error-rate", "0.5", "-seed", "3"}, func(p *program) {
		var seen [2]string
		for i, other := range []*program{p, start(p.t, "-error-rate", "0.5", "-seed", "3")} {
			for range 12 {
				seen[i] += other.get("/me")[9:13]
			}
		}
		if seen[0] != seen[1] || !strings.Contains(seen[0], "200") || !strings.Contains(seen[0], "50") {
			p.t.Errorf("the same seed injects %s and %s", seen[0], seen[1])
		}
	}},
	{[]string{"-unauthorized-rate", "1"}, func(p *program) { p.wants("/me", "Access token missing") }},
	{[]string{"-error-in-200-rate", "1"}, func(p *program) { p.wants("/me", `200 OK {"error":{"status":502`) }},
	{[]string{"-reset-rate", "1"}, func(p *program) { p.wants("/me", "error: ") }},
	{[]string{"-cut-rate", "1"}, func(p *program) { p.wants("/me", "cut: unexpected EOF") }},
	{[]string{"-redirect-rate", "1"}, func(p *program) { p.wants("/me", "/v1/me/ ", "/me", "HTTP/1.1 30") }},
	{[]string{"-growth-rate", "1"}, func(p *program) {
		if first, second := p.get("/me/tracks?limit=1"), p.get("/me/tracks?limit=1"); first == second {
			p.t.Errorf("did not grow: %s", first)
		}
	}},
	{[]string{"-wrong-total-rate", "1", "-wrong-next-rate", "1"}, func(p *program) {
		const list = "/me/tracks?limit=1"
		p.wants(list, `"next":null`)
		if right := start(p.t).get(list); total(right) == total(p.get(list)) {
			p.t.Errorf("the total is right: %s", right)
		}
	}},
	{[]string{"-float-rate", "1", "-null-rate", "1"}, func(p *program) {
		p.wants("/me/tracks?limit=2", `"items":[null,{`, "/me/tracks?limit=2", `"limit":2.0`)
	}},
	{[]string{"-unasked-gzip-rate", "1"}, func(p *program) { p.wants("/me", "Content-Encoding=gzip") }},
	{[]string{"-gzip"}, func(p *program) {
		p.wants("/me", "!Content-Encoding")
		asking := plain.Clone()
		asking.DisableCompression = false
		defer asking.CloseIdleConnections()
		req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.facts["Web API"]+"/me", nil)
		if err != nil {
			p.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer any")
		resp, err := asking.RoundTrip(req)
		if err != nil || !resp.Uncompressed {
			p.t.Fatalf("%v, %v", resp, err)
		}
		_ = resp.Body.Close()
	}},
	{[]string{"-min-latency", "20ms", "-max-latency", "30ms"}, func(p *program) { p.takes(20) }},
	{[]string{"-median-latency", "20ms", "-p99-latency", "20ms"}, func(p *program) { p.takes(20) }},
	{[]string{"-on", "PUT /me/player/play 403 PREMIUM_REQUIRED", "-on", "GET /me/player 429 retry-after=5s times=1",
		"-on", "GET /me/tracks reset", "-on", "GET /me/albums delay=20ms", "-on", "GET /me/shows error-in-200-rate=1",
		"-on", "ANY * 507 times=1"}, func(p *program) {
		p.wants("/me", "507", "/me", "200")
		if got := p.send("PUT", "/me/player/play", "any", "{}"); !strings.Contains(got, "PREMIUM_REQUIRED") {
			p.t.Error(got)
		}
		p.wants("/me/player", "429 Too Many Requests Retry-After=5", "/me/player", "200", "/me/tracks", "error: ",
			"/me/albums", "200", "/me/shows", `200 OK {"error":{"status":502`)
	}},
	{[]string{"-users", "ada,berta", "-strict-tokens"}, func(p *program) {
		for _, user := range []string{"ada", "berta"} {
			if got := p.send("GET", "/me", p.facts[user], ""); !strings.Contains(got, `"id":"`+user+`"`) {
				p.t.Errorf("the token %q of %s: %s", p.facts[user], user, got)
			}
		}
	}},
	{[]string{"-playlists", "3", "-playlist-items", "1200", "-saved-tracks", "300"}, func(p *program) {
		p.wants("/me/playlists?limit=50", `"name":"Playlist 3"`, "/me/playlists?limit=50", `"total":1200`)
		if more, before := total(p.get("/me/tracks")), total(start(p.t).get("/me/tracks")); more != before+300 {
			p.t.Errorf("%d saved tracks, %d without the flag", more, before)
		}
	}},
	{[]string{"-catalogue", "testdata/catalogue.json"}, func(p *program) {
		p.wants(
			"/me/tracks",
			`"duration_ms":200000`,
			"/me/tracks",
			`"name":"One"`,
			"/me/albums",
			`"release_date":"1994-03-07"`,
			"/me/playlists",
			`"name":"Mine"`,
			"/artists/1hGkP9sVxWq3ZuAe7cRf5B",
			"Ada Quill",
			"/me/player/devices",
			"Kitchen",
		)
	}},
}

// total returns the total of a page.
func total(response string) (n int) {
	var page struct{ Total int }
	_, text, _ := strings.Cut(response, " {")
	_ = json.Unmarshal([]byte("{"+text), &page)
	return page.Total
}

func TestFlags(t *testing.T) {
	used := map[string]bool{"-addr": true} // by start
	for _, c := range flagTests {
		for _, arg := range c.args {
			used[arg] = true
		}
		t.Run(strings.Join(append([]string{"none"}, c.args...)[min(1, len(c.args)):], " "), func(t *testing.T) {
			p := start(t, c.args...)
			c.check(p)
		})
	}
	fs, _ := new(config).define()
	for _, name := range names(fs) {
		if !used["-"+name] {
			t.Errorf("no test uses -%s", name)
		}
	}
}

// withoutFlag are the options of package mock that no flag stands for, with the reason.
var withoutFlag = map[string]string{
	"WithKeptCalls": "nobody can ask the program for its calls: it prints them",
}

// flagsOf are the flags of the options of package mock.
var flagsOf = map[string]string{
	"WithApp": "client-id client-secret redirect-uris", "WithAutoApprove": "auto-approve", "WithCallLog": "quiet",
	"WithCatalogue": "catalogue users playlists playlist-items saved-tracks", "WithCountRejected": "count-rejected",
	"WithDevelopmentMode": "surface", "WithExhaustedBucket": "exhausted exhausted-for exhausted-retry-after",
	"WithExtendedQuota": "surface", "WithHTTP2": "http2", "WithOlderDevelopmentMode": "surface", "WithQuota": "quota",
	"WithRateLimit": "rate-limit rate-window", "WithRefreshLifetime": "refresh-lifetime",
	"WithRetryAfter": "retry-after", "WithRotation": "rotation", "WithScopes": "scopes",
	"WithStrangers":    "strangers strangers-lump",
	"WithStrictTokens": "strict-tokens", "WithTLS": "tls", "WithTokenLifetime": "token-lifetime",
	"WithUsedWindow": "used-window used-age", "WithoutAccountID": "no-account-id", "WithoutRetryAfter": "no-retry-after",
	"WithFaults": "seed chaos",
}

// Every option of package mock has a flag or a reason for having none, and every flag an option.
func TestEveryOptionHasAFlag(t *testing.T) {
	fs, _ := new(config).define()
	unexplained := map[string]bool{}
	for _, name := range names(fs) {
		unexplained[name] = true
	}
	for _, name := range []string{"addr", "on"} { // NewServerOn, Transport.On
		delete(unexplained, name)
	}
	faults := new(config)
	own := flag.NewFlagSet("", flag.ContinueOnError)
	faults.defineFaults(own)
	for _, name := range names(own) {
		delete(unexplained, name) // TestEveryFaultHasAFlag has them
	}
	for _, option := range mockOptions(t) {
		flags := strings.Fields(flagsOf[option])
		if (len(flags) == 0) == (withoutFlag[option] == "") {
			t.Errorf("mock.%s has the flags %q and the reason %q for having none: want one of the two", option, flags,
				withoutFlag[option])
		}
		for _, name := range flags {
			if fs.Lookup(name) == nil {
				t.Errorf("mock.%s: there is no flag -%s", option, name)
			}
			delete(unexplained, name)
		}
	}
	if len(unexplained) > 0 {
		t.Errorf("no option belongs to %v", slices.Sorted(maps.Keys(unexplained)))
	}
}

// mockOptions returns the names of the functions of package mock that return an Option.
func mockOptions(t *testing.T) (found []string) {
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil || len(f.Type.Results.List) != 1 {
				continue
			}
			if result, ok := f.Type.Results.List[0].Type.(*ast.Ident); ok && result.Name == "Option" {
				found = append(found, f.Name.Name)
			}
		}
	}
	if len(found) < 20 {
		t.Fatalf("found only %v", found)
	}
	return found
}

// Every field of mock.Faults has a flag of its name, which sets it.
func TestEveryFaultHasAFlag(t *testing.T) {
	kind := reflect.TypeFor[config]()
	field, _ := kind.FieldByName("faults")
	for i := range field.Type.NumField() {
		f := field.Type.Field(i)
		name := flagName(f.Name)
		value := map[reflect.Kind]string{
			reflect.Float64: "0.5", reflect.Int64: "3s", reflect.Bool: "true", reflect.Uint64: "3", reflect.Slice: "500",
			reflect.Map: "401=0.5",
		}[f.Type.Kind()]
		var c config
		if err := c.parse([]string{"-" + name + "=" + value}); err != nil {
			t.Errorf("Faults.%s: %v", f.Name, err)
			continue
		}
		if reflect.ValueOf(c.faults).Field(i).IsZero() {
			t.Errorf("-%s does not set Faults.%s", name, f.Name)
		}
	}
}

// flagName returns the name of the flag of a field: HTMLErrorRate is html-error-rate.
func flagName(field string) string {
	var name strings.Builder
	for i := range len(field) {
		upper := func(at int) bool {
			return at < len(field) && (field[at] >= 'A' && field[at] <= 'Z' || field[at] >= '0' && field[at] <= '9')
		}
		if i > 0 && upper(i) && (!upper(i-1) || i+1 < len(field) && !upper(i+1)) {
			name.WriteByte('-')
		}
		name.WriteByte(field[i])
	}
	return strings.ToLower(name.String())
}

func TestInvalidCatalogues(t *testing.T) {
	for content, want := range map[string]string{
		"{":                           "unexpected EOF",
		`{"bands": []}`:               `unknown field "bands"`,
		`{"albums": [{"title": ""}]}`: `unknown field "title"`,
		`{"albums": [{}]}`:            "",
		`{"users": [{"id": "wanda", "name": "Other"}]}`:       "the user wanda exists",
		`{"saved": {"wanda": ["spotify:track:unknown"]}}`:     "invalid URI",
		`{"users": []} {"users": []}`:                         "text after the object",
		`{"albums": [{"name": "A", "release_date": "soon"}]}`: "soon",
	} {
		path := filepath.Join(t.TempDir(), "c.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		err := refused(t, []string{"-addr", "127.0.0.1:0", "-catalogue", path})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", content, err, want)
		}
	}
}

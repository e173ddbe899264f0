package mock

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

type shownPage struct {
	Items                []any
	Limit, Offset, Total int
	Next                 *string
}

func TestLyingPages(t *testing.T) {
	const list = "/me/tracks?limit=50&offset="
	tr := New(t)
	total := mocktest.FetchJSON[shownPage](t, tr, list+"0").Total
	seen := map[string]bool{}
	for seed := range uint64(20) {
		lying := New(t, WithFaults(Faults{Seed: seed + 1, WrongTotalRate: 1}))
		p := mocktest.FetchJSON[shownPage](t, lying, list+"0")
		if p.Total == total || p.Next == nil || len(p.Items) != 50 {
			t.Errorf("seed %d: %+v, the total is %d", seed+1, p, total)
		}
		seen[map[bool]string{true: "0"}[p.Total == 0]+map[bool]string{true: ">"}[p.Total > total]] = true
	}
	if len(seen) != 3 {
		t.Errorf("of 0, too small and too large there is only %v", seen)
	}
	lying := New(t, WithFaults(Faults{WrongNextRate: 1}))
	if p := mocktest.FetchJSON[shownPage](t, lying, list+"0"); p.Next != nil || p.Total != total || len(p.Items) != 50 {
		t.Errorf("the first page: %+v", p)
	}
	end := mocktest.FetchJSON[shownPage](t, lying, list+fmt.Sprint(total-50))
	if end.Next == nil {
		t.Fatal("the last page has no link")
	}
	if p := mocktest.FetchJSON[shownPage](t, tr, *end.Next); len(p.Items) != 0 || p.Offset != total || p.Limit != 50 {
		t.Errorf("after the last page: %+v", p)
	}
	r := mocktest.Get(t, lying, "/search?q=a&type=track,album")
	if r.Status != 200 || !json.Valid([]byte(r.Body)) || strings.Count(r.Body, `"next":null`) < 2 {
		t.Errorf("pages one key deep: %.300v", r)
	}
}

func TestGrowingLists(t *testing.T) {
	for _, path := range []string{
		"/me/tracks", "/me/albums", "/me/shows", "/me/episodes", "/me/audiobooks", "/playlists/" + PlaylistID + "/items",
	} {
		before := mocktest.FetchJSON[shownPage](t, New(t), path).Total
		tr := New(t, WithFaults(Faults{GrowthRate: 1}))
		if p := mocktest.FetchJSON[shownPage](t, tr, path); p.Total != before+1 {
			t.Errorf("%s: %d items after a request, %d before", path, p.Total, before)
		}
		if p := mocktest.FetchJSON[shownPage](t, New(t), path); p.Total != before {
			t.Errorf("%s: another fake's list grew to %d", path, p.Total)
		}
	}
}

func TestErrorsIn200s(t *testing.T) {
	tr := New(t, WithFaults(Faults{ErrorIn200Rate: 1}))
	applied := 0
	for i := range 100 {
		r := mocktest.Get(t, tr, fmt.Sprintf("%s?n=%d", trackPath, i))
		if r.String() != `200 {"error":{"status":502,"message":"Bad gateway."}}` {
			t.Fatalf("%+v", r)
		}
	}
	for _, c := range tr.Calls("", "") {
		if c.Applied {
			applied++
		}
	}
	if applied < 30 || applied > 70 {
		t.Errorf("%d of 100 took effect", applied)
	}
}

func TestRedirects(t *testing.T) {
	tr := New(t, WithFaults(Faults{RedirectRate: 1}))
	seen := map[int]bool{}
	for i := range 50 {
		r := mocktest.Get(t, tr, fmt.Sprintf("%s?n=%d", trackPath, i))
		seen[r.Status] = true
		if to := r.Header.Get("Location"); to != fmt.Sprintf("https://api.spotify.com/v1%s/?n=%d", trackPath, i) {
			t.Fatalf("%+v", r)
		}
		if r = mocktest.Get(t, tr, r.Header.Get("Location")); r.Status != 200 {
			t.Fatalf("redirected again: %+v", r)
		}
	}
	for _, status := range []int{301, 302, 307, 308} {
		if !seen[status] {
			t.Errorf("never %d", status)
		}
	}
	before := mocktest.FetchJSON[shownPage](t, New(t), "/playlists/"+PlaylistID+"/items").Total
	r := mocktest.Send(tr, mocktest.Request(t, "DELETE", "/playlists/"+PlaylistID+"/items",
		`{"items":[{"uri":"spotify:track:`+TrackID+`"}]}`))
	if p := mocktest.FetchJSON[shownPage](t, tr, "/playlists/"+PlaylistID+"/items/"); r.Status/100 != 3 ||
		p.Total != before {
		t.Errorf("a redirected write had an effect: %+v, %d items, %d before", r, p.Total, before)
	}
}

func TestUnaskedGzip(t *testing.T) {
	faults := WithFaults(Faults{UnaskedGzipRate: 1})
	server := NewServer(t, faults)
	plain := mocktest.Get(t, New(t), trackPath).Body
	for name, rt := range map[string]http.RoundTripper{"Transport": New(t, faults), "Server": server.Client().Transport} {
		url := trackPath
		if name == "Server" {
			url = server.BaseURL + trackPath
		}
		r := mocktest.Get(t, rt, url, "Accept-Encoding", "identity")
		zr, err := gzip.NewReader(strings.NewReader(r.Body))
		if err != nil || r.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %v, %+v", name, err, r.Header)
		}
		body, err := io.ReadAll(zr)
		if err != nil || name == "Transport" && string(body) != plain || !json.Valid(body) {
			t.Errorf("%s: %s, %v", name, body, err)
		}
	}
}

func TestFaultsOfARule(t *testing.T) {
	tr := New(t, WithFaults(Faults{ErrorRate: 1, ErrorStatuses: []int{503}}))
	tr.On("GET", "/tracks/{id}").Times(2).Faults(Faults{Errors: map[int]float64{418: 1}})
	for _, want := range []int{418, 418, 503} {
		if r := mocktest.Get(t, tr, trackPath); r.Status != want {
			t.Errorf("%+v, want %d", r, want)
		}
	}
	tt := &failures{TB: t}
	defer func() { _ = recover() }()
	New(tt).OnAny().Faults(Faults{WrongNextRate: 2})
	if !strings.Contains(tt.said(), "Faults: invalid WrongNextRate 2: want 0 to 1") {
		t.Errorf("said %q", tt.said())
	}
}

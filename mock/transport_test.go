package mock

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

func TestAnswers(t *testing.T) {
	tr := New(t)
	r := mocktest.Get(t, tr, "/tracks/"+TrackID)
	var track struct{ ID, Href string }
	if err := json.Unmarshal([]byte(r.Body), &track); err != nil || r.Status != 200 || track.ID != TrackID {
		t.Fatalf("%+v, %v", r, err)
	}
	if r.Header.Get("Content-Type") != wire.TypeJSON || r.Header.Get("Date") == "" ||
		r.Header.Get("Content-Length") == "" {
		t.Errorf("header %v", r.Header)
	}
	if !strings.HasPrefix(track.Href, "https://api.spotify.com/v1/") {
		t.Errorf("href %s", track.Href)
	}
	r = mocktest.Get(t, tr, "http://other.example:8080/v1/tracks/"+TrackID)
	if err := json.Unmarshal([]byte(r.Body), &track); err != nil ||
		!strings.HasPrefix(track.Href, "http://other.example:8080/v1/") {
		t.Errorf("links lead elsewhere than where the client is: %s, %v", track.Href, err)
	}
}

func TestDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t)
		for range 3 {
			want := time.Now().UTC().Format(http.TimeFormat)
			if got := mocktest.Get(t, tr, "/tracks/"+TrackID).Header.Get("Date"); got != want {
				t.Errorf("Date %s, want %s", got, want)
			}
			time.Sleep(700 * time.Millisecond)
		}
	})
}

// The values of the headers share an array: a value that is added to one leaves the others alone.
func TestAddedHeader(t *testing.T) {
	header := mocktest.Get(t, New(t), "/tracks/"+TrackID).Header
	before := header.Clone()
	for name := range before {
		header.Add(name, "added")
	}
	for name, values := range before {
		if got := header.Values(name); len(values) != 1 || !slices.Equal(got, []string{values[0], "added"}) {
			t.Errorf("%s is %q, want %q and the added one", name, got, values)
		}
	}
}

func TestConditionalRequest(t *testing.T) {
	tr := New(t)
	first := mocktest.Get(t, tr, "/tracks/"+TrackID)
	again := mocktest.Get(t, tr, "/tracks/"+TrackID, "If-None-Match", `"other", `+first.Header.Get("Etag"))
	if again.Status != 304 || again.Body != "" || again.Header.Get("Etag") != first.Header.Get("Etag") ||
		first.Header.Get("Etag") == "" {
		t.Errorf("%+v", again)
	}
	if r := mocktest.Get(t, tr, "/tracks/"+TrackID, "If-None-Match", `"other"`); r.Status != 200 {
		t.Errorf("%+v", r)
	}
}

func TestUnexpectedRequestFailsTheTest(t *testing.T) {
	for _, url := range []string{"/album/x", "https://api.spotify.com/albums/x",
		"https://api.spotify.com/v1/api/token", "https://api.spotify.com/", "/albums//"} {
		tt := &failures{TB: t}
		tr := New(tt)
		r := mocktest.Get(t, tr, url)
		if r.Status != 404 || r.Body != `{"error":{"status":404,"message":"Service not found"}}` {
			t.Errorf("%s: %+v", url, r)
		}
		if len(tt.errors) != 1 || !strings.Contains(tt.said(), "unexpected request GET /") {
			t.Errorf("%s: said %q", url, tt.said())
		}
		other := &failures{TB: t}
		if tr.AssertNothingUnexpected(other); len(other.errors) != 1 || len(tr.Unexpected()) != 1 {
			t.Errorf("%s: said %q", url, other.said())
		}
		for _, f := range tt.cleanups {
			f()
		}
		if mocktest.Get(t, tr, url); len(tt.errors) != 1 {
			t.Error("spoke to a test that was over")
		}
	}
	tt := &failures{TB: t}
	mocktest.Get(t, New(tt), "/album/4aawyAB9vmqN3uQ7FjRGTy")
	if !strings.Contains(tt.said(), "GET /albums/{id}") {
		t.Errorf("does not name the nearest: %s", tt.said())
	}
	if r := mocktest.Get(t, New(nil), "/album/x"); r.Status != 404 {
		t.Errorf("without a test: %+v", r)
	}
}

// closable is a request body that records whether it was closed.
type closable struct {
	io.Reader
	closed bool
}

func (c *closable) Close() error { c.closed = true; return nil }

func TestRequestBody(t *testing.T) {
	tr := New(t)
	tr.On("PUT", "/me/library").Respond(200, nil)
	for name, c := range map[string]struct {
		body   string
		length int64
		want   string // of the error
		sent   string
	}{
		"chunked":      {"abc", 0, "", "abc"},
		"with length":  {"abc", 3, "", "abc"},
		"wrong length": {"abc", 5, "ContentLength=5", ""},
	} {
		tr.recorder.reset()
		body := &closable{Reader: strings.NewReader(c.body)}
		req := mocktest.Request(t, "PUT", "/me/library", "")
		req.Body, req.ContentLength = body, c.length
		r := mocktest.Send(tr, req)
		if (c.want == "") != (r.Err == nil) || c.want != "" && !strings.Contains(r.Err.Error(), c.want) {
			t.Errorf("%s: %v", name, r.Err)
		}
		if !body.closed {
			t.Errorf("%s: the body is open", name)
		}
		if calls := tr.Calls("PUT", "/me/library"); c.want == "" && (len(calls) != 1 || string(calls[0].Body) != c.sent) {
			t.Errorf("%s: %+v", name, calls)
		}
	}
}

func TestLengthSent(t *testing.T) {
	for name, c := range map[string]struct {
		method string
		body   io.ReadCloser
		length int64
		want   int64
	}{
		"PUT without a body":            {"PUT", nil, 0, 0},
		"PUT with NoBody":               {"PUT", http.NoBody, 0, 0},
		"PUT with an empty body, as is": {"PUT", io.NopCloser(strings.NewReader("")), 0, -1},
		"PUT with a body":               {"PUT", io.NopCloser(strings.NewReader("ab")), 2, 2},
		"GET with an empty body":        {"GET", io.NopCloser(strings.NewReader("")), 0, 0},
		"DELETE with a body in chunks":  {"DELETE", io.NopCloser(strings.NewReader("ab")), -1, -1},
	} {
		req := mocktest.Request(t, c.method, "/me/library", "")
		req.Body, req.ContentLength = c.body, c.length
		f, err := newRequest(req)
		if err != nil || f.length != c.want {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

func TestContextEndsTheCall(t *testing.T) {
	why := errors.New("why")
	tr := New(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	req := mocktest.Request(t, "GET", "/tracks/"+TrackID, "").WithContext(ctx)
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	cancel(why)
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, why) {
		t.Errorf("reading on after the context's end: %v", err)
	}
	if n := tr.OpenBodies(); n != 1 {
		t.Errorf("%d bodies open", n)
	}
	_ = resp.Body.Close()
	_ = resp.Body.Close()
	if _, err := resp.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("reading a closed body: %v", err)
	}
	if n := tr.OpenBodies(); n != 0 {
		t.Errorf("%d bodies open", n)
	}
	if r := mocktest.Send(tr, req); !errors.Is(r.Err, why) {
		t.Errorf("sending after the context's end: %+v", r)
	}
	if n := len(tr.Calls("GET", "/tracks/{id}")); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestManyGoroutines(t *testing.T) {
	tr := New(t, WithFaults(Chaos(7)), WithRateLimit(100, time.Millisecond), WithKeptCalls(50))
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			for range 5 {
				mocktest.Send(tr, mocktest.Request(t, "GET", "/tracks/"+TrackID, ""))
				if i%20 == 0 {
					tr.On("GET", "/albums/{id}").Times(1).Respond(500, "")
					mocktest.Send(tr, mocktest.Request(t, "GET", "/albums/"+AlbumID, ""))
					_ = tr.Calls("GET", "/albums/{id}")
					tr.ExpireTokens()
				}
			}
		})
	}
	wg.Wait()
	if n := len(tr.Calls("", "")); n != 50 {
		t.Errorf("kept %d calls", n)
	}
	if n := tr.OpenBodies(); n != 0 {
		t.Errorf("%d bodies open", n)
	}
}

func TestInABubble(t *testing.T) {
	outside := New(t, WithFaults(Faults{MinLatency: time.Hour, MaxLatency: time.Hour, Gzip: true}))
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if r := mocktest.Get(t, outside, "/tracks/"+TrackID); r.Status != 200 || time.Since(start) != time.Hour {
			t.Errorf("%+v after %v", r, time.Since(start))
		}
		inside := New(t, WithFaults(Faults{MinLatency: time.Minute, MaxLatency: time.Minute}))
		if r := mocktest.Get(t, inside, "/tracks/"+TrackID); r.Status != 200 || time.Since(start) != time.Hour+time.Minute {
			t.Errorf("%+v after %v", r, time.Since(start))
		}
	})
}

func TestHeadersAreNotShared(t *testing.T) {
	tr := New(t)
	tr.On("GET", "/tracks/{id}").Respond(200, "x").Header("X-Own", "1")
	for range 2 {
		resp, err := tr.RoundTrip(mocktest.Request(t, "GET", "/tracks/x", ""))
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Values("X-Own"); !slices.Equal(got, []string{"1"}) {
			t.Fatalf("headers %v", resp.Header)
		}
		resp.Header.Set("X-Own", "changed")
		resp.Header["X-Own"][0] = "changed"
		_ = resp.Body.Close()
	}
}

// A request to the fake costs at most 24 allocations, response included (20 with Go 1.26).
func TestAllocations(t *testing.T) {
	tr := New(t, WithKeptCalls(0))
	req := mocktest.Request(t, "GET", trackPath, "")
	n := testing.AllocsPerRun(200, func() {
		resp, err := tr.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	})
	if n > 24 {
		t.Errorf("%.0f allocations per request, want at most 24", n)
	}
}

// BenchmarkGetTrack reports the requests per second of one core, and the time of a request as a
// multiple of two references that are measured in turn with it, so that the load of the machine
// changes neither: a RoundTripper with a ready-made response of the same size, and a handler that
// writes that response to an httptest.ResponseRecorder.
func BenchmarkGetTrack(b *testing.B) {
	tr := New(b)
	req := mocktest.Request(b, "GET", "/tracks/"+TrackID, "")
	send := func(rt http.RoundTripper) {
		resp, err := rt.RoundTrip(req)
		if err != nil || resp.StatusCode != 200 {
			b.Fatal(resp, err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	b.ReportAllocs()
	for b.Loop() {
		send(tr)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	ready := readyMade{mocktest.Send(tr, req)}
	b.ReportMetric(timesAsLong(func() { send(tr) }, func() { send(ready) }), "x-ready-made")
	b.ReportMetric(timesAsLong(func() { send(tr) }, func() {
		w := httptest.NewRecorder()
		ready.ServeHTTP(w, req)
		_, _ = io.Copy(io.Discard, w.Result().Body)
	}), "x-recorder")
}

// readyMade always returns the same response.
type readyMade struct{ mocktest.Result }

func (r readyMade) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		Status: "200 OK", StatusCode: r.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: r.Header.Clone(), ContentLength: int64(len(r.Body)), Body: io.NopCloser(strings.NewReader(r.Body)),
	}, nil
}

func (r readyMade) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	maps.Copy(w.Header(), r.Header)
	w.WriteHeader(r.Status)
	_, _ = io.WriteString(w, r.Body)
}

// timesAsLong returns how many times as long as the reference f takes: both are measured 25 times
// in turn, and the shortest times count.
func timesAsLong(f, reference func()) float64 {
	took := func(f func()) time.Duration {
		start := time.Now()
		for range 100 {
			f()
		}
		return time.Since(start)
	}
	least, leastReference := took(f), took(reference)
	for range 24 {
		least, leastReference = min(least, took(f)), min(leastReference, took(reference))
	}
	return float64(least) / float64(leastReference)
}

// TestNewAllocations holds the sentence in New's documentation.
func TestNewAllocations(t *testing.T) {
	if n := testing.AllocsPerRun(200, func() { New(nil) }); n > 18 {
		t.Errorf("%.0f allocations, want at most 18", n)
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New(b)
	}
}

// BenchmarkSearch searches the whole invented catalogue.
func BenchmarkSearch(b *testing.B) {
	tr := New(b)
	req := mocktest.Request(
		b,
		"GET",
		"/search?q=paper+lantern&type=track,album,artist,show,episode,audiobook,playlist",
		"",
	)
	b.ReportAllocs()
	for b.Loop() {
		if r := mocktest.Send(tr, req); r.Status != 200 {
			b.Fatal(r)
		}
	}
}

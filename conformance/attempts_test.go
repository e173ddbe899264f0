package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"text/tabwriter"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/mock"
)

// attemptsCase is one request and the ways to make it.
type attemptsCase struct {
	// operation is its name in the reference. variant distinguishes requests for one operation.
	operation, variant string
	// request is the method and the path below the base URL, with the query; body is the body.
	request, body string
	// service makes the request with the services, peer with zmb3/spotify. Each is nil if it cannot
	// make the request.
	service func(ctx, api) error
	peer    func(ctx, *zmb3.Client) (any, error)
}

func (c *attemptsCase) String() string {
	if c.variant == "" {
		return c.operation
	}
	return c.operation + ": " + c.variant
}

func (c *attemptsCase) method() string {
	method, _, _ := strings.Cut(c.request, " ")
	return method
}

// target returns the path below the base URL, with the query.
func (c *attemptsCase) target() (path, query string) {
	_, target, _ := strings.Cut(c.request, " ")
	path, query, _ = strings.Cut(target, "?")
	return path, query
}

// maker makes the request of a case and ignores the outcome: a fault is an error to some makers and
// a response to others. Only attempts are counted.
type maker struct {
	name string
	can  func(*attemptsCase) bool
	send func(ctx, *spotify.Client, *attemptsCase)
}

// makers are all makers, in the order of the printed table.
var makers = []maker{
	{"services", func(c *attemptsCase) bool { return c.service != nil },
		func(ctx ctx, client *spotify.Client, c *attemptsCase) { _ = c.service(ctx, client.Services) }},
	{
		"Do",
		func(c *attemptsCase) bool { return c.variant != streamed },
		func(ctx ctx, client *spotify.Client, c *attemptsCase) {
			var body, out any
			if c.body != "" && json.Unmarshal([]byte(c.body), &body) != nil {
				body = c.body
			}
			path, query := c.target()
			values, _ := url.ParseQuery(query)
			if returnsSomething(c) {
				_ = client.Do(ctx, c.method(), path, values, body, &out)
			} else {
				_ = client.Do(ctx, c.method(), path, values, body, nil)
			}
		},
	},
	{"HTTPClient", func(*attemptsCase) bool { return true }, func(ctx ctx, client *spotify.Client, c *attemptsCase) {
		path, query := c.target()
		req, err := http.NewRequestWithContext(ctx, c.method(), "https://api.spotify.com/v1"+path, strings.NewReader(c.body))
		if err != nil {
			panic(err)
		}
		req.URL.RawQuery = query
		req.Header.Set("Content-Type", "application/json")
		if c.operation == coverUpload {
			req.Header.Set("Content-Type", "image/jpeg")
		}
		if c.variant == streamed {
			req.Body, req.GetBody, req.ContentLength = io.NopCloser(strings.NewReader(c.body)), nil, -1
		}
		resp, err := client.HTTPClient().Do(req)
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}},
	{"zmb3", func(c *attemptsCase) bool { return c.peer != nil }, func(ctx ctx, client *spotify.Client, c *attemptsCase) {
		_, _ = c.peer(ctx, zmb3.New(client.HTTPClient()))
	}},
}

// fault is the failure that every attempt gets.
type fault struct {
	name     string
	applied  bool                                // the fake applies the request first
	response func(*http.Response) *http.Response // from the fake's response, or nil if the fake was not called
	want     func(c *attemptsCase) int
}

// faults are the columns of the table. The wanted number of attempts, 4 at most with the default of
// 3 retries, follows from the API's semantics and is not computed from the implementation.
var faults = []fault{
	{
		"503 applied",
		true,
		func(*http.Response) *http.Response { return failing(http.StatusServiceUnavailable) },
		ifIdempotent,
	},
	{
		"503 not applied",
		false,
		func(*http.Response) *http.Response { return failing(http.StatusServiceUnavailable) },
		ifIdempotent,
	},
	{"cut body", true, cut, func(c *attemptsCase) int {
		if !returnsSomething(c) { // the status code is the result
			return 1
		}
		return ifIdempotent(c)
	}},
	{"429", false, func(*http.Response) *http.Response {
		resp := failing(http.StatusTooManyRequests)
		resp.Header.Set("Retry-After", "1")
		return resp
	}, func(c *attemptsCase) int { // rejected before it was applied: any method is retried
		if c.variant == streamed {
			return 1
		}
		return 4
	}},
	{"408", false, func(*http.Response) *http.Response { return failing(http.StatusRequestTimeout) }, ifIdempotent},
}

func ifIdempotent(c *attemptsCase) int {
	if slices.Contains(notIdempotent, c.String()) || c.variant == streamed {
		return 1
	}
	return 4
}

// returnsSomething reports whether an operation has a result besides its status code.
func returnsSomething(c *attemptsCase) bool {
	return c.method() == http.MethodGet || slices.Contains(writesThatReturn, c.operation)
}

// streamed is the variant whose body can be read only once: it is never resent.
const streamed = "body that can be read once"

// coverUpload is the only operation whose body is not JSON.
const coverUpload = "upload-custom-playlist-cover"

// notIdempotent are the requests whose second application has another effect than the first.
var notIdempotent = []string{
	"add-items-to-playlist", "add-tracks-to-playlist", // the items are there twice
	"create-playlist", "create-playlist-for-user", // a second playlist
	"reorder-or-replace-playlists-items: reorder", "reorder-or-replace-playlists-tracks: reorder", // moves another item
	"remove-items-playlist: snapshot", "remove-tracks-playlist: snapshot", // the snapshot id is not the newest any more
	"remove-items-playlist: positions", "remove-tracks-playlist: positions", // other items have these positions now
	"start-a-users-playback: context", "start-a-users-playback: uris", // starts from the beginning
	"skip-users-playback-to-next-track", "skip-users-playback-to-previous-track", "add-to-queue",
}

// writesThatReturn are the writes that return a playlist or its snapshot id.
var writesThatReturn = []string{
	"create-playlist", "create-playlist-for-user", "add-items-to-playlist", "add-tracks-to-playlist",
	"reorder-or-replace-playlists-items",
	"reorder-or-replace-playlists-tracks", "remove-items-playlist", "remove-tracks-playlist",
}

// failing returns a Spotify error response with this status code.
func failing(status int) *http.Response {
	body := fmt.Sprintf(`{"error":{"status":%d,"message":"Something went wrong"}}`, status)
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// cut returns a response whose body breaks off half way.
func cut(resp *http.Response) *http.Response {
	whole, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if len(whole) == 0 {
		whole = []byte(`{"nothing":"to tell"}`)
	}
	if resp.StatusCode == http.StatusNoContent || resp.StatusCode >= 300 { // net/http reads no body of a 204
		resp.StatusCode = http.StatusOK
	}
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), brokenReader{}))
	resp.ContentLength = int64(len(whole))
	return resp
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// faulty is a base transport that records attempts and fails each of them.
type faulty struct {
	fake  *mock.Transport
	fault fault

	mu       sync.Mutex
	attempts []string // method and path of each
	bodies   []string
	first    int // status code of the fake's first response
}

func (f *faulty) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	var resp *http.Response
	if f.fault.applied {
		inner := req.Clone(req.Context())
		if len(body) > 0 {
			inner.Body = io.NopCloser(bytes.NewReader(body))
		}
		var err error
		if resp, err = f.fake.RoundTrip(inner); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	f.attempts = append(f.attempts, req.Method+" "+req.URL.Path)
	f.bodies = append(f.bodies, string(body))
	if resp != nil && f.first == 0 {
		f.first = resp.StatusCode
	}
	f.mu.Unlock()
	faulted := f.fault.response(resp)
	if resp != nil && faulted != resp {
		_ = resp.Body.Close()
	}
	faulted.Request = req
	return faulted, nil
}

// TestFaultsAttempts sends a request for every operation by every maker into every fault. The
// number of attempts depends on the request alone, not on its maker.
func TestFaultsAttempts(t *testing.T) {
	cases := attemptsCases(t)
	t.Run("every operation is here", func(t *testing.T) {
		for _, op := range operations.All() {
			if !slices.ContainsFunc(cases, func(c attemptsCase) bool { return c.operation == op.Name && fits(&c, op) }) {
				t.Errorf("no case for %s (%s %s)", op.Name, op.Method, op.Path)
			}
		}
		for _, name := range notIdempotent {
			if !slices.ContainsFunc(cases, func(c attemptsCase) bool { return c.String() == name }) {
				t.Errorf("no case for %s", name)
			}
		}
	})
	table := newAttemptsTable()
	for i := range cases {
		c := &cases[i]
		t.Run(c.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, f := range faults {
					counts := map[string]int{}
					for _, m := range makers {
						if m.can(c) {
							counts[m.name] = attemptsOf(t, c, m, f)
						}
					}
					for name, n := range counts {
						if want := f.want(c); n != want {
							t.Errorf("%s: %s: %d attempts, want %d", f.name, name, n, want)
						}
					}
					table.add(c, counts)
				}
			})
		})
	}
	table.print(t, len(cases))
}

// fits reports whether a case's method and path are those of an operation.
func fits(c *attemptsCase, op operations.Operation) bool {
	path, _ := c.target()
	segments, want := strings.Split(path, "/"), strings.Split(op.Path, "/")
	return c.method() == op.Method && slices.EqualFunc(segments, want, func(a, b string) bool {
		return a == b || a != "" && strings.HasPrefix(b, "{")
	})
}

// attemptsOf returns how many attempts reach the base, and checks that each is the case's request.
func attemptsOf(t *testing.T, c *attemptsCase, m maker, f fault) int {
	t.Helper()
	base := &faulty{fake: fake(t, mock.WithExtendedQuota()), fault: f}
	prepare(t, base.fake, c)
	client, err := spotify.New(spotify.WithAccessToken("fake"), spotify.WithTransport(base), spotify.WithExtendedQuota())
	if err != nil {
		t.Fatal(err)
	}
	m.send(t.Context(), client, c)
	if err := client.Close(); err != nil {
		t.Error(err)
	}
	path, _ := c.target()
	for i, sent := range base.attempts {
		if want := c.method() + " /v1" + path; sent != want {
			t.Errorf("%s: %s: sent %s, want %s", f.name, m.name, sent, want)
		}
		if got, want := deciding(base.bodies[i]), deciding(c.body); !slices.Equal(got, want) {
			t.Errorf("%s: %s: the body %s has %v, want %v", f.name, m.name, base.bodies[i], got, want)
		}
	}
	if f.applied && (base.first < 200 || base.first > 299) && !unfit(c, m) {
		t.Errorf("%s: %s: the fake did not apply the request: its status code is %d", f.name, m.name, base.first)
	}
	return len(base.attempts)
}

// unfit reports whether a maker cannot make the request in a form that Spotify would apply.
func unfit(c *attemptsCase, m maker) bool {
	return m.name == "Do" && c.operation == coverUpload || // Do sends JSON, a cover is a JPEG
		m.name == "zmb3" && c.operation == "follow-playlist" // zmb3/spotify sends a body that is not a JSON object
}

// deciding returns the members of a body that decide whether the request is idempotent.
func deciding(body string) []string {
	return slices.DeleteFunc(
		[]string{"range_start", "positions", "snapshot_id", "context_uri", "uris"},
		func(name string) bool {
			return !strings.Contains(body, `"`+name+`"`)
		},
	)
}

// prepare plays the second track of an album, and pauses if the case resumes playback.
func prepare(t *testing.T, tr *mock.Transport, c *attemptsCase) {
	t.Helper()
	ask(t, tr, "PUT", "/me/player/play", `{"context_uri":"`+contextIn+`","offset":{"position":1}}`)
	if strings.HasPrefix(c.variant, "resume") {
		ask(t, tr, "PUT", "/me/player/pause", "")
	}
}

// ask sends one request to a fake, without a client, and returns the response body.
func ask(t *testing.T, tr *mock.Transport, method, path, body string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://api.spotify.com/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer fake")
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, text, err)
	}
	return text
}

// attemptsTable is the printed table: one line for each case, one column for each fault.
type attemptsTable struct {
	text    *bytes.Buffer
	out     *tabwriter.Writer
	column  int
	makers  map[string]int
	cells   int
	total   int
	unequal int
}

func newAttemptsTable() *attemptsTable {
	text := &bytes.Buffer{}
	table := &attemptsTable{text: text, out: tabwriter.NewWriter(text, 0, 0, 2, ' ', 0), makers: map[string]int{}}
	_, _ = fmt.Fprint(table.out, "operation")
	for _, f := range faults {
		_, _ = fmt.Fprint(table.out, "\t", f.name)
	}
	_, _ = fmt.Fprintln(table.out, "\tmakers")
	return table
}

// add adds the next cell of a line.
func (a *attemptsTable) add(c *attemptsCase, counts map[string]int) {
	if a.column == 0 {
		_, _ = fmt.Fprint(a.out, c)
	}
	var names []string
	seen := map[int]bool{}
	cell := ""
	for _, m := range makers {
		n, made := counts[m.name]
		if !made {
			continue
		}
		names = append(names, m.name)
		if a.column == 0 {
			a.makers[m.name]++
		}
		a.cells++
		a.total += n
		seen[n] = true
		cell += fmt.Sprintf(" %s %d", m.name, n)
	}
	if len(seen) == 1 {
		cell = fmt.Sprint(counts[names[0]])
	} else {
		a.unequal++
	}
	_, _ = fmt.Fprint(a.out, "\t", strings.TrimSpace(cell))
	if a.column = (a.column + 1) % len(faults); a.column == 0 {
		_, _ = fmt.Fprintln(a.out, "\t"+strings.Join(names, " "))
	}
}

func (a *attemptsTable) print(t *testing.T, cases int) {
	t.Helper()
	_ = a.out.Flush()
	var compared []string
	for _, m := range makers {
		compared = append(compared, fmt.Sprintf("%s %d", m.name, a.makers[m.name]))
	}
	t.Logf("attempts that reach the base:\n%s", a.text)
	t.Logf("%d operations, %d requests (%s) x %d faults: %d calls, %d attempts, %d cells in which makers differ",
		len(operations.All()), cases, strings.Join(compared, ", "), len(faults), a.cells, a.total, a.unequal)
}

// Package transporttest checks that a transport.Middleware keeps the contract of http.RoundTripper,
// as package transport states it. Run it in the tests of a middleware of your own:
//
//	func TestConforms(t *testing.T) {
//		transporttest.Run(t, func() transport.Middleware { return New(Config{}) })
//	}
package transporttest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Run checks the middlewares that factory makes, a new one for each check. It sends requests with
// and without bodies through them to bases that respond, fail, hang and break the contract
// themselves. Each check runs in a synctest bubble, so waiting takes no time.
//
// A middleware passes if, whatever the base does,
//   - it leaves the request it was given as it is, and closes its body;
//   - it returns a response with a body, or an error, and never both or neither: one that sends
//     with transport.RoundTrip does;
//   - it resends a request only with a body from GetBody;
//   - it closes each response that it does not return, after reading at most 64 KiB of the body,
//     for at most 50 ms;
//   - it returns within 1 ms of the end of the request's context, with the context's error;
//   - it is safe for concurrent use.
//
// The requests go to https://api.example.com/v1/thing and carry no transport.Call. A middleware
// that acts on some paths or routes only is checked if the test makes it act on this path, or on
// the route "".
//
// A middleware that is turned off, and so returns the base itself, is not held to what the base
// does. A middleware that refuses all requests of a method, as one for dry runs does, need not
// return a response to them.
func Run(t *testing.T, factory func() transport.Middleware) {
	t.Helper()
	run := func(name string, check func(*testing.T, transport.Middleware)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { check(t, factory()) })
		})
	}
	refused := func(method string) (yes bool) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) { yes = refuses(t, factory(), method) })
		return yes
	}
	var sent []string // the methods of requests that the middleware does not refuse
	for _, method := range []string{http.MethodPut, http.MethodGet, http.MethodPost, http.MethodDelete} {
		for name, script := range scripts {
			for _, body := range []string{"none", "replayable", "once", "broken"} {
				run(
					method+"/"+name+"/body="+body,
					func(t *testing.T, mw transport.Middleware) { oneCall(t, mw, method, script, body) },
				)
			}
		}
		if refused(method) {
			continue
		}
		sent = append(sent, method)
		for name, base := range brokenBases {
			run(method+"/base returns "+name, func(t *testing.T, mw transport.Middleware) { brokenBase(t, mw, method, base) })
		}
	}
	if !refused(http.MethodHead) {
		run("HEAD/base returns no body and its length", headWithLength)
	}
	for _, status := range []int{401, 404, 429, 503} {
		if !slices.Contains(sent, http.MethodGet) {
			break
		}
		run(
			fmt.Sprintf("drain/%d, a body without end", status),
			func(t *testing.T, mw transport.Middleware) { drain(t, mw, status, &trackedResponse{endless: true}) },
		)
		run(fmt.Sprintf("drain/%d, a body that stalls", status), func(t *testing.T, mw transport.Middleware) {
			drain(t, mw, status, &trackedResponse{rest: "x", stalls: true})
		})
	}
	run("context ends between two attempts", endsBetweenAttempts)
	if len(sent) == 0 {
		return
	}
	run("context already over", func(t *testing.T, mw transport.Middleware) { endedContext(t, mw, sent[0]) })
	run("context ends while the base hangs", func(t *testing.T, mw transport.Middleware) { hangingBase(t, mw, sent[0]) })
	run("many goroutines", func(t *testing.T, mw transport.Middleware) { manyGoroutines(t, mw, sent[0]) })
}

// A script is a list of status codes, 0 for a connection error; the last one is repeated.
var scripts = map[string][]int{
	"200":            {200},
	"204":            {204},
	"404":            {404},
	"401":            {401},
	"429":            {429},
	"500":            {500},
	"503 then 200":   {503, 503, 200},
	"401 then 200":   {401, 200},
	"429 then 200":   {429, 200},
	"reset":          {0},
	"reset then 200": {0, 200},
}

var errReset = errors.New("connection reset by the scripted base")

const payload = `{"uris":["spotify:track:1"]}`

func oneCall(t *testing.T, mw transport.Middleware, method string, script []int, body string) {
	base := &Base{Script: script}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, closed := request(t, ctx, method, body)
	before := snapshot(req)

	resp, err := mw(base).RoundTrip(req)
	switch {
	case err == nil && resp == nil:
		t.Fatal("neither a response nor an error")
	case err != nil && resp != nil:
		t.Fatalf("a response and an error: %v", err)
	case resp != nil && resp.Body == nil:
		t.Fatal("a response without a body to close")
	}
	if after := snapshot(req); after != before {
		t.Errorf("changed the request it was given\nbefore %s\n after %s", before, after)
	}
	if resp != nil {
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Errorf("the response's body cannot be read: %v", err)
		}
		_ = resp.Body.Close()
	}
	if !closed() {
		t.Error("left the request body open")
	}
	if n := base.Open(); n != 0 {
		t.Errorf("left %d response bodies open", n)
	}
	for i, got := range base.Bodies() {
		if body != "none" && got != payload {
			t.Errorf("sending %d carried the body %q, want all of it", i+1, got)
		}
		if i > 0 && (body == "once" || body == "broken") {
			t.Error("sent a body again that can be read only once")
		}
	}
}

// refuses reports whether a middleware returns an error for a request without sending it.
func refuses(t *testing.T, mw transport.Middleware, method string) bool {
	base := &Base{Script: []int{200}}
	req, _ := request(t, t.Context(), method, "replayable")
	resp, err := mw(base).RoundTrip(req)
	if resp != nil {
		_ = resp.Body.Close()
	}
	return err != nil && len(base.Bodies()) == 0
}

func endedContext(t *testing.T, mw transport.Middleware, method string) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	base := &Base{Script: []int{200}}
	req, closed := request(t, ctx, method, "replayable")
	start := time.Now()
	resp, err := mw(base).RoundTrip(req)
	if resp != nil {
		_ = resp.Body.Close()
	}
	if err == nil || !errors.Is(err, context.Canceled) {
		t.Errorf("a call whose context is over: got %v, want context.Canceled", err)
	}
	if !closed() || base.Open() != 0 {
		t.Error("left a body open")
	}
	if d := time.Since(start); d > time.Millisecond {
		t.Errorf("took %v to see that the context was over", d)
	}
}

func hangingBase(t *testing.T, mw transport.Middleware, method string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	hang := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		defer transport.CloseRequest(req)
		<-req.Context().Done()
		return nil, req.Context().Err()
	})
	req, closed := request(t, ctx, method, "replayable")
	start := time.Now()
	resp, err := mw(hang).RoundTrip(req)
	if resp != nil {
		_ = resp.Body.Close()
	}
	if d := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || d > time.Second+time.Millisecond {
		t.Errorf("got %v after %v, want the deadline after 1s", err, d)
	}
	if !closed() {
		t.Error("left the request body open")
	}
}

// endsBetweenAttempts ends the context 30 ms after the first response, when a middleware that
// retries may wait.
func endsBetweenAttempts(t *testing.T, mw transport.Middleware) {
	const end = 30 * time.Millisecond
	for _, status := range []int{503, 429, 401, 0} {
		ctx, cancel := context.WithCancel(t.Context())
		base := &Base{Script: []int{status}}
		req, closed := request(t, ctx, http.MethodGet, "replayable")
		timer := time.AfterFunc(end, cancel)
		start := time.Now()
		resp, err := mw(base).RoundTrip(req)
		if resp != nil {
			_ = resp.Body.Close()
		} else if err == nil {
			t.Error("neither a response nor an error")
		}
		if d := time.Since(start); d > end+time.Millisecond {
			t.Errorf("after a %d: went on for %v past the context's end", status, d-end)
		}
		if !closed() || base.Open() != 0 {
			t.Errorf("after a %d: left a body open", status)
		}
		timer.Stop()
		cancel()
	}
}

func manyGoroutines(t *testing.T, mw transport.Middleware, method string) {
	base := &Base{Script: []int{200}}
	chain := mw(base)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			req, closed := request(t, t.Context(), method, "replayable")
			resp, err := chain.RoundTrip(req)
			if err != nil {
				t.Error(err)
				return
			}
			_ = resp.Body.Close()
			if !closed() {
				t.Error("left the request body open")
			}
		})
	}
	wg.Wait()
	if n := base.Open(); n != 0 {
		t.Errorf("left %d response bodies open", n)
	}
}

// request makes a request, and returns a function that reports whether its body, and every copy
// that GetBody has made, is closed. GetBody of a "broken" body fails.
func request(t *testing.T, ctx context.Context, method, body string) (*http.Request, func() bool) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, "https://api.example.com/v1/thing?x=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Given", "as is")
	if body == "none" {
		return req, func() bool { return true }
	}
	var mu sync.Mutex
	open := 0
	fresh := func() (io.ReadCloser, error) {
		mu.Lock()
		defer mu.Unlock()
		open++
		return &trackedBody{Reader: strings.NewReader(payload), onClose: func() {
			mu.Lock()
			defer mu.Unlock()
			open--
		}}, nil
	}
	req.ContentLength = int64(len(payload))
	req.Body, _ = fresh()
	switch body {
	case "replayable":
		req.GetBody = fresh
	case "broken":
		req.GetBody = func() (io.ReadCloser, error) { return nil, errors.New("the body is gone") }
	}
	return req, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return open == 0
	}
}

// snapshot prints all of a request that a middleware could change.
func snapshot(req *http.Request) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(req.Header)) {
		b.WriteString(k + "=" + strings.Join(req.Header[k], ",") + ";")
	}
	return req.Method + " " + req.URL.String() + " " + req.Host + " " + b.String()
}

// Base is a base transport that responds with the status codes of Script in turn (0 is a connection
// error), and then repeats the last one. Like a real one it reads and closes request bodies, ends
// with the context, and leaves response bodies to be closed.
type Base struct {
	Script []int
	// RetryAfter is sent with every 429 and 503 that the script asks for; empty sends none.
	RetryAfter string

	mu     sync.Mutex
	bodies []string
	open   int
}

// RoundTrip responds as the script says.
func (b *Base) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := ""
	if req.Body != nil {
		data, _ := io.ReadAll(req.Body)
		_ = req.Body.Close()
		sent = string(data)
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	status := b.Script[min(len(b.bodies), len(b.Script)-1)]
	b.bodies = append(b.bodies, sent)
	if status == 0 {
		return nil, errReset
	}
	b.open++
	header := http.Header{}
	if b.RetryAfter != "" && (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) {
		header.Set("Retry-After", b.RetryAfter)
	}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Request: req,
		Body: &trackedBody{Reader: strings.NewReader("body"), onClose: func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.open--
		}},
	}, nil
}

// Bodies returns the request bodies that have arrived, one for each attempt.
func (b *Base) Bodies() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.bodies)
}

// Open returns how many response bodies have been returned and not closed.
func (b *Base) Open() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open
}

type trackedBody struct {
	io.Reader
	once    sync.Once
	onClose func()
}

func (b *trackedBody) Close() error {
	b.once.Do(b.onClose)
	return nil
}

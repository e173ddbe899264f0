package resources

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// sent is one request of the services.
type sent struct {
	Method, Host, Path, Query, ContentType, Body string
	Header                                       http.Header
}

// line returns the request in the form of the tables: "GET /albums/x?market=DE".
func (s sent) line() string {
	if s.Query == "" {
		return s.Method + " " + s.Path
	}
	return s.Method + " " + s.Path + "?" + s.Query
}

// recorder is a base transport that records the requests and responds as respond says.
type recorder struct {
	respond func(*http.Request) (status int, body string)

	mu  sync.Mutex
	all []sent
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.all = append(
		r.all,
		sent{
			req.Method,
			req.URL.Host,
			strings.TrimPrefix(req.URL.EscapedPath(), "/v1"),
			req.URL.RawQuery,
			req.Header.Get("Content-Type"),
			string(body),
			req.Header,
		},
	)
	r.mu.Unlock()
	status, text := r.respond(req)
	return responseTo(req, status, text), nil
}

// responseTo returns a response to a request.
func responseTo(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
}

// sent returns the requests so far.
func (r *recorder) sent() []sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]sent(nil), r.all...)
}

// record returns services over a recorder.
func record(t testing.TB, conf Config, respond func(*http.Request) (status int, body string)) (*Services, *recorder) {
	t.Helper()
	r := &recorder{respond: respond}
	s, err := New(&http.Client{Transport: r}, conf)
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

// always returns the same response to every request.
func always(status int, body string) func(*http.Request) (int, string) {
	return func(*http.Request) (int, string) { return status, body }
}

// anID returns an id of 22 equal letters.
func anID(letter byte) string { return strings.Repeat(string(letter), 22) }

// invoke calls a service's method and returns its error, or the last error of its iterator.
func invoke(method reflect.Value, args []reflect.Value) error {
	call := method.Call
	if method.Type().IsVariadic() {
		call = method.CallSlice
	}
	results := call(args)
	last := results[len(results)-1]
	if last.Kind() == reflect.Func {
		for _, err := range last.Seq2() {
			last = err
		}
	}
	err, _ := last.Interface().(error)
	return err
}

// decoded decodes a value as a call does.
func decoded(data []byte, member string, out any) error {
	return decode(context.Background(), data, target{member: member, out: out}, budget(data))
}

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

// sent is one request as it left the services.
type sent struct {
	Method, Host, Path, Query, ContentType, Body string
	Header                                       http.Header
}

// line is the request as the tables below write one: "GET /albums/x?market=DE".
func (s sent) line() string {
	if s.Query == "" {
		return s.Method + " " + s.Path
	}
	return s.Method + " " + s.Path + "?" + s.Query
}

// recorder is the end of a chain: it keeps what is sent and answers what it is told.
type recorder struct {
	answer func(*http.Request) (status int, body string)

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
	r.all = append(r.all, sent{req.Method, req.URL.Host, strings.TrimPrefix(req.URL.EscapedPath(), "/v1"), req.URL.RawQuery, req.Header.Get("Content-Type"), string(body), req.Header})
	r.mu.Unlock()
	status, text := r.answer(req)
	return answered(req, status, text), nil
}

// answered is an answer to a request.
func answered(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
}

// sent returns what was sent so far.
func (r *recorder) sent() []sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]sent(nil), r.all...)
}

// record returns services over a recorder.
func record(t testing.TB, conf Config, answer func(*http.Request) (status int, body string)) (*Services, *recorder) {
	t.Helper()
	r := &recorder{answer: answer}
	s, err := New(&http.Client{Transport: r}, conf)
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

// always answers every request alike.
func always(status int, body string) func(*http.Request) (int, string) {
	return func(*http.Request) (int, string) { return status, body }
}

// anID is an id in its usual form, made of one letter.
func anID(letter byte) string { return strings.Repeat(string(letter), 22) }

// invoke calls a service's method and returns its error, or the last one of the walk that it returns.
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

// read decodes a value as a call does.
func decoded(data []byte, member string, out any) error {
	return decode(context.Background(), data, target{member: member, out: out}, budget(data))
}

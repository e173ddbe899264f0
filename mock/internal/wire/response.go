// Package wire delivers the fake's responses: to the caller of a RoundTripper, or over a socket.
package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"syscall"
)

// Response is an HTTP response in bytes, or an error in place of one. Its Body may be shared and is
// never changed. Its Header belongs to this response alone.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error // the connection breaks with this error, and no response is sent
	Cut    int   // 1 + the number of bytes of Body sent before the connection breaks; 0 sends all
	Gzip   bool
	// UnaskedGzip compresses the body for every client, also for one that does not accept it.
	UnaskedGzip bool
}

// ErrReset is the error that net/http's transport returns when the server resets the connection.
var ErrReset error = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}

// TypeJSON is the Content-Type of the Web API.
const TypeJSON = "application/json; charset=utf-8"

// New returns a response with a body: nil, a string or a []byte (which is not copied) as it is, any
// other value as JSON. The Content-Type follows from the body's first byte.
func New(status int, body any) (Response, error) {
	if status < 100 || status > 599 {
		return Response{}, fmt.Errorf("invalid status code %d: want 100 to 599", status)
	}
	r := Response{Status: status, Header: http.Header{}}
	switch b := body.(type) {
	case nil:
		return r, nil
	case string:
		r.Body = []byte(b)
	case []byte:
		r.Body = b
	default:
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(body); err != nil {
			return Response{}, fmt.Errorf("encode the body as JSON: %w", err)
		}
		r.Body = bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	}
	if len(r.Body) > 0 {
		r.Header.Set("Content-Type", typeOf(r.Body))
	}
	return r, nil
}

func typeOf(body []byte) string {
	switch b := bytes.TrimSpace(body); {
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		return TypeJSON
	case len(b) > 0 && b[0] == '<':
		return "text/html; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// With returns the response with more headers set. An empty value removes a header.
func (r Response) With(header http.Header) Response {
	if len(header) == 0 {
		return r
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	maps.Copy(r.Header, header)
	for k := range header {
		if header.Get(k) == "" {
			r.Header.Del(k)
		}
	}
	return r
}

// Broken returns a response whose connection is reset before anything is sent.
func Broken() Response { return Response{Err: ErrReset} }

// ReadBody returns the whole body of a request, nil if it has none. It does not close the body.
func ReadBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	return io.ReadAll(req.Body)
}

package mock

// reply.go is what goes back, before it is known whether to a RoundTripper's caller or over a socket.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

// reply is an answer in bytes, or an error in place of one. Its body may be shared: it is never changed. Its header belongs to the reply alone.
type reply struct {
	status int
	header http.Header
	body   []byte
	err    error // the connection breaks with this in place of an answer
	cut    int   // how many of the body's bytes arrive before the connection breaks, plus one; 0 for all
	gzip   bool
}

// errReset is what net/http's transport returns when the other side resets the connection.
var errReset error = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}

const typeJSON = "application/json; charset=utf-8"

// newReply encodes a body: nil, a string or []byte (which is not copied) as it is, anything else as JSON.
func newReply(status int, body any) (reply, error) {
	if status < 100 || status > 599 {
		return reply{}, fmt.Errorf("the status is %d, allowed: 100 to 599", status)
	}
	r := reply{status: status, header: http.Header{}}
	switch b := body.(type) {
	case nil:
		return r, nil
	case string:
		r.body = []byte(b)
	case []byte:
		r.body = b
	default:
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(body); err != nil {
			return reply{}, fmt.Errorf("the body does not become JSON: %w", err)
		}
		r.body = bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	}
	if len(r.body) > 0 {
		r.header.Set("Content-Type", typeOf(r.body))
	}
	return r, nil
}

func typeOf(body []byte) string {
	switch b := bytes.TrimSpace(body); {
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		return typeJSON
	case len(b) > 0 && b[0] == '<':
		return "text/html; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// refusal is an error as the Web API writes it. An empty reason is left out.
func refusal(status int, message, reason string) reply {
	p := problem(status, message, reason)
	r, err := newReply(p.status, p.body)
	if err != nil {
		panic(err) // only for a status that no caller here has
	}
	return r
}

// tooMany is the 429 of the rolling window, without a Retry-After if after is negative.
func tooMany(after time.Duration) reply {
	r := refusal(http.StatusTooManyRequests, "API rate limit exceeded", "")
	if after >= 0 {
		seconds := (after + time.Second - 1) / time.Second
		r.header.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	return r
}

// with sets headers of the reply; an empty value takes one away.
func (r reply) with(header http.Header) reply {
	if len(header) == 0 {
		return r
	}
	if r.header == nil {
		r.header = http.Header{}
	}
	maps.Copy(r.header, header)
	for k := range header {
		if header.Get(k) == "" {
			r.header.Del(k)
		}
	}
	return r
}

// broken is a reply whose connection breaks before anything comes.
func broken() reply { return reply{err: errReset} }

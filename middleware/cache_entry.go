package middleware

// stored.go holds one answer as the cache keeps it. It never changes once its body is there, so any number of calls may be served from it.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"
)

type stored struct {
	header http.Header
	proto  string
	major  int
	minor  int
	body   []byte
	// uncompressed is http.Response's: the transport took a compression off.
	uncompressed bool

	varies  []string // the request's headers that it depends on
	variant [sha256.Size]byte

	born time.Time
	good time.Duration
}

// newStored returns what to keep of an answer, still without its body, or nil if it is not to be kept.
func newStored(req *http.Request, resp *http.Response, sent, received time.Time) *stored {
	if resp.StatusCode != http.StatusOK || resp.Body == nil || resp.Header.Get("Content-Range") != "" {
		return nil
	}
	s := &stored{header: keepable(resp.Header), proto: resp.Proto, major: resp.ProtoMajor, minor: resp.ProtoMinor, uncompressed: resp.Uncompressed}
	if !s.judge(req, sent, received) {
		return nil
	}
	return s
}

// judge fills in what follows from the headers, and reports whether it may be kept and is worth it.
func (s *stored) judge(req *http.Request, sent, received time.Time) bool {
	control := parseDirectives(s.header.Values("Cache-Control"))
	names, ok := varied(s.header)
	if !ok || control.has("no-store") {
		return false
	}
	s.varies, s.variant = names, variant(req.Header, names)
	s.born, s.good = birth(s.header, sent, received), lifetime(s.header, control, received)
	return s.isFresh(received) || s.hasValidator()
}

// renewed returns what to keep after a 304: what was stored with the headers that came (RFC 9111 section 3.2), or nil.
func (s *stored) renewed(req *http.Request, resp *http.Response, sent, received time.Time) *stored {
	again := *s
	again.header = maps.Clone(s.header)
	again.header.Del("Age")
	for name, values := range keepable(resp.Header) {
		switch name {
		case "Content-Length", "Content-Encoding": // of the body that did not come
		default:
			again.header[name] = values
		}
	}
	if !again.judge(req, sent, received) {
		return nil
	}
	return &again
}

// isMeantBy reports whether a 304 is about this answer (RFC 9111 section 4.3.4), and not about one that somebody else has.
func (s *stored) isMeantBy(resp *http.Response) bool {
	weak := func(etag string) string { return strings.TrimPrefix(etag, "W/") }
	theirs, ours := resp.Header.Get("ETag"), s.header.Get("ETag")
	return theirs == "" || weak(theirs) == weak(ours)
}

func (s *stored) hasValidator() bool {
	return s.header.Get("ETag") != "" || s.header.Get("Last-Modified") != ""
}

// isFresh does not trust a clock that shows a time before the answer's.
func (s *stored) isFresh(now time.Time) bool {
	age := now.Sub(s.born)
	return age >= 0 && age < s.good
}

// matches reports whether the answer is one to this request (RFC 9111 section 4.1).
func (s *stored) matches(req *http.Request) bool { return variant(req.Header, s.varies) == s.variant }

// The values of Cache-Status, RFC 9211 section 2.
const confirmed = "client; fwd=stale; fwd-status=304"

func (s *stored) hit(now time.Time) string {
	return fmt.Sprintf("client; hit; ttl=%d", (s.good-now.Sub(s.born))/time.Second)
}

// answer makes a response of its own for one request.
func (s *stored) answer(req *http.Request, now time.Time, cacheStatus string) *http.Response {
	header := s.header.Clone()
	header.Set("Age", strconv.FormatInt(int64(max(0, now.Sub(s.born))/time.Second), 10))
	header.Add("Cache-Status", cacheStatus)
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: s.proto, ProtoMajor: s.major, ProtoMinor: s.minor, Header: header,
		Body: io.NopCloser(bytes.NewReader(s.body)), ContentLength: int64(len(s.body)), Uncompressed: s.uncompressed, Request: req,
	}
}

// size is about what it takes in memory.
func (s *stored) size() int64 {
	const structs = 512
	n := structs + len(s.body)
	for name, values := range s.header {
		n += 64 + len(name)
		for _, v := range values {
			n += 16 + len(v)
		}
	}
	return int64(n)
}

// keepable returns the headers that are about the answer and not about the connection it came over (RFC 9111 section 3.1), nor for once only.
func keepable(h http.Header) http.Header {
	kept := h.Clone()
	if kept == nil {
		return http.Header{}
	}
	for _, line := range h.Values("Connection") {
		for name := range strings.SplitSeq(line, ",") {
			kept.Del(textproto.TrimString(name))
		}
	}
	for _, name := range []string{
		"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Set-Cookie",
	} {
		kept.Del(name)
	}
	return kept
}

// tee is the body of an answer on its way to the caller. When all of it has gone by it is kept; one that breaks off, or is too large, is not.
type tee struct {
	io.ReadCloser
	ctx   context.Context
	want  int64 // the length, -1 where it is not known
	limit int64
	seen  []byte
	keep  func([]byte) // nil once there is nothing more to do
}

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if t.keep == nil {
		return n, err
	}
	t.seen = append(t.seen, p[:n]...)
	length := int64(len(t.seen))
	switch {
	case length > t.limit, t.want >= 0 && length > t.want, err != nil && err != io.EOF:
		t.seen, t.keep = nil, nil
	case err == io.EOF && (t.want >= 0 && length < t.want || t.ctx.Err() != nil): // a server may end an answer in the middle when it sees its client leave
		t.seen, t.keep = nil, nil
	case err == io.EOF || length == t.want:
		t.keep(slices.Clip(t.seen))
		t.seen, t.keep = nil, nil
	}
	return n, err
}

package middleware

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

// cacheEntry is a stored response. It never changes once its body is set, so any number of calls
// may be served from it at the same time.
type cacheEntry struct {
	header http.Header
	proto  string
	major  int
	minor  int
	body   []byte
	// uncompressed is http.Response.Uncompressed: the transport has decompressed the body.
	uncompressed bool

	varies  []string // the request headers that the response depends on
	variant [sha256.Size]byte

	generated time.Time // when the server generated the response, by our clock
	freshFor  time.Duration
}

// newCacheEntry returns an entry for a response, without the body, or nil if the response may not
// be stored or storing it is of no use. The request was sent and its response received at these
// times.
func newCacheEntry(req *http.Request, resp *http.Response, sent, received time.Time) *cacheEntry {
	if resp.StatusCode != http.StatusOK || resp.Body == nil || resp.Header.Get("Content-Range") != "" {
		return nil
	}
	e := &cacheEntry{
		header: storedHeader(resp.Header), proto: resp.Proto, major: resp.ProtoMajor, minor: resp.ProtoMinor,
		uncompressed: resp.Uncompressed,
	}
	if !e.evaluate(req, sent, received) {
		return nil
	}
	return e
}

// evaluate sets the fields that follow from the header, and reports whether the entry may be stored
// and can be used again.
func (e *cacheEntry) evaluate(req *http.Request, sent, received time.Time) bool {
	control := parseDirectives(e.header.Values("Cache-Control"))
	names, ok := varyNames(e.header)
	if !ok || control.has("no-store") {
		return false
	}
	e.varies, e.variant = names, digestHeaders(req.Header, names)
	e.generated = generatedAt(e.header, sent, received)
	e.freshFor = freshnessLifetime(e.header, control, received)
	return e.isFresh(received) || e.hasValidator()
}

// updated returns the entry with the header of a 304 (RFC 9111 section 3.2), or nil if it may not
// be stored any longer.
func (e *cacheEntry) updated(req *http.Request, resp *http.Response, sent, received time.Time) *cacheEntry {
	u := *e
	u.header = maps.Clone(e.header)
	u.header.Del("Age")
	for name, values := range storedHeader(resp.Header) {
		switch name {
		case "Content-Length", "Content-Encoding": // they describe the 304, not the stored body
		default:
			u.header[name] = values
		}
	}
	if !u.evaluate(req, sent, received) {
		return nil
	}
	return &u
}

// isConfirmedBy reports whether a 304 is about this entry (RFC 9111 section 4.3.4): it has the same
// entity tag, or none.
func (e *cacheEntry) isConfirmedBy(resp *http.Response) bool {
	weak := func(etag string) string { return strings.TrimPrefix(etag, "W/") }
	theirs, ours := resp.Header.Get("ETag"), e.header.Get("ETag")
	return theirs == "" || weak(theirs) == weak(ours)
}

func (e *cacheEntry) hasValidator() bool {
	return e.header.Get("ETag") != "" || e.header.Get("Last-Modified") != ""
}

// isFresh reports whether the entry is fresh. It is not if the clock shows a time before the entry
// was generated: the clock was set back, so the age is unknown.
func (e *cacheEntry) isFresh(now time.Time) bool {
	age := now.Sub(e.generated)
	return age >= 0 && age < e.freshFor
}

// matches reports whether the entry's response is one to this request (RFC 9111 section 4.1).
func (e *cacheEntry) matches(req *http.Request) bool {
	return digestHeaders(req.Header, e.varies) == e.variant
}

// revalidated is the Cache-Status of a response that a 304 has confirmed (RFC 9211 section 2).
const revalidated = "client; fwd=stale; fwd-status=304"

// hit returns the Cache-Status of a response from a fresh entry.
func (e *cacheEntry) hit(now time.Time) string {
	return fmt.Sprintf("client; hit; ttl=%d", (e.freshFor-now.Sub(e.generated))/time.Second)
}

// response returns a response to one request, with a header and a body of its own.
func (e *cacheEntry) response(req *http.Request, now time.Time, cacheStatus string) *http.Response {
	header := e.header.Clone()
	header.Set("Age", strconv.FormatInt(int64(max(0, now.Sub(e.generated))/time.Second), 10))
	header.Add("Cache-Status", cacheStatus)
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: e.proto, ProtoMajor: e.major, ProtoMinor: e.minor,
		Header: header, Body: io.NopCloser(bytes.NewReader(e.body)), ContentLength: int64(len(e.body)),
		Uncompressed: e.uncompressed, Request: req,
	}
}

// size returns about how many bytes of memory the entry takes.
func (e *cacheEntry) size() int64 {
	const structs = 512
	n := structs + len(e.body)
	for name, values := range e.header {
		n += 64 + len(name)
		for _, v := range values {
			n += 16 + len(v)
		}
	}
	return int64(n)
}

// storedHeader returns a copy of a response's header without the fields that belong to the
// connection (RFC 9111 section 3.1) and without Set-Cookie.
func storedHeader(h http.Header) http.Header {
	stored := h.Clone()
	if stored == nil {
		return http.Header{}
	}
	for _, line := range h.Values("Connection") {
		for name := range strings.SplitSeq(line, ",") {
			stored.Del(textproto.TrimString(name))
		}
	}
	for _, name := range []string{
		"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "Te",
		"Trailer", "Transfer-Encoding", "Upgrade", "Set-Cookie",
	} {
		stored.Del(name)
	}
	return stored
}

// recordedBody is a response body that records what the caller reads, and calls store when all of
// it has been read. It stores nothing of a body that is cut short or larger than limit.
type recordedBody struct {
	io.ReadCloser
	ctx    context.Context
	length int64 // -1 if unknown
	limit  int64
	read   []byte
	store  func([]byte) // nil after the call, and if nothing will be stored
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.store == nil {
		return n, err
	}
	b.read = append(b.read, p[:n]...)
	read := int64(len(b.read))
	switch {
	case read > b.limit, b.length >= 0 && read > b.length, err != nil && err != io.EOF:
		b.read, b.store = nil, nil
	case err == io.EOF && (b.length >= 0 && read < b.length || b.ctx.Err() != nil):
		// When the context has ended, the body may have been cut short: a server that sees its
		// client leave may end the response early.
		b.read, b.store = nil, nil
	case err == io.EOF || read == b.length:
		b.store(slices.Clip(b.read))
		b.read, b.store = nil, nil
	}
	return n, err
}

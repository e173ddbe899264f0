package wire

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Deliver returns the *http.Response that net/http's transport would return. Open counts the bodies
// that are not closed yet.
func (r Response) Deliver(req *http.Request, open *atomic.Int64) *http.Response {
	header := r.Header
	if header == nil {
		header = http.Header{}
	}
	resp := &http.Response{
		Status: statusLine(r.Status), StatusCode: r.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header, Request: req,
	}
	data := r.Body
	if bodiless(r.Status) {
		data = nil
	}
	open.Add(1)
	content := &content{ctx: req.Context(), open: open}
	resp.Body = content
	asked := req.Header.Get("Accept-Encoding")
	if len(data) > 0 && (r.UnaskedGzip || r.Gzip && (asked == "" || acceptsGzip(asked))) {
		data = compress(data)
		if asked == "" && !r.UnaskedGzip {
			// net/http's transport asked by itself, so it decompresses too and sets Uncompressed.
			resp.Uncompressed = true
			resp.ContentLength = -1
			SetHeaders(header, "Date", date(time.Now()))
			content.reader = &unpacking{packed: content.from(data, r.Cut)}
			return resp
		}
		header.Set("Content-Encoding", "gzip")
	}
	resp.ContentLength = int64(len(data))
	if bodiless(r.Status) {
		SetHeaders(header, "Date", date(time.Now()))
	} else {
		SetHeaders(header, "Date", date(time.Now()), "Content-Length", strconv.Itoa(len(data)))
	}
	content.reader = content.from(data, r.Cut)
	return resp
}

// SetHeaders sets headers, given as canonical names and values in turn, with one allocation for
// all.
func SetHeaders(header http.Header, namesAndValues ...string) {
	values := make([]string, len(namesAndValues)/2)
	for i := range values {
		values[i] = namesAndValues[2*i+1]
		header[namesAndValues[2*i]] = values[i : i+1 : i+1]
	}
}

func statusLine(status int) string {
	if status == http.StatusOK {
		return "200 OK"
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

// second is a second and its value as a Date header.
type second struct {
	unix int64
	text string
}

var latest atomic.Pointer[second]

// date returns a time as a Date header. The text of the latest second is cached: formatting it
// takes longer than finding the response to a request.
func date(now time.Time) string {
	unix := now.Unix()
	if s := latest.Load(); s != nil && s.unix == unix {
		return s.text
	}
	s := &second{unix, now.UTC().Format(http.TimeFormat)}
	latest.Store(s)
	return s.text
}

// bodiless reports whether a response with this status code has no body (RFC 9110 section 6.4.1).
func bodiless(status int) bool {
	return status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

func acceptsGzip(accepted string) bool { return strings.Contains(accepted, "gzip") }

// packers are pooled because making a gzip.Writer costs more than using it. They compress quickly
// and not well, because the size does not matter here.
var packers = sync.Pool{New: func() any { zw, _ := gzip.NewWriterLevel(nil, gzip.HuffmanOnly); return zw }}

func compress(data []byte) []byte {
	var buf bytes.Buffer
	zw := packers.Get().(*gzip.Writer)
	defer packers.Put(zw)
	zw.Reset(&buf)
	_, _ = zw.Write(data) // a Buffer never fails
	_ = zw.Close()
	return buf.Bytes()
}

// content is a response's body. As on a connection, reading fails once the request's context has
// ended or the body is closed.
type content struct {
	ctx    context.Context
	reader io.Reader
	whole  bytes.Reader // the reader of a body that is not cut
	closed atomic.Bool
	open   *atomic.Int64
}

// from returns a reader of data up to the byte where the connection breaks.
func (c *content) from(data []byte, cut int) io.Reader {
	if cut == 0 {
		c.whole.Reset(data)
		return &c.whole
	}
	return io.MultiReader(bytes.NewReader(data[:min(cut-1, len(data))]), breaking{})
}

func (c *content) Read(p []byte) (int, error) {
	if c.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.reader.Read(p)
}

func (c *content) Close() error {
	if !c.closed.Swap(true) {
		c.open.Add(-1)
	}
	return nil
}

// breaking is the end of a body that is cut short.
type breaking struct{}

func (breaking) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// unpacking decompresses a gzip stream, which it opens at the first read.
type unpacking struct {
	packed io.Reader
	plain  *gzip.Reader
}

func (u *unpacking) Read(p []byte) (int, error) {
	if u.plain == nil {
		plain, err := gzip.NewReader(u.packed)
		if err != nil {
			return 0, err
		}
		u.plain = plain
	}
	return u.plain.Read(p)
}

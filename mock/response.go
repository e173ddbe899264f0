package mock

// response.go turns a reply into the response that net/http's transport would have made of it.

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

// deliver makes the response. open counts the bodies that are not closed yet.
func (r reply) deliver(req *http.Request, open *atomic.Int64) *http.Response {
	header := r.header
	if header == nil {
		header = http.Header{}
	}
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	resp := &http.Response{
		Status: strconv.Itoa(r.status) + " " + http.StatusText(r.status), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header, Request: req,
	}
	data := r.body
	if bodiless(r.status) {
		data = nil
	}
	open.Add(1)
	content := &content{ctx: req.Context(), open: open}
	resp.Body = content
	if asked := req.Header.Get("Accept-Encoding"); r.gzip && len(data) > 0 && (asked == "" || acceptsGzip(asked)) {
		data = compress(data)
		if asked == "" {
			// The transport asked by itself, so it unpacks too, and says what it did.
			resp.Uncompressed = true
			resp.ContentLength = -1
			content.reader = &unpacking{packed: content.from(data, r.cut)}
			return resp
		}
		header.Set("Content-Encoding", "gzip")
	}
	resp.ContentLength = int64(len(data))
	if !bodiless(r.status) {
		header.Set("Content-Length", strconv.Itoa(len(data)))
	}
	content.reader = content.from(data, r.cut)
	return resp
}

// bodiless reports whether HTTP knows no body for a status (RFC 9110 section 6.4.1).
func bodiless(status int) bool {
	return status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

func acceptsGzip(accepted string) bool { return strings.Contains(accepted, "gzip") }

// packers are kept, as making one costs more than using it, and quick, as nobody pays for what a fake sends.
var packers = sync.Pool{New: func() any { zw, _ := gzip.NewWriterLevel(nil, gzip.HuffmanOnly); return zw }}

func compress(data []byte) []byte {
	var buf bytes.Buffer
	zw := packers.Get().(*gzip.Writer)
	defer packers.Put(zw)
	zw.Reset(&buf)
	_, _ = zw.Write(data) // a Buffer takes everything
	_ = zw.Close()
	return buf.Bytes()
}

// content is a response's body. As on the wire, it ends with the request's context and cannot be read once closed.
type content struct {
	ctx    context.Context
	reader io.Reader
	closed atomic.Bool
	open   *atomic.Int64
}

// from reads all of data, or up to where the connection breaks.
func (c *content) from(data []byte, cut int) io.Reader {
	if cut == 0 {
		return bytes.NewReader(data)
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

// breaking is where a body was cut short.
type breaking struct{}

func (breaking) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// unpacking opens its gzip stream at the first read.
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

package resources

import (
	"io"
	"net/http"
	"slices"
	"sync"
)

// roomy is the largest buffer that is kept for the next call: most answers are below it, and a rare huge one shall not stay in memory.
const roomy = 1 << 20

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

// readBody reads a body of at most limit bytes, counted after decompression, into a pooled buffer. The buffer is the caller's until release.
func readBody(resp *http.Response, limit int64) (data []byte, release func(), err error) {
	buf := buffers.Get().(*[]byte)
	release = func() {
		if cap(*buf) <= roomy {
			*buf = (*buf)[:0]
			buffers.Put(buf)
		}
	}
	if n := resp.ContentLength; n > limit {
		return nil, release, ErrTooLarge
	}
	b := slices.Grow((*buf)[:0], int(min(max(resp.ContentLength, 0)+1, roomy))) // and one to find the end in
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := resp.Body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		*buf = b
		switch {
		case int64(len(b)) > limit:
			return nil, release, ErrTooLarge
		case err == io.EOF: // as io.Reader has it: io.ErrUnexpectedEOF is a cut body
			return b, release, nil
		case err != nil:
			return b, release, err
		}
	}
}

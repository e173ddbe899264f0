package transport

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// ErrTooLarge is the error of a body that is larger than allowed.
var ErrTooLarge = errors.New("the body is larger than allowed")

// BodyError is the error of a response whose status code and headers came and whose body broke off.
type BodyError struct {
	// Status is the response's status code.
	Status int
	// Applied reports that the server carried out a request that changes something: its status
	// code was 2xx, and only the response's body is lost.
	Applied bool
	// Err is the error of reading the body.
	Err error
}

func (e *BodyError) Error() string {
	text := fmt.Sprintf("the body of the %d response broke off: %v", e.Status, e.Err)
	if e.Applied {
		text += "; the request was carried out"
	}
	return text
}

// Unwrap returns Err.
func (e *BodyError) Unwrap() error { return e.Err }

// Timeout reports whether reading the body timed out; http.Client asks for it.
func (e *BodyError) Timeout() bool { return IsTimeout(e.Err) }

// Body is a response body that is in memory, in a buffer that is used again after Close.
type Body struct {
	mu     sync.Mutex
	buffer *[]byte // nil once closed
	offset int
}

// maxPooled is the largest buffer that is kept for the next response. Most are smaller, and a rare
// large one should not stay in memory.
const maxPooled = 1 << 20

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

// ReadBody reads a body to its end. The Body is the caller's to close. It has all that could be
// read also when there is an error: ErrTooLarge after more than limit bytes, and otherwise that of
// the reader. expected is the body's length if it is known, else zero or less.
func ReadBody(r io.Reader, expected, limit int64) (*Body, error) {
	buffer := buffers.Get().(*[]byte)
	body := &Body{buffer: buffer}
	b := slices.Grow((*buffer)[:0], int(min(max(expected, 0)+1, maxPooled))) // and one to find the end in
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		*buffer = b
		switch {
		case int64(len(b)) > limit:
			return body, ErrTooLarge
		case err == io.EOF: // as io.Reader has it: io.ErrUnexpectedEOF is a cut body
			return body, nil
		case err != nil:
			return body, err
		}
	}
}

// Bytes returns the whole body. It is valid until Close and not to be changed.
func (b *Body) Bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.buffer == nil {
		return nil
	}
	return *b.buffer
}

// Read reads on from where the last Read ended.
func (b *Body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.buffer == nil:
		return 0, http.ErrBodyReadAfterClose
	case b.offset == len(*b.buffer):
		return 0, io.EOF
	}
	n := copy(p, (*b.buffer)[b.offset:])
	b.offset += n
	return n, nil
}

// Close gives the buffer back.
func (b *Body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.buffer != nil && cap(*b.buffer) <= maxPooled {
		buffers.Put(b.buffer)
	}
	b.buffer = nil
	return nil
}

// IsCompressed reports whether a body is compressed still: net/http takes off only a compression
// that it has asked for itself.
func IsCompressed(h http.Header) bool { return encoding(h) != "" }

// Decompress returns a reader of the plain body, by what Content-Encoding says: gzip, or nothing.
// Any other encoding, and more than one, is an error that names it.
func Decompress(h http.Header, body io.Reader) (io.Reader, error) {
	switch encoding := encoding(h); encoding {
	case "":
		return body, nil
	case "gzip", "x-gzip": // RFC 9110 section 8.4.1.3
		return gzip.NewReader(body)
	default:
		return nil, fmt.Errorf("unsupported Content-Encoding %.40q: want gzip or none", encoding)
	}
}

// encoding returns the list of a body's encodings, in lower case and without those that change
// nothing.
func encoding(h http.Header) string {
	lines := h["Content-Encoding"]
	if len(lines) == 0 {
		return ""
	}
	var list []string
	for one := range strings.SplitSeq(strings.ToLower(strings.Join(lines, ",")), ",") {
		if one = strings.TrimSpace(one); one != "" && one != "identity" {
			list = append(list, one)
		}
	}
	return strings.Join(list, ", ")
}

// Plain returns up to limit bytes of the plain form of a body that was read as it came, perhaps not
// to its end.
func Plain(h http.Header, raw []byte, limit int) []byte {
	if !IsCompressed(h) {
		return raw[:min(limit, len(raw))]
	}
	r, err := Decompress(h, bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	plain, _ := io.ReadAll(io.LimitReader(r, int64(limit)))
	return plain
}

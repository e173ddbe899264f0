package middleware

// Peek lets a step look into an answer that it is going to pass on.

import (
	"bytes"
	"io"
	"net/http"
)

// Peek returns up to limit bytes from the start of a response's body and leaves the body as it was: the bytes can be read again.
// An error while reading is kept for whoever reads the body later.
func Peek(resp *http.Response, limit int64) []byte {
	if resp.Body == nil { // http.Client takes that from a transport, and so must we
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, limit))
	var rest io.Reader = resp.Body
	if err != nil {
		rest = failingReader{err}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), resp.Body}
	return head
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

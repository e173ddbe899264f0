package middleware

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// BufferConfig configures Buffer. The zero value is ready to use.
type BufferConfig struct {
	// MaxBody is the largest body that is read, in bytes: 8 MiB if zero; a negative value turns
	// Buffer off.
	MaxBody int64
	// Classify, if it is set, is called for each successful response whose body is a JSON object
	// with a member "error". If it returns a Class with a Status of 400 or more, Retry and
	// DecodeErrors treat the response as one with that status code. Nil classifies no successful
	// response.
	Classify func(resp *http.Response, body []byte) transport.Class
}

// Buffer returns the middleware that reads the body of a successful response (2xx) within the
// attempt, so that a body that is cut short is a failed attempt: a *transport.BodyError, which
// Retry retries if the request is idempotent. Put it below Retry and above everything else that may
// resend.
//
// Buffer reads the responses of operations that return something (transport.Call.Returns), up to
// MaxBody; the rest of a larger body is streamed. It streams all other responses: an operation that
// returns nothing has succeeded with its status code.
func Buffer(cfg BufferConfig) transport.Middleware {
	if cfg.MaxBody < 0 {
		return passThrough
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = 8 << 20
	}
	return func(next http.RoundTripper) http.RoundTripper {
		return &buffer{cfg, next}
	}
}

type buffer struct {
	BufferConfig
	next http.RoundTripper
}

func (b *buffer) RoundTrip(given *http.Request) (*http.Response, error) {
	req, call := transport.WithReport(given)
	resp, err := roundTrip(b.next, req)
	if err == nil {
		setRequest(resp, given)
	}
	if err != nil || !call.Returns || resp.StatusCode < 200 || resp.StatusCode >= 300 ||
		resp.Body == http.NoBody || resp.ContentLength > b.MaxBody {
		return resp, err
	}
	body, err := transport.ReadBody(resp.Body, resp.ContentLength, b.MaxBody)
	switch {
	case errors.Is(err, transport.ErrTooLarge):
		resp.Body = &partlyRead{io.MultiReader(body, resp.Body), body, resp.Body}
		return resp, nil
	case err != nil:
		_ = resp.Body.Close()
		_ = body.Close()
		return nil, &transport.BodyError{Status: resp.StatusCode, Applied: !isSafe(req.Method), Err: err}
	}
	_ = resp.Body.Close()
	resp.Body = body
	if isTruncated(resp, body.Bytes()) {
		_ = body.Close()
		return nil, &transport.BodyError{Status: resp.StatusCode, Applied: !isSafe(req.Method),
			Err: io.ErrUnexpectedEOF}
	}
	b.check(call.Report, resp, body.Bytes())
	return resp, nil
}

// isTruncated reports whether a body is the beginning of a JSON object or array. A connection that
// is closed in the middle of a body of unknown length looks like the end of the body. If the length
// is known or the body is chunked, the transport detects that, so only the last byte is looked at.
func isTruncated(resp *http.Response, body []byte) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || transport.IsCompressed(resp.Header) {
		return false
	}
	last := body[len(body)-1]
	switch {
	case body[0] == '{' && (last != '}' || resp.Close), body[0] == '[' && (last != ']' || resp.Close):
		var value json.RawMessage
		return errors.Is(json.NewDecoder(bytes.NewReader(body)).Decode(&value), io.ErrUnexpectedEOF)
	}
	return false
}

// check classifies a successful response whose body is an error object.
func (b *buffer) check(report *transport.Report, resp *http.Response, raw []byte) {
	if b.Classify == nil || len(raw) > errorBody {
		return
	}
	plain := transport.Plain(resp.Header, raw, errorBody)
	if !hasError(plain) {
		return
	}
	class := b.Classify(resp, plain)
	if class.Status < 400 {
		return
	}
	note(report, resp, class, bytes.Clone(plain)) // raw is reused once the body is closed
}

// hasError reports whether a body is a JSON object with a member "error" that is not null.
func hasError(body []byte) bool {
	if !bytes.Contains(body, []byte(`"error"`)) { // most bodies: a scan is cheaper than a parse
		return false
	}
	var object struct {
		Error json.RawMessage `json:"error"`
	}
	return json.Unmarshal(body, &object) == nil && len(object.Error) > 0 && string(object.Error) != "null"
}

// partlyRead is a body whose beginning is in memory.
type partlyRead struct {
	io.Reader
	head, rest io.Closer
}

func (b *partlyRead) Close() error {
	_ = b.head.Close()
	return b.rest.Close()
}

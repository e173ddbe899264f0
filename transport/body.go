package transport

import (
	"errors"
	"io"
	"net/http"
)

// ErrNotReplayable is returned by Rewind for a request whose body can be read only once.
var ErrNotReplayable = errors.New("transport: the request body cannot be sent again: GetBody is nil")

// Replayable reports whether a request can be sent again: it has no body, or one that GetBody makes anew.
func Replayable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// Rewind returns a copy of req, with a fresh body, that is safe to send after req has been sent. The copy shares req's headers.
func Rewind(req *http.Request) (*http.Request, error) {
	again := req.WithContext(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, nil
	}
	if req.GetBody == nil {
		return nil, ErrNotReplayable
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again.Body = body
	return again, nil
}

// CloseRequest closes a request's body: what a step must do when it gives up before handing the request on.
func CloseRequest(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// drainLimit bounds Discard: past it a new connection is cheaper than the rest of an answer nobody wants.
const drainLimit = 64 << 10

// Discard throws a response away so that its connection can be used again: it reads at most 64 KiB of the body and closes it.
func Discard(resp *http.Response) {
	if resp == nil || resp.Body == nil || resp.Body == http.NoBody {
		return
	}
	_, _ = io.CopyN(io.Discard, resp.Body, drainLimit)
	_ = resp.Body.Close()
}

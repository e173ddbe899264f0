package middleware

import (
	"fmt"
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// roundTrip calls next and holds it to http.RoundTripper's contract: a response with a body, or an
// error. A transport or middleware that returns neither is an error that names it, not a panic later.
func roundTrip(next http.RoundTripper, req *http.Request) (*http.Response, error) {
	resp, err := next.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case resp == nil:
		return nil, transport.Permanent(fmt.Errorf("%T returned neither a response nor an error", next))
	case resp.Body == nil:
		return noBody(next, resp)
	}
	return resp, nil
}

// noBody makes an empty body of a nil one, as http.Client does, except where the response says that
// there is more.
func noBody(next http.RoundTripper, resp *http.Response) (*http.Response, error) {
	if resp.ContentLength > 0 {
		return nil, transport.Permanent(fmt.Errorf("%T returned a response with a nil Body and a Content-Length of %d", next, resp.ContentLength))
	}
	resp.Body = http.NoBody
	return resp, nil
}

// answers makes resp the response to req.
func answers(req *http.Request, resp *http.Response) { resp.Request = req }

// nothing is a middleware that is turned off.
func nothing(next http.RoundTripper) http.RoundTripper { return next }

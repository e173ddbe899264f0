package transport

import (
	"fmt"
	"net/http"
)

// RoundTrip sends req through next and holds next to the contract of http.RoundTripper: it returns
// a response with a body, or an error, and never both. A nil Body becomes http.NoBody, as
// http.Client has it; a response that comes with an error is closed; neither a response nor an
// error is an error that names next. Middlewares call it in place of next.RoundTrip.
func RoundTrip(next http.RoundTripper, req *http.Request) (*http.Response, error) {
	resp, err := next.RoundTrip(req)
	switch {
	case err != nil:
		if resp != nil && resp.Body != nil {
			_ = resp.Body.Close()
		}
		return nil, err
	case resp == nil:
		return nil, Permanent(fmt.Errorf("%T returned neither a response nor an error", next))
	case resp.Body == nil && resp.ContentLength > 0 && req.Method != http.MethodHead:
		return nil, Permanent(
			fmt.Errorf("%T returned a response with a nil Body and a Content-Length of %d", next, resp.ContentLength),
		)
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	return resp, nil
}

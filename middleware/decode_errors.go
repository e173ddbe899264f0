package middleware

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// DecodeErrors returns the middleware that turns responses into errors. It calls decode for each
// response with a status code of 400 or more, and for each 2xx response whose body is an error
// object (see Buffer), drains and closes the body, and returns the error that decode returned. If
// decode returns nil, the response is returned as it is; decode must then have left the body
// unread. A nil decode turns the middleware off.
//
// DecodeErrors is the one middleware that breaks the contract of http.RoundTripper, which returns a
// nil error with every response. Put it outermost, above every middleware that looks at responses,
// and not into an http.Client that other code uses.
func DecodeErrors(decode func(*http.Response) error) transport.Middleware {
	if decode == nil {
		return passThrough
	}
	return func(next http.RoundTripper) http.RoundTripper {
		return &decodeErrors{decode, next}
	}
}

type decodeErrors struct {
	decode func(*http.Response) error
	next   http.RoundTripper
}

func (d *decodeErrors) RoundTrip(req *http.Request) (*http.Response, error) {
	reported, call := transport.WithReport(req)
	resp, err := roundTrip(d.next, reported)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 400 {
		if class, _, ok := call.Report.Classified(resp); !ok || class.Status < 400 {
			setRequest(resp, req)
			return resp, nil
		}
	}
	setRequest(resp, reported) // decode reads the Report from its context
	if err := d.decode(resp); err != nil {
		transport.Drain(resp)
		return nil, err
	}
	setRequest(resp, req)
	return resp, nil
}

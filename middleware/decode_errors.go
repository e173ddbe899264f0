package middleware

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// DecodeErrors returns the middleware that hands each response with a status code of 400 or more to
// decode and returns decode's error in its place; also a 2xx response whose body Buffer has found to
// be an error. Where decode returns nil the response goes on as it is: decode then has to have left
// the body unread. The middleware drains and closes the body of a response that became an error.
//
// It is the one middleware that breaks the contract of http.RoundTripper, by which every response
// comes with a nil error: put it outermost, above every middleware that looks at responses, and not
// in a client that other code is to use. A nil decode turns it off.
func DecodeErrors(decode func(*http.Response) error) transport.Middleware {
	if decode == nil {
		return nothing
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
			answers(req, resp)
			return resp, nil
		}
	}
	answers(reported, resp) // decode finds the Report in its context
	if err := d.decode(resp); err != nil {
		transport.Drain(resp)
		return nil, err
	}
	answers(req, resp)
	return resp, nil
}

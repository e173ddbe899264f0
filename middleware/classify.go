package middleware

import (
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// errorBody is the most that is read of the body of an error response, in bytes.
	errorBody = 64 << 10
	// errorTime is the longest that Classify waits for the body of an error response.
	errorTime = 50 * time.Millisecond
)

// Classify returns the middleware that reads the body of a response with a status code of 400 or
// more once: at most 64 KiB, for at most 50 ms. It writes the response's class to the call's
// Report, so that RateLimit, Refresh, Retry, Observe and DecodeErrors need not read the body again.
// The response is returned with its body unread. A body that is longer or slower than that is left
// to DecodeErrors and the caller.
//
// decide gets the response and the decompressed body and returns the response's class. A zero
// RetryAfter is filled in from the Retry-After header, a zero Status from the response. decide must
// not read resp.Body. If decide is nil, the class is made of the status code and the header alone.
func Classify(decide func(resp *http.Response, body []byte) transport.Class) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return &classify{decide, next}
	}
}

type classify struct {
	decide func(*http.Response, []byte) transport.Class
	next   http.RoundTripper
}

func (c *classify) RoundTrip(given *http.Request) (*http.Response, error) {
	req, call := transport.WithReport(given)
	resp, err := roundTrip(c.next, req)
	if err != nil || resp.StatusCode < 400 {
		return resp, err
	}
	setRequest(resp, req)
	var class transport.Class
	var whole []byte
	if c.decide != nil {
		body := append([]byte{}, transport.Plain(resp.Header, transport.PeekBody(resp, errorBody, errorTime), errorBody)...)
		class = c.decide(resp, body)
		if transport.PeekedAll(resp) {
			whole = body
		}
	}
	note(call.Report, resp, class, whole)
	setRequest(resp, given)
	return resp, nil
}

// note completes a class from the response's status code and header, writes it to the Report and
// returns it.
func note(report *transport.Report, resp *http.Response, class transport.Class, body []byte) transport.Class {
	if class.Status == 0 {
		class.Status = resp.StatusCode
	}
	if class.RetryAfter == 0 {
		class.RetryAfter = transport.RetryAfter(resp.Header)
	}
	report.Classify(resp, class, body)
	return class
}

// classOf returns the class of a response from the Report. A response that no middleware below has
// classified is classified by its status code and header.
func classOf(report *transport.Report, resp *http.Response) transport.Class {
	if class, _, ok := report.Classified(resp); ok {
		return class
	}
	if resp.StatusCode < 400 {
		return transport.Class{Status: resp.StatusCode}
	}
	return note(report, resp, transport.Class{}, nil)
}

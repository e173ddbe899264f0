package middleware

import (
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// errorBody and errorTime bound how much of an error's body is read, and for how long.
	errorBody = 64 << 10
	errorTime = 50 * time.Millisecond
)

// Classify returns the middleware that reads the body of a response with a status code of 400 or
// more, once: at most 64 KiB of it, for at most 50 ms. It writes to the call's Report what the
// response means, so that RateLimit, Refresh, Retry, Observe and DecodeErrors need not look again.
// The response goes on as it came, its body unread. A body that is longer, or late, is left to those
// who can wait for it: DecodeErrors, and the caller.
//
// decide gets the response and its body after decompression and returns the class but for its
// RetryAfter, which the middleware reads from the header, and its Status, where that is zero. It
// must not read the response's own Body. With a nil decide only the header is read.
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
	answers(req, resp)
	var class transport.Class
	var whole []byte
	if c.decide != nil {
		body := append([]byte{}, transport.Plain(resp.Header, transport.Peek(resp, errorBody, errorTime), errorBody)...)
		class = c.decide(resp, body)
		if transport.PeekedAll(resp) {
			whole = body
		}
	}
	note(call.Report, resp, class, whole)
	answers(given, resp)
	return resp, nil
}

// note completes a class from the response's header and writes it to the Report.
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

// classOf returns what the Report says of a response. A response that nothing below has classified
// is classified by its header alone.
func classOf(report *transport.Report, resp *http.Response) transport.Class {
	if class, _, ok := report.Classified(resp); ok {
		return class
	}
	if resp.StatusCode < 400 {
		return transport.Class{Status: resp.StatusCode}
	}
	return note(report, resp, transport.Class{}, nil)
}

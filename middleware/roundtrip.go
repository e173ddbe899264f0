package middleware

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// roundTrip sends req through next and holds next to http.RoundTripper's contract.
func roundTrip(next http.RoundTripper, req *http.Request) (*http.Response, error) {
	return transport.RoundTrip(next, req)
}

// answers makes resp the response to req. If another program's transport below has put an
// Authorization on the request that it sent, the Report of req's call keeps it out of texts from here
// on, as it does with the tokens of Auth.
func answers(req *http.Request, resp *http.Response) {
	if sent := resp.Request; sent != nil && sent != req && hasAuthorization(sent.Header) {
		if report := transport.CallFrom(req.Context()).Report; report != nil {
			report.AddSecrets(redact.OfRequest(sent))
		}
	}
	resp.Request = req
}

// nothing is a middleware that is turned off.
func nothing(next http.RoundTripper) http.RoundTripper { return next }

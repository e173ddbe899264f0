package resources

// request.go is the only file that knows resty.

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/go-resty/resty/v2"
)

// sender turns a call into an HTTP request.
type sender struct {
	blank  *resty.Request // what each request begins as: R would make half a dozen maps for it that stay empty
	header http.Header    // of every call; it is copied for each and never changed
	json   http.Header    // the same with the content type of JSON
}

// newSender works on a copy of hc: resty fills in what it misses.
func newSender(hc *http.Client, conf Config) sender {
	own := *hc
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	client := resty.NewWithClient(&own).
		SetRetryCount(0).                // retrying is the chain's business
		SetDoNotParseResponse(true).     // reading is ours
		SetAllowGetMethodPayload(false). // no GET has a body
		SetDisableWarn(true).
		SetPreRequestHook(sayThatThereIsNoBody)
	header := http.Header{"Accept": {typeJSON}, "User-Agent": {conf.UserAgent}}
	if conf.Language != "" {
		header.Set("Accept-Language", conf.Language)
	}
	return sender{client.R(), header, withContentType(header, typeJSON)}
}

const typeJSON = "application/json"

func withContentType(header http.Header, contentType string) http.Header {
	header = header.Clone()
	header.Set("Content-Type", contentType)
	return header
}

// do sends a request; the answer's body is the caller's to close.
func (s sender) do(ctx context.Context, method, address string, payload []byte, contentType string) (*http.Response, error) {
	req := *s.blank
	req.SetContext(ctx).Header = s.header
	if payload != nil {
		req.SetBody(bytes.NewReader(payload)) // a reader that net/http can rewind by itself, and that resty leaves alone
		if req.Header = s.json; contentType != typeJSON {
			req.Header = withContentType(s.header, contentType)
		}
	}
	resp, err := req.Execute(method, address)
	if err != nil {
		return nil, err
	}
	return resp.RawResponse, nil
}

// sayThatThereIsNoBody makes a request without a body one in the eyes of net/http: resty wraps it in a reader of unknown length, which is sent chunked,
// and to that Spotify has answered 411 Length Required.
func sayThatThereIsNoBody(_ *resty.Client, req *http.Request) error {
	if req.Body != nil && req.ContentLength == 0 {
		req.Body = http.NoBody
		req.GetBody = func() (io.ReadCloser, error) { return http.NoBody, nil }
	}
	return nil
}

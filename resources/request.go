package resources

// request.go is the only file that knows resty.

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/go-resty/resty/v2"

	"github.com/seed-2147f1a9/spotify/transport"
)

// sender turns a call into an HTTP request.
type sender struct {
	// blank is what each request begins as. R would make half a dozen maps for each that stay empty; the headers are copied for each anyway.
	blank *resty.Request
}

// newSender works on a copy of hc: resty fills in what it misses.
func newSender(hc *http.Client, conf Config) sender {
	own := *hc
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.CheckRedirect = checkRedirect(hc.CheckRedirect)
	client := resty.NewWithClient(&own).
		SetRetryCount(0).                // retrying is the chain's business
		SetDoNotParseResponse(true).     // reading is ours
		SetAllowGetMethodPayload(false). // no GET has a body
		SetDisableWarn(true).
		SetPreRequestHook(untypeNothing)
	blank := client.R().SetHeader("Accept", typeJSON).SetHeader("Content-Type", typeJSON).SetHeader("User-Agent", conf.UserAgent)
	if conf.Language != "" {
		blank.SetHeader("Accept-Language", conf.Language)
	}
	// An empty reader is no body in the eyes of net/http. Without it resty makes a body of unknown length of nothing, which is sent chunked, and to that Spotify has
	// answered 411 Length Required.
	return sender{blank.SetBody(bytes.NewReader(nil))}
}

// checkRedirect keeps a write from being redirected, whatever the caller's client does about redirects.
func checkRedirect(own func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	if own == nil {
		return transport.CheckRedirect
	}
	return func(req *http.Request, via []*http.Request) error {
		if err := transport.CheckRedirect(req, via); errors.Is(err, http.ErrUseLastResponse) {
			return err
		}
		return own(req, via)
	}
}

const typeJSON = "application/json"

// do sends a request; the answer's body is the caller's to close.
func (s sender) do(ctx context.Context, method, address string, payload []byte, contentType string) (*http.Response, error) {
	req := *s.blank
	req.SetContext(ctx)
	if payload != nil {
		req.SetBody(bytes.NewReader(payload)) // a reader that net/http can rewind by itself, and that resty leaves alone
		if contentType != typeJSON {
			req.Header = req.Header.Clone()
			req.SetHeader("Content-Type", contentType)
		}
	}
	resp, err := req.Execute(method, address)
	if err != nil {
		return nil, err
	}
	return resp.RawResponse, nil
}

// untypeNothing takes the content type off a request without a body, for which resty wants one.
func untypeNothing(_ *resty.Client, req *http.Request) error {
	if req.Body == nil || req.Body == http.NoBody {
		req.Header.Del("Content-Type")
	}
	return nil
}

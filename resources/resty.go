package resources

// Only this file imports resty.

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/go-resty/resty/v2"

	"github.com/seed-2147f1a9/spotify/transport"
)

const typeJSON = "application/json"

// sender sends requests with a resty client that is set up for the Web API.
type sender struct {
	client *resty.Client
	// noBody is the body of every request without one. net/http takes an empty bytes.Reader as no
	// body. For a nil body resty makes one of unknown length, which net/http sends chunked; Spotify
	// has responded to that with 411 Length Required.
	noBody *bytes.Reader
}

// newSender returns a sender over a copy of hc, because resty sets the fields that hc leaves empty.
func newSender(hc *http.Client, conf Config) sender {
	own := *hc
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.CheckRedirect = checkRedirect(hc.CheckRedirect)
	client := resty.NewWithClient(&own).
		SetBaseURL(conf.BaseURL).
		SetHeader("Accept", typeJSON).
		SetHeader("Content-Type", typeJSON).
		SetHeader("User-Agent", conf.UserAgent).
		SetJSONMarshaler(encode).
		SetRetryCount(0).            // the pipeline retries
		SetDoNotParseResponse(true). // core.read decodes from a pooled buffer of at most MaxBody bytes
		SetDisableWarn(true).
		SetPreRequestHook(dropContentType)
	if conf.Language != "" {
		client.SetHeader("Accept-Language", conf.Language)
	}
	return sender{client, bytes.NewReader(nil)}
}

// checkRedirect returns a CheckRedirect that stops redirects of writes, and leaves the others to
// own, which may be nil.
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

// encode returns v as JSON, with the codec of the resty client. The caller needs the text before
// the request is sent, because some members of a body make a request not idempotent.
func (s sender) encode(v any) ([]byte, error) { return s.client.JSONMarshal(v) }

// do sends a request to a path below the base URL. payload is empty for a request without a body,
// and contentType is that of the payload. header replaces fields of the request. The caller closes
// the body of the response.
func (s sender) do(
	ctx context.Context, method, path string, payload []byte, contentType string, header http.Header,
) (*http.Response, error) {
	req := s.client.R().SetContext(ctx).SetBody(s.noBody)
	if len(payload) > 0 {
		req.SetBody(bytes.NewReader(payload))
		if contentType != typeJSON {
			req.SetHeader("Content-Type", contentType)
		}
	}
	for name, values := range header {
		req.Header[name] = slices.Clone(values)
	}
	resp, err := req.Execute(method, path)
	if err != nil {
		return nil, err
	}
	return resp.RawResponse, nil
}

// dropContentType removes the content type, which the client sets for every request, from a request
// without a body.
func dropContentType(_ *resty.Client, req *http.Request) error {
	if req.ContentLength == 0 {
		req.Header.Del("Content-Type")
	}
	return nil
}

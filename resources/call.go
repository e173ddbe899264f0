package resources

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// call sends one request and reads its response into out, unless out is nil. It reports whether there was something to read.
func (c *core) call(ctx context.Context, op *operations.Operation, p place, params querier, body, out any) (bool, error) {
	address, err := c.address(op, p, params)
	if err != nil {
		return false, err
	}
	payload, contentType, err := payloadOf(body)
	if err != nil {
		return false, err
	}
	ctx, settings := annotate(ctx, op, address, payload)
	resp, err := c.send.do(ctx, op.Method, address, payload, contentType)
	if err != nil {
		return false, failed(op, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return false, c.refused(op, settings, resp)
	}
	return c.read(ctx, op, settings, resp, out, strings.Contains(address, "fields="))
}

// failed returns the error of a request without a response. A response whose body broke off below,
// in middleware.Buffer, is one that came and cannot be used.
func failed(op *operations.Operation, err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok { // http.Client adds method and full address; the operation says more
		err = outer.Err
	}
	if cut, ok := errors.AsType[*transport.BodyError](err); ok {
		return &AnswerError{op.Name, op.Method, op.Path, cut.Status, "", err}
	}
	return err
}

// read reads a successful response. One that was filtered may have nothing in it.
func (c *core) read(ctx context.Context, op *operations.Operation, settings *transport.Call, resp *http.Response, out any, filtered bool) (bool, error) {
	fail := func(err error) (bool, error) {
		return false, unusable(op, resp.StatusCode, err, redactor(settings, resp))
	}
	if out == nil && settings.Capture == nil {
		transport.Drain(resp)
		return false, nil
	}
	body, err := readBody(resp, c.conf.MaxBody)
	defer func() { _ = body.Close() }() // also with an error: it has what could be read
	data := body.Bytes()
	capture(settings, resp.StatusCode, resp.Header, data)
	switch {
	case out == nil:
		return false, nil
	case errors.Is(err, ErrTooLarge):
		return fail(err)
	case err != nil:
		return fail(&transport.BodyError{Status: resp.StatusCode, Applied: op.Method != http.MethodGet, Err: err})
	case isNothing(data) && op.MayBeEmpty:
		return false, nil
	case isNothing(data):
		return fail(ErrEmpty)
	}
	if title, isPage := redact.Title(data, len(data)); isPage {
		title = redact.Text(redactor(settings, resp)(title), 100)
		return fail(fmt.Errorf("%w: an HTML page titled %q: want JSON", ErrUnexpected, title))
	}
	limit := expansion * min(c.conf.MaxBody, math.MaxInt64/expansion)
	if err := decode(ctx, data, target{op.Member, out, !filtered}, limit); err != nil {
		return fail(err)
	}
	return true, nil
}

// readBody reads a body of at most limit bytes, counted after decompression. The Body is never nil.
func readBody(resp *http.Response, limit int64) (*transport.Body, error) {
	if body, ok := resp.Body.(*transport.Body); ok && !transport.IsCompressed(resp.Header) {
		return body, nil // in memory already, within the limit of middleware.Buffer
	}
	if resp.ContentLength > limit {
		return new(transport.Body), ErrTooLarge
	}
	plain, err := transport.Decompress(resp.Header, resp.Body)
	if err != nil {
		return new(transport.Body), err
	}
	return transport.ReadBody(plain, resp.ContentLength, limit)
}

// isNothing reports whether a body says that there is nothing: by saying nothing, or null.
func isNothing(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || string(body) == "null"
}

// capture copies a response for a caller who wants it.
func capture(settings *transport.Call, status int, header http.Header, body []byte) {
	if settings.Capture != nil {
		*settings.Capture = transport.Captured{Status: status, Header: header.Clone(), Body: slices.Clone(body)}
	}
}

// refused makes an error of a response that is neither a success nor an error of the pipeline's.
func (c *core) refused(op *operations.Operation, settings *transport.Call, resp *http.Response) error {
	const longest = 4 << 10
	body := bytes.Clone(transport.Plain(resp.Header, transport.Peek(resp, 64<<10, time.Second), longest))
	transport.Drain(resp)
	capture(settings, resp.StatusCode, resp.Header, body)
	clean := redactor(settings, resp)
	header := resp.Header.Clone()
	for _, values := range header {
		for i, value := range values {
			values[i] = clean(value)
		}
	}
	return &StatusError{op.Name, op.Method, op.Path, resp.StatusCode, header, []byte(clean(string(body)))}
}

// redactor returns a function that removes the secrets of the request, which the server may have
// repeated, from a text of its response: those that middleware.Auth has sent or, in a chain without
// it, those in the header of the request that was sent.
func redactor(settings *transport.Call, resp *http.Response) func(text string) string {
	sent := redact.OfRequest(resp.Request)
	sent.Keep(string(settings.Token))
	return func(text string) string { return sent.Remove(settings.Report.Redact(text)) }
}

// unusable returns the error of a response that cannot be used.
func unusable(op *operations.Operation, status int, err error, clean func(string) string) error {
	where := pointer(err)
	if place := clean(where); place != where {
		where, err = place, errors.Unwrap(err) // a decodeError holds the place, too
	}
	return &AnswerError{op.Name, op.Method, op.Path, status, where, redact.Error(err, clean, ErrUnexpected, ErrTooLarge)}
}

// address is the whole address of a call, checked and escaped.
func (c *core) address(op *operations.Operation, p place, params querier) (string, error) {
	path, err := p.fill(op.Path)
	if err != nil {
		return "", err
	}
	q := query{op: op, conf: &c.conf, sep: '?'}
	q.text = append(append(q.room[:0], c.conf.BaseURL...), path...)
	if params != nil {
		params.query(&q)
	}
	return string(q.text), q.err
}

// upload is a body that is not JSON.
type upload struct {
	contentType string
	data        []byte
}

// arguments are what a body is made of, and checked first.
type arguments interface{ payload() (body any, err error) }

func payloadOf(body any) (data []byte, contentType string, err error) {
	if args, ok := body.(arguments); ok {
		if body, err = args.payload(); err != nil {
			return nil, "", err
		}
	}
	switch body := body.(type) {
	case nil:
		return nil, "", nil
	case upload:
		return body.data, body.contentType, nil
	}
	if data, err = encode(body); err != nil {
		return nil, "", argument.Secret("body", "something that is not fit for JSON: "+clip(err.Error()), "what JSON can hold, texts in valid UTF-8")
	}
	return data, typeJSON, nil
}

// annotate puts what the table says about the request beside what the caller said about the call.
func annotate(ctx context.Context, op *operations.Operation, address string, payload []byte) (context.Context, *transport.Call) {
	_, query, _ := strings.Cut(address, "?")
	known := op.Describe(query, payload)
	fresh := &struct {
		call   transport.Call
		report transport.Report
	}{call: transport.NewCall(ctx)}
	call := &fresh.call
	if call.Report == nil {
		call.Report = &fresh.report
	}
	call.Operation, call.Route, call.Scopes, call.Notice, call.Returns = known.Operation, known.Route, known.Scopes, known.Notice, known.Returns
	if call.Idempotency == transport.IdempotencyByMethod {
		call.Idempotency = known.Idempotency
	}
	if call.Bucket == "" {
		call.Bucket = known.Bucket
	}
	return transport.WithCall(ctx, call), call
}

// bulk marks the calls of a walk or a batch as ones that others may overtake, unless the caller said otherwise. None of them is captured or
// reported: several are in flight at a time, and there is room for one.
func bulk(ctx context.Context) context.Context {
	call := transport.NewCall(ctx)
	if call.Priority == transport.PriorityNormal {
		call.Priority = transport.PriorityBulk
	}
	call.Capture, call.Report, call.Total = nil, nil, nil
	return transport.WithCall(ctx, &call)
}

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
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// core is shared by the services: it sends their requests and reads the responses.
type core struct {
	conf Config
	base *url.URL // conf.BaseURL
	send sender
	// batches and pages say whether Spotify lets the app call batch operations and fetch the
	// largest pages.
	batches, pages privilege
}

// fetch returns the T of a response. It returns nil and no error for an operation that may have an
// empty response, if the response is empty.
func fetch[T any](ctx context.Context, c *core, op *operations.Operation, p place, params querier) (*T, error) {
	return exchange[T](ctx, c, op, p, params, nil)
}

// list returns the list of a response that has no pages, without its null elements.
func list[T any](ctx context.Context, c *core, op *operations.Operation, p place, params querier) ([]T, error) {
	got, err := fetch[[]T](ctx, c, op, p, params)
	if err != nil {
		return nil, err
	}
	return *got, nil
}

// exchange sends a body, nil for none, and returns the T of the response, as fetch does.
func exchange[T any](
	ctx context.Context, c *core, op *operations.Operation, p place, params querier, body any,
) (*T, error) {
	out := new(T)
	if found, err := c.call(ctx, op, p, params, body, out); err != nil || !found {
		return nil, named(op, err)
	}
	return out, nil
}

// command sends a request and ignores the body of the response: the status code is the result.
func command(ctx context.Context, c *core, op *operations.Operation, p place, params querier, body any) error {
	_, err := c.call(ctx, op, p, params, body, nil)
	return named(op, err)
}

// call sends one request and decodes its response into out, unless out is nil. It reports whether
// it has decoded something.
func (c *core) call(
	ctx context.Context, op *operations.Operation, p place, params querier, body, out any,
) (found bool, err error) {
	path, err := c.path(op, p, params)
	if err != nil {
		return false, err
	}
	payload, contentType, err := c.payload(body)
	if err != nil {
		return false, err
	}
	path, err = withQuery(path, transport.CallFrom(ctx).Query)
	if err != nil {
		return false, err
	}
	ctx, settings := annotate(ctx, op, path, payload)
	if err := checkHeader(settings.Header); err != nil {
		return false, err
	}
	settings.Report.EndLater()
	defer func() { settings.Report.End(err) }()
	resp, err := c.send.do(ctx, op.Method, path, payload, contentType, settings.Header)
	if err != nil {
		return false, failed(op, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return false, c.refused(op, settings, resp)
	}
	return c.read(ctx, op, settings, resp, out, strings.Contains(path, "fields="))
}

// path returns the path and the query of a request, below the base URL, checked and escaped.
func (c *core) path(op *operations.Operation, p place, params querier) (string, error) {
	q := queries.Get().(*query)
	defer queries.Put(q)
	*q = query{op: op, conf: &c.conf, text: q.text[:0], sep: '?'}
	if q.text, q.err = p.fill(q.text, op.Path); q.err != nil {
		return "", q.err
	}
	if params != nil {
		params.query(q)
	}
	return string(q.text), q.err
}

// withQuery returns path with the parameters that the caller has added for one call.
func withQuery(path string, extra url.Values) (string, error) {
	if len(extra) == 0 {
		return path, nil
	}
	for name, values := range extra {
		for _, text := range append(slices.Clone(values), name) {
			if !utf8.ValidString(text) {
				return "", argument.Errorf("Query", text, "text in UTF-8")
			}
		}
	}
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + extra.Encode(), nil
}

// checkHeader returns an error for header fields that a caller has added for one call and that
// cannot be sent, or that net/http would replace without a word.
func checkHeader(header http.Header) error {
	for name, values := range header {
		switch name {
		case "Connection", "Content-Length", "Host", "Trailer", "Transfer-Encoding":
			return argument.Errorf("Header", name, "a field that net/http does not set itself")
		}
		if !isToken(name) {
			return argument.Errorf("Header", name, "a name of letters, digits and hyphens")
		}
		if slices.ContainsFunc(values, func(v string) bool { return strings.ContainsFunc(v, isControl) }) {
			return argument.Described("Header", name+" with a control character", "a value without control characters")
		}
	}
	return nil
}

// isToken reports whether s can be the name of a header field (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// upload is a request body that is not JSON.
type upload struct {
	contentType string
	data        []byte
}

// bodyMaker is a request body that is checked before it is encoded.
type bodyMaker interface{ body() (body any, err error) }

// payload returns the text of a request body and its content type, nil for no body.
func (c *core) payload(body any) (data []byte, contentType string, err error) {
	if maker, ok := body.(bodyMaker); ok {
		if body, err = maker.body(); err != nil {
			return nil, "", err
		}
	}
	switch body := body.(type) {
	case nil:
		return nil, "", nil
	case upload:
		return body.data, body.contentType, nil
	}
	if data, err = c.send.encode(body); err != nil {
		return nil, "", argument.Described("body", "a value that cannot be encoded as JSON: "+clip(err.Error()),
			"a value that JSON can hold, with strings in valid UTF-8")
	}
	return data, typeJSON, nil
}

// annotate returns a context with the call's settings: those of the caller, and those of the table
// for the request.
func annotate(
	ctx context.Context, op *operations.Operation, path string, payload []byte,
) (context.Context, *transport.Call) {
	_, query, _ := strings.Cut(path, "?")
	known := op.Describe(query, payload)
	fresh := &struct {
		call   transport.Call
		report transport.Report
	}{call: transport.NewCall(ctx)}
	call := &fresh.call
	if call.Report == nil {
		call.Report = &fresh.report
	}
	call.Operation, call.Route, call.Scopes = known.Operation, known.Route, known.Scopes
	call.Notice, call.Returns = known.Notice, known.Returns
	if call.Idempotency == transport.IdempotencyByMethod {
		call.Idempotency = known.Idempotency
	}
	if call.Bucket == "" {
		call.Bucket = known.Bucket
	}
	return transport.WithCall(ctx, call), call
}

// bulk returns a context for the requests of an iterator or a batch: their priority is bulk unless
// the caller has set another one. None of them is captured or reported, because several are in
// flight at a time and the caller has given room for one.
func bulk(ctx context.Context) context.Context {
	call := transport.NewCall(ctx)
	if call.Priority == transport.PriorityNormal {
		call.Priority = transport.PriorityBulk
	}
	call.Capture, call.Report, call.Total, call.Progress = nil, nil, nil, nil
	return transport.WithCall(ctx, &call)
}

// failed returns the error of a request without a response. A *transport.BodyError is from
// middleware.Buffer, which has read a part of a successful response.
func failed(op *operations.Operation, err error) error {
	// http.Client adds the method and the whole address, which named adds in a shorter form.
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	if cut, ok := errors.AsType[*transport.BodyError](err); ok {
		return &ResponseError{op.Name, op.Method, op.Path, cut.Status, "", err}
	}
	return err
}

// refused returns the error of a response of 300 or more that the pipeline has not turned into one.
func (c *core) refused(op *operations.Operation, settings *transport.Call, resp *http.Response) error {
	const longest = 4 << 10
	body := bytes.Clone(transport.Plain(resp.Header, transport.PeekBody(resp, 64<<10, time.Second), longest))
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
// repeated, from a text of its response: those that middleware.Auth has sent or, over a pipeline
// without it, those in the header of the request.
func redactor(settings *transport.Call, resp *http.Response) func(text string) string {
	sent := redact.OfRequest(resp.Request)
	sent.Keep(string(settings.Token))
	return func(text string) string { return sent.Remove(settings.Report.Redact(text)) }
}

// unusable returns the error of a response that cannot be used.
func unusable(op *operations.Operation, status int, err error, clean func(string) string) error {
	where := pointer(err)
	if place := clean(where); place != where {
		where, err = place, errors.Unwrap(err) // a decodeError has the place, too
	}
	err = redact.Error(err, clean, ErrUnexpected, ErrTooLarge)
	return &ResponseError{op.Name, op.Method, op.Path, status, where, err}
}

// read decodes a successful response into out. filtered says that the request had a filter for the
// members of the response, so that it may have no member that out knows.
func (c *core) read(
	ctx context.Context, op *operations.Operation, settings *transport.Call, resp *http.Response,
	out any, filtered bool,
) (bool, error) {
	fail := func(err error) (bool, error) {
		return false, unusable(op, resp.StatusCode, err, redactor(settings, resp))
	}
	if out == nil && settings.Capture == nil {
		transport.Drain(resp)
		return false, nil
	}
	body, err := readBody(resp, c.conf.MaxBody)
	defer func() { _ = body.Close() }() // also after an error: it has the part that was read
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
		return fail(fmt.Errorf("%w: an HTML page titled %q%s: want JSON; %s",
			ErrUnexpected, title, c.elsewhere(resp), transport.Portal))
	}
	limit := expansion * min(c.conf.MaxBody, math.MaxInt64/expansion)
	start := time.Now()
	if err = decode(ctx, data, target{op.Member, out, !filtered}, limit); err != nil {
		_, err = fail(err)
	}
	settings.Report.Decoded(time.Since(start), err)
	return err == nil, err
}

// elsewhere names the host that a request was redirected to, empty if it is the API's.
func (c *core) elsewhere(resp *http.Response) string {
	if resp.Request == nil || resp.Request.URL == nil || transport.SameOrigin(c.base, resp.Request.URL) {
		return ""
	}
	return " from " + redact.Text(resp.Request.URL.Host, 100)
}

// readBody returns a body of at most limit bytes, counted after decompression. The Body is never
// nil.
func readBody(resp *http.Response, limit int64) (*transport.Body, error) {
	if body, ok := resp.Body.(*transport.Body); ok && !transport.IsCompressed(resp.Header) {
		return body, nil // middleware.Buffer has read it
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

// isNothing reports whether a body is empty or null.
func isNothing(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || string(body) == "null"
}

// capture stores a copy of a response for a caller who has asked for it.
func capture(settings *transport.Call, status int, header http.Header, body []byte) {
	if settings.Capture != nil {
		settings.Capture.SetResponse(status, header, body)
	}
}

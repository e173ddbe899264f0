package resources

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// call sends one call and reads its answer into out, unless out is nil. It reports whether there was something to read.
func (c *core) call(ctx context.Context, op *Operation, p place, params querier, body, out any) (bool, error) {
	address, err := c.address(op, p, params)
	if err != nil {
		return false, err
	}
	payload, contentType, err := payloadOf(body)
	if err != nil {
		return false, err
	}
	ctx, settings := annotate(ctx, op)
	found, err := c.once(ctx, op, settings, address, payload, contentType, out)
	if op.Method == http.MethodGet && !settings.NoRetry && isCut(err) && ctx.Err() == nil {
		// The chain's retries end where the body begins. A connection that broke in the middle of one deserves what one that broke before would have got.
		found, err = c.once(ctx, op, settings, address, payload, contentType, out)
	}
	return found, err
}

func (c *core) once(ctx context.Context, op *Operation, settings *transport.Call, address string, payload []byte, contentType string, out any) (bool, error) {
	resp, err := c.send.do(ctx, op.Method, address, payload, contentType)
	if err != nil {
		if outer, ok := errors.AsType[*url.Error](err); ok { // http.Client adds method and full address; the operation is added by the caller, and says more
			err = outer.Err
		}
		return false, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return false, c.refused(op, settings, resp)
	}
	return c.read(op, settings, resp, out)
}

// read reads a successful answer.
func (c *core) read(op *Operation, settings *transport.Call, resp *http.Response, out any) (bool, error) {
	fail := func(err error) (bool, error) {
		return false, &AnswerError{op.Name, op.Method, op.Path, resp.StatusCode, pointer(err), err}
	}
	if out == nil && settings.Capture == nil {
		transport.Discard(resp)
		return false, nil
	}
	data, release, err := readBody(resp, c.conf.MaxBody)
	defer release()
	capture(settings, resp.StatusCode, resp.Header, data)
	switch {
	case out == nil:
		return false, nil
	case errors.Is(err, ErrTooLarge):
		return fail(err)
	case err != nil:
		return fail(brokenOff{err})
	case isNothing(data) && op.MayBeEmpty:
		return false, nil
	case isNothing(data):
		return fail(ErrEmpty)
	}
	if err := decode(data, op.Member, out); err != nil {
		return fail(err)
	}
	return true, nil
}

// isNothing reports whether a body says that there is nothing: by saying nothing, or null.
func isNothing(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || string(body) == "null"
}

// capture copies an answer for a caller who wants it.
func capture(settings *transport.Call, status int, header http.Header, body []byte) {
	if settings.Capture != nil {
		*settings.Capture = transport.Captured{Status: status, Header: header.Clone(), Body: slices.Clone(body)}
	}
}

// refused makes an error of an answer that the chain should have made one of.
func (c *core) refused(op *Operation, settings *transport.Call, resp *http.Response) error {
	defer transport.Discard(resp)
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	capture(settings, resp.StatusCode, resp.Header, body)
	return &StatusError{op.Name, op.Method, op.Path, resp.StatusCode, resp.Header, body}
}

// brokenOff is an error of reading a body.
type brokenOff struct{ error }

func (e brokenOff) Unwrap() error { return e.error }

// isCut reports whether an answer's body ended before its time, with an error or in the middle of its JSON.
// A connection that broke before the answer is none of it: the chain has had its tries at that.
func isCut(err error) bool {
	if _, answered := errors.AsType[*AnswerError](err); !answered {
		return false
	}
	_, broken := errors.AsType[brokenOff](err)
	return broken || errors.Is(err, io.ErrUnexpectedEOF)
}

// address is the whole address of a call, checked and escaped.
func (c *core) address(op *Operation, p place, params querier) (string, error) {
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

// annotate puts what the table says about the operation beside what the caller said about the call.
func annotate(ctx context.Context, op *Operation) (context.Context, *transport.Call) {
	call := *transport.CallFrom(ctx)
	call.Operation, call.Route, call.Scopes, call.Notice = op.Name, op.Path, op.Scopes, op.notice()
	if call.Safety == transport.SafetyByMethod {
		call.Safety = op.Safety
	}
	if call.Bucket == "" {
		call.Bucket = op.Bucket
	}
	return transport.WithCall(ctx, &call), &call
}

// bulk marks the calls of a walk or a batch as ones that others may overtake, unless the caller said otherwise. None of them is captured:
// several are in flight at a time, and there is room for one.
func bulk(ctx context.Context) context.Context {
	call := *transport.CallFrom(ctx)
	call.Bulk = !call.Interactive
	call.Capture = nil
	return transport.WithCall(ctx, &call)
}

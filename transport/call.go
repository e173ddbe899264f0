package transport

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Call describes one logical call to the middlewares of a pipeline. It travels in the request's
// context as a single value, see WithCall, so that packages resources and middleware and the caller
// share it without importing each other. The zero Call has the defaults. Middlewares report facts
// about the call in its Report.
type Call struct {
	// Operation names the operation ("get-an-album"), for errors and logs.
	Operation string
	// Route is the path with its placeholders ("/albums/{id}"), for errors and logs. A request
	// whose Call has no Route is described by middleware.Describe.
	Route string
	// Scopes are the permissions the operation needs, for the error that a missing one causes.
	Scopes []string
	// Notice is added to the error of a 403: for example that the operation is closed to apps in
	// development mode.
	Notice string
	// Returns reports that a successful response of the operation has a body. It is false for an
	// operation that returns nothing, and for an unknown request.
	Returns bool
	// Idempotency decides whether Retry may resend the request after a failure that leaves open
	// whether the server applied it.
	Idempotency Idempotency
	// NoRetry turns retries of the call off. A replay after a 401 remains.
	NoRetry bool
	// Optional reports that the call fetches one of several items, some of which may be missing: a
	// 404 is logged as a success.
	Optional bool
	// Priority orders the calls that wait for a limiter. Zero is PriorityNormal for a single call,
	// and PriorityBulk for the calls of an iterator or of a batch.
	Priority Priority
	// Bucket names the limit that the call counts against; empty is the API's general one.
	Bucket string
	// MaxWait bounds the wait for a limiter's permit. Zero means the limiter's own bound.
	MaxWait time.Duration
	// Token is the access token of this call, in place of the client's. Empty means the client's.
	Token Secret
	// Capture is filled with the response as it was received. Nil captures nothing.
	Capture *Captured
	// Total is set by an iterator to the number of items of the list, as the current page has it:
	// before the first item, and again with each page. 0 means unknown. Nil is left alone.
	Total *int
	// Progress is updated by an iterator, before each item. Nil is left alone.
	Progress *Progress
	// Header and Query are added to the request by the services of package resources; a field of
	// Header replaces one that the request has. They do not concern requests that the caller makes.
	Header http.Header
	Query  url.Values
	// Report collects facts about the call. It belongs to one call. If it is nil, the first
	// middleware that needs one makes it with WithReport.
	Report *Report
}

// Priority orders the calls that wait for a limiter. The zero value is PriorityNormal.
type Priority uint8

const (
	// PriorityNormal goes before bulk calls and after interactive ones.
	PriorityNormal Priority = iota
	// PriorityInteractive goes first: a person waits for the response.
	PriorityInteractive
	// PriorityBulk goes last, and leaves a tenth of the quota to the others.
	PriorityBulk
)

// IsIdempotent reports whether a request may be resent although the server may have applied it: by
// the Call's Idempotency, or by the method if that is IdempotencyByMethod.
func (c *Call) IsIdempotent(method string) bool {
	switch c.Idempotency {
	case Idempotent:
		return true
	case NotIdempotent:
		return false
	}
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// Format prints the call's fields, whatever the verb: for one that does not fit, fmt would go past
// the Token's own Format.
func (c Call) Format(s fmt.State, _ rune) {
	type fields Call
	_, _ = fmt.Fprintf(s, "%+v", fields(c))
}

// Idempotency is whether applying a request twice has the effect of applying it once (RFC 9110
// section 9.2.2).
type Idempotency uint8

const (
	// IdempotencyByMethod goes by the method: GET, HEAD, OPTIONS, TRACE, PUT and DELETE are
	// idempotent, POST and PATCH are not.
	IdempotencyByMethod Idempotency = iota
	// Idempotent marks a request as idempotent, whatever its method.
	Idempotent
	// NotIdempotent marks a request as not idempotent, whatever its method: Retry resends it only
	// if the server certainly did not apply it.
	NotIdempotent
)

// Captured is a copy of a call's last response, and the record of the call.
type Captured struct {
	Status int
	Header http.Header
	Body   []byte

	timeline fmt.Stringer
}

// SetResponse stores a copy of a response in c.
func (c *Captured) SetResponse(status int, header http.Header, body []byte) {
	c.Status, c.Header, c.Body = status, header.Clone(), slices.Clone(body)
}

// SetTimeline stores the record of a call that begins, whose String method is Timeline, and removes
// the response of a call before.
func (c *Captured) SetTimeline(record fmt.Stringer) { *c = Captured{timeline: record} }

// Timeline returns the record of the call, in lines of at most 80 columns: where its time went, in
// waits, attempts and decoding. It is "" for a call that no middleware.Observe has observed.
func (c Captured) Timeline() string {
	if c.timeline == nil {
		return ""
	}
	return c.timeline.String()
}

// Format prints the status code and the sizes of a response, whatever the verb: a server may repeat
// the request's token in its response, which is in the fields as it came.
func (c Captured) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// String returns the status code and the sizes of a response.
func (c Captured) String() string {
	return fmt.Sprintf("transport.Captured(%d, %d header fields, %d bytes)", c.Status, len(c.Header), len(c.Body))
}

// LogValue keeps header and body out of structured logs.
func (c Captured) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Secret is a string that prints as "[redacted]" in every format; convert it to string to use it.
type Secret string

// String hides the value.
func (Secret) String() string { return "[redacted]" }

// Format hides the value from every verb.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }

// MarshalText hides the value from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

type callKey struct{}

// WithCall returns a context that carries call, in place of one that ctx carried. The pipeline does
// not change call.
func WithCall(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// CallFrom returns the Call that ctx carries, or a zero Call; never nil. The caller must not change
// it.
func CallFrom(ctx context.Context) *Call {
	if call, ok := ctx.Value(callKey{}).(*Call); ok {
		return call
	}
	return &none
}

var none Call

// WithReport returns req and its Call, which has a Report: the one that it came with, or a new one.
// A middleware that writes to the Report, or reads what those below it have written, begins with
// it.
func WithReport(req *http.Request) (*http.Request, *Call) {
	call := CallFrom(req.Context())
	if call.Report != nil {
		return req, call
	}
	return attach(req, *call)
}

// attach returns req with a copy of call that has a Report of its own, and that copy.
func attach(req *http.Request, call Call) (*http.Request, *Call) {
	fresh := &struct {
		call   Call
		report Report
	}{call: call}
	fresh.call.Report = &fresh.report
	return req.WithContext(WithCall(req.Context(), &fresh.call)), &fresh.call
}

// Fork returns req with a copy of its Call that has a Report of its own, for a request that is sent
// on behalf of several calls. An Observer sees its attempts as theirs, and closing the client ends
// its waits.
func Fork(req *http.Request) (*http.Request, *Report) {
	fresh := *CallFrom(req.Context())
	fresh.Report = fresh.Report.fork()
	return req.WithContext(WithCall(req.Context(), &fresh)), fresh.Report
}

// Another returns req with a Call of its own, for a request that was made with the context of
// another call but is not part of it. The Call has the caller's settings and a new Report.
func Another(req *http.Request) (*http.Request, *Call) {
	return attach(req, CallFrom(req.Context()).settings())
}

// NewCall returns the Call for a new call that is made with ctx: a copy of the one that ctx
// carries. A middleware may call the API with the context of the request that it was given. Such a
// call has the caller's settings, and neither bucket nor idempotency of the call that is under way.
// The Report is the caller's, or nil if there is none or a call has used it.
func NewCall(ctx context.Context) Call {
	call := *CallFrom(ctx)
	if call.Route != "" { // described, so it is under way
		return call.settings()
	}
	if call.Report != nil && call.Report.isUsed() {
		call.Report = nil
	}
	return call
}

// settings returns a Call with what the caller decides of c, except for Capture: that is for the
// response of c.
func (c *Call) settings() Call {
	return Call{NoRetry: c.NoRetry, Priority: c.Priority, MaxWait: c.MaxWait, Token: c.Token}
}

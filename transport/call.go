package transport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Call is everything that one logical call tells the middlewares of the pipeline. It rides the
// request's context as a single value, so that the layer that knows the API, the middlewares that
// do not, and the caller can speak of a call without importing each other. The zero Call means
// "nothing special". Facts about the call travel back up in its Report.
type Call struct {
	// Operation names the operation ("get-an-album"), for errors and logs.
	Operation string
	// Route is the path with its placeholders ("/albums/{id}"), for errors and logs. A request
	// whose Call has no Route is described by middleware.Describe.
	Route string
	// Scopes are the permissions the operation needs, for the error that a missing one causes.
	Scopes []string
	// Notice says what a caller should know when the operation is refused, such as who may no longer call it.
	Notice string
	// Returns says that a successful response of the operation has a body that matters. It is false
	// for an operation that returns nothing, and for a request of which nothing is known.
	Returns bool
	// Idempotency says whether the request is idempotent.
	Idempotency Idempotency
	// NoRetry sends the call once, whatever happens.
	NoRetry bool
	// Priority orders the calls that wait for a limiter. Zero is PriorityNormal for a single call, and
	// PriorityBulk for the calls of an iterator or of a batch.
	Priority Priority
	// Bucket names the limit that the call counts against; empty is the API's general one.
	Bucket string
	// MaxWait bounds the time spent waiting for a limiter; zero is the limiter's own bound.
	MaxWait time.Duration
	// Token is an access token to use for this call in place of the client's.
	Token Secret
	// Capture, where it is set, is filled with the response as it came.
	Capture *Captured
	// Total, where it is set, is filled by an iterator over a list with the number of items in the
	// list, as the page that is being read says: before the first item, and again with each page. 0
	// is unknown.
	Total *int
	// Report, where it is set, collects facts about the call. It belongs to one call; a middleware
	// that needs one makes it with WithReport if there is none.
	Report *Report
}

// Priority orders the calls that wait for a limiter. The zero value is PriorityNormal.
type Priority uint8

const (
	// PriorityNormal goes before bulk calls and after interactive ones.
	PriorityNormal Priority = iota
	// PriorityInteractive goes first: somebody waits for the response.
	PriorityInteractive
	// PriorityBulk goes last, and leaves a tenth of the quota to the others.
	PriorityBulk
)

// IsIdempotent reports whether a request may be sent again although it may have been applied: by
// the Call's Idempotency, or else by its method.
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

// Format prints the call's fields, whatever the verb: for one that does not fit, fmt would go past the Token's own Format.
func (c Call) Format(s fmt.State, _ rune) {
	type fields Call
	_, _ = fmt.Fprintf(s, "%+v", fields(c))
}

// Idempotency says whether a request may be repeated after a failure that leaves open whether it was applied.
type Idempotency uint8

const (
	// IdempotencyByMethod goes by RFC 9110 section 9.2.2: GET, HEAD, OPTIONS, TRACE, PUT and DELETE are idempotent.
	IdempotencyByMethod Idempotency = iota
	// Idempotent says that applying the call twice does what applying it once does.
	Idempotent
	// NotIdempotent says that applying the call twice does something else: it is repeated only when it was certainly not applied.
	NotIdempotent
)

// Captured is a copy of one response: the last one, where a call was sent several times.
type Captured struct {
	Status int
	Header http.Header
	Body   []byte
}

// Secret is a string that prints as "[redacted]" in every format; convert it to string to use it.
type Secret string

// String hides the value.
func (Secret) String() string { return "[redacted]" }

// Format hides the value from every verb.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }

// MarshalText hides the value from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

type callKey struct{}

// WithCall returns a context that carries call in place of any it carried before. The pipeline only reads it.
func WithCall(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// CallFrom returns the call that a context carries, or the zero Call; never nil, and not to be changed.
func CallFrom(ctx context.Context) *Call {
	if call, ok := ctx.Value(callKey{}).(*Call); ok {
		return call
	}
	return &none
}

var none Call

// WithReport returns req and its Call, which has a Report: the one that it came with, or a new one.
// A middleware that writes to the Report, or reads what those below it have written, begins with it.
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

// Fork returns req with a copy of its Call that has a Report of its own: for a request that is sent
// on behalf of several calls. It is part of those calls still: an Observer sees its attempts, and it
// ends with the client.
func Fork(req *http.Request) (*http.Request, *Report) {
	fresh := *CallFrom(req.Context())
	fresh.Report = fresh.Report.fork()
	return req.WithContext(WithCall(req.Context(), &fresh)), fresh.Report
}

// Another returns req and a Call for a request that was given the context of a call under way but is
// not part of it. It keeps the caller's settings and has a Report of its own.
func Another(req *http.Request) (*http.Request, *Call) {
	return attach(req, CallFrom(req.Context()).settings())
}

// NewCall returns the Call for a new call that is made with ctx: a copy of the one that ctx carries.
// A middleware may call the API with the context of the request that it was given. Such a call has
// the caller's settings, and neither bucket nor idempotency of the call that is under way. The Report
// is the caller's, or nil if there is none or a call has used it.
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

// settings returns a Call with what the caller decides of c.
func (c *Call) settings() Call {
	return Call{NoRetry: c.NoRetry, Priority: c.Priority, MaxWait: c.MaxWait, Token: c.Token, Capture: c.Capture}
}

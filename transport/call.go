package transport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Call is everything that one logical call tells the steps of the chain. It rides the request's context as a single value, so that the layer
// that knows the API, the steps that do not, and the caller can speak of a call without importing each other. The zero Call means "nothing special".
type Call struct {
	// Operation names what is called ("get-an-album"), for errors and logs.
	Operation string
	// Route is the path with its placeholders ("/albums/{id}"), for errors and logs.
	Route string
	// Scopes are the permissions the operation needs, for the error that a missing one causes.
	Scopes []string
	// Notice says what a caller should know when the operation is refused, such as who may no longer call it.
	Notice string
	// Safety says whether the call may be sent again when it may have been applied already.
	Safety Safety
	// NoRetry sends the call once, whatever happens.
	NoRetry bool
	// Bulk lets other calls go ahead of this one where a limiter makes calls wait.
	Bulk bool
	// Interactive keeps a call from being made a bulk one because a walk or a batch sends it.
	Interactive bool
	// Bucket names the limit that the call counts against; empty is the API's general one.
	Bucket string
	// MaxWait bounds the time spent waiting for a limiter; zero is the limiter's own bound.
	MaxWait time.Duration
	// Token is an access token to use for this call in place of the client's.
	Token Secret
	// Capture, where it is set, is filled with the answer as it came.
	Capture *Captured
}

// Format prints the call's fields, whatever the verb: for one that does not fit, fmt would go past the Token's own Format.
func (c Call) Format(s fmt.State, _ rune) {
	type fields Call
	_, _ = fmt.Fprintf(s, "%+v", fields(c))
}

// Safety says whether a request may be repeated after a failure that leaves open whether it was applied.
type Safety uint8

const (
	// SafetyByMethod goes by RFC 9110 section 9.2.2: GET, HEAD, OPTIONS, TRACE, PUT and DELETE are idempotent.
	SafetyByMethod Safety = iota
	// Repeatable says that applying the call twice does what applying it once does.
	Repeatable
	// Unrepeatable says that applying the call twice does something else: it is repeated only when it was certainly not applied.
	Unrepeatable
)

// Captured is a copy of one answer: the last one, where a call was sent several times.
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

// WithCall returns a context that carries call in place of any it carried before. The chain only reads it.
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

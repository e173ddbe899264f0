package mock

import (
	"fmt"
	"io"
	"log/slog"
)

// Format prints the method, the path, the status code and the sizes of a call, whatever the verb.
// The query, the header and the body hold tokens and are read from their fields.
func (c Call) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// String returns the method, the path, the status code and the sizes of a call.
func (c Call) String() string {
	return fmt.Sprintf("mock.Call(%s %s: %d, %d query parameters, %d header fields, %d bytes)",
		c.Method, c.Path, c.Status, len(c.Query), len(c.Header), len(c.Body))
}

// LogValue keeps the tokens out of structured logs.
func (c Call) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Format prints the number of calls that are kept, whatever the verb: the fake knows the secrets of
// its apps and all tokens that it has seen.
func (tr *Transport) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, tr.String()) }

// String returns the number of calls that are kept.
func (tr *Transport) String() string {
	if tr == nil {
		return "<nil>"
	}
	return fmt.Sprintf("mock.Transport(%d calls)", len(tr.recorder.all(func(*Call) bool { return true })))
}

// LogValue keeps the secrets out of structured logs.
func (tr *Transport) LogValue() slog.Value { return slog.StringValue(tr.String()) }

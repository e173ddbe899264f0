package redact

import (
	"context"
	"errors"
	"io"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Error returns err, or, where remove finds a secret in its text, an error with the rest of the
// text. Errors of net/http, for one, quote a malformed response, and that may repeat the request's
// secrets. The error that is returned then does not wrap err, which holds the secret. It matches
// those of sentinels and of the standard library's that err matches, and transport.NotSent,
// IsTransient, IsTimeout and IsPermanent report the same of it.
func Error(err error, remove func(text string) string, sentinels ...error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	clean := remove(text)
	if clean == text {
		return err
	}
	quoted := &quotedError{
		text:      clean,
		notSent:   transport.NotSent(err),
		transient: transport.IsTransient(err),
		timeout:   transport.IsTimeout(err),
	}
	for _, known := range append(sentinels, context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF) {
		if errors.Is(err, known) {
			quoted.matches = append(quoted.matches, known)
		}
	}
	if transport.IsPermanent(err) {
		return transport.Permanent(quoted)
	}
	return quoted
}

// quotedError stands for an error whose text had a secret.
type quotedError struct {
	text                        string
	notSent, transient, timeout bool
	matches                     []error
}

func (e *quotedError) Error() string { return e.text }

func (e *quotedError) Unwrap() []error { return e.matches }

func (e *quotedError) NotSent() bool { return e.notSent }

func (e *quotedError) IsTransient() bool { return e.transient }

func (e *quotedError) Timeout() bool { return e.timeout }

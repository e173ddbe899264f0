package redact

import (
	"context"
	"errors"
	"io"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Error returns err, or an error without the secrets if remove finds one in err's text: errors of
// net/http, for example, quote a malformed response, which may echo the request. The new error does
// not wrap err, which has the secret. It matches those of sentinels and of the standard library's
// errors that err matches, and transport.NotSent, IsTransient, IsTimeout and IsPermanent report the
// same for both.
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

// quotedError replaces an error whose text had a secret.
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

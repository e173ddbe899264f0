package middleware

// tokenError is the error of a request that had no token: it was not sent, or was refused with a
// 401. The server has not applied the request either way, so Retry may retry any method.
type tokenError struct{ error }

func (e *tokenError) Unwrap() error { return e.error }

// NotSent returns true, see transport.NotSent.
func (e *tokenError) NotSent() bool { return true }

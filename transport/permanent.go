package transport

import "errors"

// Permanent marks an error that sending again cannot mend, such as a refused configuration or a token that is gone for good, so that no step
// retries it. The error's text, Is and As stay as they were. A nil error stays nil.
func Permanent(err error) error {
	if err == nil || IsPermanent(err) {
		return err
	}
	return &permanent{err}
}

// IsPermanent reports whether an error, or one that it wraps, was marked by [Permanent].
func IsPermanent(err error) bool {
	_, found := errors.AsType[*permanent](err)
	return found
}

type permanent struct{ err error }

func (p *permanent) Error() string { return p.err.Error() }
func (p *permanent) Unwrap() error { return p.err }

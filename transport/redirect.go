package transport

import (
	"errors"
	"net/http"
)

// CheckRedirect is an http.Client's CheckRedirect that follows at most 10 redirects, and those of
// GET and HEAD only. Any other request gets the 3xx as its response: net/http would send a GET in
// place of a POST, PUT or DELETE that was redirected by a 301, 302 or 303, and that would pass for
// a write that was done.
func CheckRedirect(_ *http.Request, via []*http.Request) error {
	if len(via) == 0 {
		return nil
	}
	switch via[0].Method {
	case "", http.MethodGet, http.MethodHead:
	default:
		return http.ErrUseLastResponse
	}
	if len(via) >= 10 {
		return errors.New("stopped after 10 redirects")
	}
	return nil
}

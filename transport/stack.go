package transport

import (
	"net/http"
	"slices"
)

// Stage is a place in a pipeline for a middleware of the user's.
type Stage uint8

// The stages, outermost first.
const (
	// PerCall runs once for each logical call, however many attempts it takes.
	PerCall Stage = iota
	// PerAttempt runs for each attempt, retries and replays included. It does not see the token.
	PerAttempt
	// OnWire runs right above the base transport. It sees the Authorization header.
	OnWire
)

// String returns the stage's name in Go.
func (s Stage) String() string {
	switch s {
	case PerCall:
		return "PerCall"
	case PerAttempt:
		return "PerAttempt"
	case OnWire:
		return "OnWire"
	}
	return "Stage(?)"
}

// Stack builds a pipeline of named middlewares. The zero Stack is empty and ready to use. A Stack
// is not safe for concurrent use; the RoundTripper that Then returns is.
type Stack struct {
	names       []string
	middlewares []Middleware
}

// Append adds a middleware below those that the stack has. A nil middleware is left out.
func (s *Stack) Append(name string, mw Middleware) {
	if mw == nil {
		return
	}
	s.names = append(s.names, name)
	s.middlewares = append(s.middlewares, mw)
}

// Names returns the names of the middlewares, outermost first.
func (s *Stack) Names() []string { return slices.Clone(s.names) }

// Then returns base wrapped in the middlewares.
func (s *Stack) Then(base http.RoundTripper) http.RoundTripper { return Chain(base, s.middlewares...) }

package transport

import (
	"net/http"
	"slices"
)

// Stage is a place in a pipeline where a user's own middleware goes.
type Stage uint8

// The stages, outermost first.
const (
	// PerCall is run once for each logical call, however often it is sent.
	PerCall Stage = iota
	// PerAttempt is run each time the call is sent, retries and replays included. It never sees the token.
	PerAttempt
	// OnWire is run right before the wire and sees what goes out, the Authorization header included: it is privileged.
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

// Stack is a pipeline under construction whose steps have names, so that it can be printed and tested.
// The zero Stack is empty and ready to use. It is not safe for concurrent use; what Then returns is.
type Stack struct {
	names []string
	steps []Middleware
}

// Append adds a step below the ones already there. A nil middleware is left out, name and all.
func (s *Stack) Append(name string, mw Middleware) {
	if mw == nil {
		return
	}
	s.names = append(s.names, name)
	s.steps = append(s.steps, mw)
}

// Names returns the steps' names, outermost first.
func (s *Stack) Names() []string { return slices.Clone(s.names) }

// Then puts the steps around base and returns the pipeline.
func (s *Stack) Then(base http.RoundTripper) http.RoundTripper { return Chain(base, s.steps...) }

// Package spanfile has the form in which the program observed writes spans for the program picture.
package spanfile

import "time"

// Span is a span. Times are since the start of the first one.
type Span struct {
	Name, Kind string
	Start, End time.Duration
	Attributes map[string]string
	Events     []Event
}

// Event is an event of a span.
type Event struct {
	Name       string
	At         time.Duration
	Attributes map[string]string
}

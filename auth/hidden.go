package auth

import (
	"fmt"
	"io"
	"log/slog"
)

// hidden is embedded in what holds secrets: it prints as a text that has none, whatever the verb, also in structured logs.
type hidden string

func (h hidden) String() string             { return string(h) }
func (h hidden) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, string(h)) }
func (h hidden) LogValue() slog.Value       { return slog.StringValue(string(h)) }

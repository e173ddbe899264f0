package middleware

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// The columns of a timeline: a label, a time and a bar, 80 together.
const (
	timelineLabel = 38
	timelineTime  = 8
	timelineBar   = 80 - timelineLabel - timelineTime - 2
	// timelineLines is the most lines of a timeline between its first line and "and n more".
	timelineLines = 40
)

// timeline records the events of one call, for transport.Captured.
type timeline struct {
	mu     sync.Mutex
	call   Event
	events []Event
	more   int  // events that were not recorded
	ended  bool // call is the end of the call
}

func newTimeline() *timeline { return &timeline{} }

// begin records the beginning of the call.
func (t *timeline) begin(e Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Kind == CallEvent {
		t.call = e
	}
}

// note records an event.
func (t *timeline) note(e Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case e.Kind == CallEvent:
		t.call, t.ended = e, true
	case e.Kind == WaitingEvent: // the wait is a line of its own
	case e.Kind == RetryingEvent:
		t.explain(e)
	case len(t.events) == timelineLines:
		t.more++
	default:
		t.events = append(t.events, e)
	}
}

// explain adds the reason for a retry to its attempt, if the attempt's own result does not say it.
func (t *timeline) explain(retry Event) {
	for i := range t.events {
		if e := &t.events[i]; e.Kind == AttemptEvent && e.Attempt == retry.Attempt && e.ErrorType == "" {
			e.Reason = cmp.Or(resultOf(Event{ErrorType: retry.ErrorType}), retry.Reason)
		}
	}
}

// String returns the timeline in lines of at most 80 columns: the call, and below it each wait,
// attempt and event, with the time that it took and a bar for when that was.
func (t *timeline) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.call.Time.IsZero() {
		return ""
	}
	start, total := t.call.Time, time.Duration(0)
	if t.ended {
		start, total = t.call.Time.Add(-t.call.Took), t.call.Took
	} else if n := len(t.events); n > 0 {
		total = t.events[n-1].Time.Sub(start)
	}
	var b strings.Builder
	b.WriteString(clipped(titleOf(t.call, t.ended), 80) + "\n")
	for _, e := range t.events {
		from, to := e.Time.Add(-e.Took).Sub(start), e.Time.Sub(start)
		label, took, bar := "  "+clipped(labelOf(e), timelineLabel-2), "", barOf(from, to, total, barRune(e))
		if e.Took > 0 || e.Kind == AttemptEvent {
			took = rounded(e.Took).String()
		}
		line := fmt.Sprintf("%-*s %*s %s", timelineLabel, label, timelineTime, took, bar)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if t.more > 0 {
		_, _ = fmt.Fprintf(&b, "  and %d more\n", t.more)
	}
	return b.String()
}

// titleOf returns the first line: operation, route, result and time.
func titleOf(call Event, ended bool) string {
	name := strings.TrimSpace(call.Method + " " + call.Route)
	if call.Route == "" {
		name = call.Method + " " + call.Host()
	}
	if !ended {
		return name + ": not ended"
	}
	text := fmt.Sprintf("%s: %s in %v", name, resultOf(call), rounded(call.Took))
	switch {
	case call.Attempt > 1:
		text += fmt.Sprintf(", %d attempts", call.Attempt)
	case call.Attempt == 0:
		text += ", not sent"
	}
	if call.Waited > 0 {
		text += ", waited " + rounded(call.Waited).String()
	}
	return text
}

// resultOf returns the status code, or the type of the error if there is no response or it is a
// success that failed later.
func resultOf(e Event) string {
	switch {
	case e.Status != 0 && (e.ErrorType == "" || e.Status >= 400):
		return fmt.Sprint(e.Status)
	case e.Status != 0:
		return fmt.Sprintf("%d, %s", e.Status, strings.ReplaceAll(e.ErrorType, "_", " "))
	}
	return strings.ReplaceAll(e.ErrorType, "_", " ")
}

// labelOf returns the name of an event's line.
func labelOf(e Event) string {
	switch e.Kind {
	case AttemptEvent:
		text := fmt.Sprintf("attempt %d: %s", e.Attempt, resultOf(e))
		if e.isNew {
			text += ", new connection"
		}
		if e.Reason != "" {
			text += ", " + e.Reason
		}
		return text
	case WaitEvent:
		return map[WaitKind]string{WaitLimiter: "queue of the limiter", WaitBackoff: "backoff", WaitToken: "token"}[e.Wait]
	case CacheEvent:
		return "cache: " + e.Reason
	case DecodeEvent:
		if e.Err != nil {
			return "decode: failed"
		}
	case RefreshEvent:
		return "new token"
	case TokenRefusedEvent:
		return "401 for a valid token"
	case RetryDeniedEvent:
		return "retry denied: budget spent"
	case LimitedEvent:
		return "not sent: " + resultOf(e)
	}
	return e.Kind.String()
}

// barRune returns the rune that a bar is drawn with: one for work, one for waits, one for moments.
func barRune(e Event) rune {
	switch e.Kind {
	case WaitEvent:
		return '·'
	case AttemptEvent, DecodeEvent:
		return '━'
	}
	return '◆'
}

// barOf returns the bar of what happened between from and to of a call that took total. It is at
// least one column wide.
func barOf(from, to, total time.Duration, r rune) string {
	if total <= 0 {
		return string(r)
	}
	column := func(at time.Duration) int {
		return int(float64(timelineBar) * float64(min(max(at, 0), total)) / float64(total))
	}
	first := min(column(from), timelineBar-1)
	return strings.Repeat(" ", first) + strings.Repeat(string(r), max(column(to)-first, 1))
}

// rounded returns a duration with about three digits, such as 412ms or 1.24s.
func rounded(d time.Duration) time.Duration {
	for _, scale := range []time.Duration{100 * time.Second, 10 * time.Second, time.Second, 100 * time.Millisecond,
		10 * time.Millisecond, time.Millisecond} {
		if d >= scale {
			return d.Round(scale / 100)
		}
	}
	return d.Round(time.Microsecond)
}

// clipped returns text in at most n columns.
func clipped(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}

package middleware

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Observer observes calls: each call, each of its attempts, and everything that happens between
// them. It must be safe for concurrent use and quick: the request waits until its methods return.
//
// The events of one call, in order, when the first attempt is rejected with a 503:
//
//	Begin CallEvent
//	Note  WaitEvent      Wait WaitLimiter, if there was a wait
//	Begin AttemptEvent   Attempt 1
//	Note  AttemptEvent   Attempt 1, Status 503
//	Note  RetryingEvent  Attempt 1, Delay 412ms
//	Note  WaitingEvent   Wait WaitBackoff, Delay 412ms
//	Note  WaitEvent      Wait WaitBackoff, Took 412ms
//	Begin AttemptEvent   Attempt 2
//	Note  AttemptEvent   Attempt 2, Status 200
//	Note  DecodeEvent    only for calls of the services
//	Note  CallEvent      Attempt 2, Status 200, Waited 412ms
//
// An Observer that also has a method HeadersOnly() bool that returns true gets the end of a call
// and of an attempt when the response's headers have arrived, in place of when its body has ended.
// Then there is no DecodeEvent, an attempt has neither Received nor Reused, the end of a call has
// neither Waited nor Reason, and events other than CallEvent and AttemptEvent have neither Method
// nor URL. Such an Observer costs no allocation.
type Observer interface {
	// Begin is called when a call or an attempt begins, with a CallEvent or an AttemptEvent. It
	// returns ctx, or a child of ctx, for the middlewares below and for the base transport. A
	// tracer starts a span in Begin, and returns the context with the span: the context of an
	// attempt is a child of its call's, so that the spans are too.
	Begin(ctx context.Context, e Event) context.Context
	// Note is called for every event but the beginning of a call or an attempt. For the end of one,
	// ctx is the context that Begin returned. For other events it is a child of the context that
	// Begin returned for the call. ctx may have ended.
	Note(ctx context.Context, e Event)
}

// EventKind is the kind of an Event.
type EventKind uint8

const (
	// CallEvent is the beginning or the end of a call: one request as the caller sees it, with its
	// retries and waits. A call of a service ends when the response is decoded, any other when the
	// body of its response has been read to the end or closed, or with its error.
	CallEvent EventKind = iota
	// AttemptEvent is the beginning or the end of an attempt: one request on the wire. It ends when
	// the response's body has been read to the end or closed, or with its error.
	AttemptEvent
	// WaitingEvent is the beginning of a wait whose length is known in advance: Delay, for Wait. A
	// limiter of one's own is not asked how long a wait takes, so its waits have no WaitingEvent.
	WaitingEvent
	// WaitEvent is the end of a wait of 1 ms or longer: Took, for Wait. Err is the error if the
	// call has failed during the wait.
	WaitEvent
	// RetryingEvent comes before a retry. Attempt, Status and Err are those of the failed attempt,
	// Reason is why it is retried, and Delay is the backoff: 0 if the limiter waits in place of
	// Retry.
	RetryingEvent
	// RetryDeniedEvent comes in place of RetryingEvent if RetryConfig.Budget is spent, so that the
	// call is not retried.
	RetryDeniedEvent
	// RefreshEvent comes when Auth uses a new token of its source, except for the first one.
	RefreshEvent
	// TokenRefusedEvent is an unexpected 401: it does not say that the token has expired or is
	// invalid.
	TokenRefusedEvent
	// CacheEvent comes when Cache serves a call. Reason is "hit", without a request, or
	// "revalidated", after a 304.
	CacheEvent
	// CoalescedEvent comes when a call waits for the response of another call's request. Attempts
	// of that request belong to the call that made it, and go on if that one is canceled.
	CoalescedEvent
	// LimitedEvent comes when the limiter refuses an attempt, which is not sent: its Bucket is
	// closed, or it would have to wait for too long. Err is the error, Delay its LimitError.Wait.
	LimitedEvent
	// DecodeEvent is the end of decoding a response: Took. Err is the error if that failed.
	DecodeEvent
)

var kindNames = [...]string{
	"call", "attempt", "waiting", "wait", "retrying", "retry denied", "refresh", "token refused", "cache", "coalesced",
	"limited", "decode",
}

// String returns the kind's name in lower case, such as "retry denied".
func (k EventKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "EventKind(" + strconv.Itoa(int(k)) + ")"
}

// WaitKind is the reason for a wait.
type WaitKind string

const (
	// WaitLimiter is the wait for a permit of the limiter.
	WaitLimiter WaitKind = "limiter"
	// WaitBackoff is the wait before a retry, or before a replay after an unexpected 401.
	WaitBackoff WaitKind = "backoff"
	// WaitToken is the wait for a token of the token source.
	WaitToken WaitKind = "token"
)

// Event is something that happened to a call. No field holds a secret.
type Event struct {
	// Kind is the event's kind, which decides the fields that are set.
	Kind EventKind
	// CallID is the number of the call, the same in all of its events and in no other call's of
	// this process.
	CallID uint64
	// Operation and Route are those of transport.Call: the name of the operation ("get-an-album")
	// and the path with its placeholders ("/albums/{id}"). They are "" if the request is not known.
	Operation, Route string
	// Method is the request's method.
	Method string
	// Bucket is the limit that the call counts against, "" for the general one.
	Bucket string
	// Priority is the call's priority in the limiter's queue.
	Priority transport.Priority
	// Attempt is the number of the attempt, 1 for the first. At the end of a call it is the number
	// of all attempts, replays after a 401 included, and 0 if none was sent. In other events it is
	// the number of the last attempt so far.
	Attempt int
	// Time is the time of the event: that of a beginning, or of an end.
	Time time.Time
	// Took is the time from the beginning to the end of a call, an attempt, a wait or decoding.
	Took time.Duration
	// Headers is the time from the beginning of an attempt until the response's headers arrived, 0
	// if there is no response.
	Headers time.Duration
	// Waited is the sum of a call's waits, at its end.
	Waited time.Duration
	// Delay is the length of a wait that begins, see WaitingEvent, RetryingEvent and LimitedEvent.
	Delay time.Duration
	// Wait is the reason for a wait.
	Wait WaitKind
	// Status is the response's status code: 0 at the beginning, and if there is no response. At the
	// end of a call it is the status code of the error object for a 2xx response that has one.
	Status int
	// Err is the error of an attempt or a call without a response, or of one whose body was cut
	// short. At the end of a service's call it is the call's error, also for a response with a
	// status code of 400 or more, or one that cannot be decoded.
	Err error
	// ErrorType is "" for a success and at a beginning. For a response of 400 or more, and for a
	// redirect that a service does not follow, it is the status code in decimal. Else it is one of
	// "quota_exceeded", "rate_limited", "closed", "timeout", "deadline_exceeded", "canceled",
	// "no_token", "connect_failed", "transport_failed", "incomplete_body" and "decode_failed".
	ErrorType string
	// Reason is a few words about a retry, or about how Cache served the call. At the end of a call
	// it is "hit", "revalidated", "coalesced" or "retry denied" if there was such an event (the
	// last one counts), and else "".
	Reason string
	// Sent and Received are the sizes of the bodies of an attempt, in bytes: as far as the
	// request's length is known, and as far as the response was read. At the end of a call they are
	// the sums.
	Sent, Received int64
	// Reused reports that an attempt was sent over a connection that had been used before.
	Reused bool
	// Protocol is the response's protocol, such as "HTTP/2.0", of an attempt.
	Protocol string

	url   *url.URL
	isNew bool // the connection, as far as the base transport reports it
}

// URL returns the request's URL without user information, fragment and the values of its query,
// except for the parameters whose names show reports. The names of secrets, such as access_token,
// never count as shown. A nil show shows none.
func (e Event) URL(show func(name string) bool) string { return redact.URL(e.url, show) }

// Host returns the host, and the port if there is one, that the request is sent to.
func (e Event) Host() string {
	if e.url == nil {
		return ""
	}
	return e.url.Host
}

// Path returns the path of the request's URL, escaped, with mark in place of each id: of each part
// that a placeholder of Route stands for. If Route is empty, every part could be an id.
func (e Event) Path(mark string) string {
	path, _ := e.splitPath(mark)
	return path
}

// WithoutIDs returns a text, such as that of Err, with mark in place of the ids of the request's
// path, see Path.
func (e Event) WithoutIDs(text, mark string) string {
	_, ids := e.splitPath(mark)
	for _, id := range ids {
		text = replaceWord(text, id, mark)
		if plain, err := url.PathUnescape(id); err == nil && plain != id {
			text = replaceWord(text, plain, mark)
		}
	}
	return text
}

// splitPath returns the path with mark in place of its ids, and the ids. The route is the end of
// the path.
func (e Event) splitPath(mark string) (path string, ids []string) {
	if e.url == nil {
		return "", nil
	}
	parts, pattern := strings.Split(e.url.EscapedPath(), "/"), strings.Split(strings.TrimPrefix(e.Route, "/"), "/")
	if e.Route == "" || len(parts) < len(pattern) {
		pattern = make([]string, len(parts)) // nothing of the path is known
	}
	base := len(parts) - len(pattern)
	for i, part := range parts[base:] {
		if part != "" && part != pattern[i] {
			ids = append(ids, part)
			parts[base+i] = mark
		}
	}
	return strings.Join(parts, "/"), ids
}

// replaceWord returns a text with replacement for each occurrence of word that is no part of a
// longer word.
func replaceWord(text, word, replacement string) string {
	var b strings.Builder
	for rest := text; ; {
		before, after, found := strings.Cut(rest, word)
		if !found {
			b.WriteString(rest)
			return b.String()
		}
		previous, _ := utf8.DecodeLastRuneInString(before)
		if before == "" {
			previous, _ = utf8.DecodeLastRuneInString(b.String())
		}
		next, _ := utf8.DecodeRuneInString(after)
		b.WriteString(before)
		if inWord(previous) || inWord(next) {
			b.WriteString(word)
		} else {
			b.WriteString(replacement)
		}
		rest = after
	}
}

// inWord reports whether a rune may be a part of an id. It is not for the invalid rune, which
// stands for no rune.
func inWord(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// Observers returns an Observer that passes every event to each of observers: beginnings in the
// order given, and ends in reverse, so that the context of the first is the parent of the context
// of the second. Nil observers are left out. It returns nil if there are no others.
func Observers(observers ...Observer) Observer {
	var all combined
	for _, o := range observers {
		if o != nil {
			all = append(all, o)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return all
}

type combined []Observer

func (c combined) Begin(ctx context.Context, e Event) context.Context {
	for _, o := range c {
		ctx = o.Begin(ctx, e)
	}
	return ctx
}

func (c combined) Note(ctx context.Context, e Event) {
	for i := len(c) - 1; i >= 0; i-- {
		c[i].Note(ctx, e)
	}
}

// HeadersOnly reports whether all of the observers are content with the headers.
func (c combined) HeadersOnly() bool {
	for _, o := range c {
		if !isHeadersOnly(o) {
			return false
		}
	}
	return true
}

func isHeadersOnly(o Observer) bool {
	h, ok := o.(interface{ HeadersOnly() bool })
	return ok && h.HeadersOnly()
}

// errorType returns Event.ErrorType. closing is the context of transport.Report.Closing.
func errorType(status int, err error, closing context.Context) string {
	switch {
	case status >= 400 || status >= 300 && err != nil:
		return strconv.Itoa(status)
	case err == nil:
		return ""
	case errors.Is(err, ErrExhausted):
		return "quota_exceeded"
	case errors.Is(err, ErrLimited):
		return "rate_limited"
	case closing != nil && closing.Err() != nil && errors.Is(err, context.Cause(closing)):
		return "closed"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case isA[*TimeoutError](err):
		return "timeout"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline_exceeded"
	case isA[*tokenError](err):
		return "no_token"
	case isA[*transport.BodyError](err):
		return "incomplete_body"
	case transport.NotSent(err):
		return "connect_failed"
	case transport.IsTimeout(err):
		return "timeout"
	case status != 0:
		return "incomplete_body"
	}
	return "transport_failed"
}

func isA[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

package middleware

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

const (
	// slowWait is the sum of waits above which a call is logged at FailureLevel.
	slowWait = time.Second
	// longWait is the length of a wait from which it is logged when it begins.
	longWait = 5 * time.Second
)

// LogConfig configures Log. The zero value logs each call at slog.LevelInfo or above and its
// attempts at slog.LevelDebug, and shows neither ids nor search texts.
type LogConfig struct {
	// Level is the level of a call that succeeds, that the caller cancels, or whose 404 is expected
	// (transport.Call.Optional), and of a new token: slog.LevelInfo if nil.
	Level slog.Leveler
	// AttemptLevel is the level of attempts, retries and unexpected 401s: slog.LevelDebug if nil.
	AttemptLevel slog.Leveler
	// FailureLevel is the level of a call that ends with a status code of 400 or more, at its
	// deadline or without having been sent, of one that has waited for more than 1 s in all, and of
	// a wait of 5 s or more, which is logged when it begins: slog.LevelWarn if nil.
	FailureLevel slog.Leveler
	// ErrorLevel is the level of a call that fails in any other way: no connection, no token, a
	// response that cannot be decoded. slog.LevelError if nil.
	ErrorLevel slog.Leveler
	// ShowURL turns on the request's URL, and the ids in its path and in errors. Without it the
	// record has the route, such as "/albums/{id}".
	ShowURL bool
	// ShowQuery names the query parameters whose values are logged, such as "q", besides
	// additional_types, fields, include_groups, limit, locale, market, offset, time_range and type.
	// All others are redacted, and so are the parameters that carry secrets in OAuth (code, state,
	// access_token, client_secret and the like) even if they are named here.
	ShowQuery []string
	// OpenTelemetry turns on the attribute names of OpenTelemetry's semantic conventions for HTTP,
	// such as "http.response.status_code" in place of "status".
	OpenTelemetry bool
}

// Log returns an Observer that writes one record for each call, with the message "http call", when
// it has ended. For a pipeline of your own use it with Observe:
//
//	observe := middleware.Observe(middleware.Log(logger, middleware.LogConfig{}))
//
// A record has the attributes
//   - call: the call's number, the same in all of its records
//   - operation, method and route, or host if the route is unknown; see ShowURL for url
//   - query: the query, with most values redacted, see ShowQuery
//   - status: the status code
//   - attempts: the number of attempts, if it is not 1
//   - waited: the sum of the waits, if there were any
//   - took: the time from the call to the end of the response
//   - received: the size of the response's body in bytes
//   - cache ("hit" or "revalidated"), coalesced (true) and retry ("denied" if the budget for
//     retries was spent)
//   - error, and error_type as in Event
//
// Other messages are "http attempt", "http retry", "http wait", "http new token" and "http
// unexpected 401". No record has a header, a body or a secret. A nil logger returns a nil Observer,
// which Observe and Observers take for none.
func Log(logger *slog.Logger, cfg LogConfig) Observer {
	if logger == nil {
		return nil
	}
	l := &eventLog{
		logger:  logger,
		success: cmp.Or[slog.Leveler](cfg.Level, slog.LevelInfo),
		attempt: cmp.Or[slog.Leveler](cfg.AttemptLevel, slog.LevelDebug),
		failure: cmp.Or[slog.Leveler](cfg.FailureLevel, slog.LevelWarn),
		err:     cmp.Or[slog.Leveler](cfg.ErrorLevel, slog.LevelError),
		showURL: cfg.ShowURL,
		shown:   slices.Concat(harmless, cfg.ShowQuery),
		names:   cfg.OpenTelemetry,
	}
	return l
}

// harmless are the query parameters whose values say nothing about a user.
var harmless = []string{
	"additional_types", "fields", "include_groups", "limit", "locale", "market", "offset", "time_range", "type",
}

type eventLog struct {
	logger                         *slog.Logger
	success, attempt, failure, err slog.Leveler
	showURL                        bool
	shown                          []string
	names                          bool // those of OpenTelemetry
}

func (l *eventLog) Begin(ctx context.Context, _ Event) context.Context { return ctx }

func (l *eventLog) Note(ctx context.Context, e Event) {
	switch e.Kind {
	case CallEvent:
		l.write(ctx, l.levelOf(ctx, e), "http call", e)
	case AttemptEvent:
		l.write(ctx, l.attempt.Level(), "http attempt", e)
	case RetryingEvent:
		l.write(ctx, l.attempt.Level(), "http retry", e)
	case WaitingEvent:
		if e.Delay >= longWait {
			l.write(ctx, l.failure.Level(), "http wait", e)
		}
	case RefreshEvent:
		l.write(ctx, l.success.Level(), "http new token", e)
	case TokenRefusedEvent:
		l.write(ctx, l.attempt.Level(), "http unexpected 401", e)
	}
}

// levelOf returns the level of a call that has ended.
func (l *eventLog) levelOf(ctx context.Context, e Event) slog.Level {
	switch e.ErrorType {
	case "canceled":
		return l.success.Level()
	case "":
	case "404":
		if transport.CallFrom(ctx).Optional {
			break
		}
		return l.failure.Level()
	case "quota_exceeded", "rate_limited", "closed", "deadline_exceeded":
		return l.failure.Level()
	default:
		if e.Status >= 300 {
			return l.failure.Level()
		}
		return l.err.Level()
	}
	if e.Waited > slowWait {
		return l.failure.Level()
	}
	return l.success.Level()
}

func (l *eventLog) write(ctx context.Context, level slog.Level, message string, e Event) {
	if !l.logger.Enabled(ctx, level) {
		return
	}
	var room [20]slog.Attr
	attrs := append(room[:0], slog.Uint64("call", e.CallID))
	text := func(name, otel, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(l.name(name, otel), value))
		}
	}
	number := func(name, otel string, value int64, isSet bool) {
		if isSet {
			attrs = append(attrs, slog.Int64(l.name(name, otel), value))
		}
	}
	duration := func(name string, value time.Duration) {
		if value > 0 {
			attrs = append(attrs, slog.Duration(name, rounded(value)))
		}
	}
	text("operation", "", e.Operation)
	text("method", "http.request.method", e.Method)
	l.address(text, e)
	switch e.Kind {
	case CallEvent:
		number("status", "http.response.status_code", int64(e.Status), e.Status != 0)
		number("attempts", "", int64(e.Attempt), e.Attempt != 1)
		duration("waited", e.Waited)
		attrs = append(attrs, slog.Duration("took", rounded(e.Took)))
		number("received", "http.response.body.size", e.Received, e.Received > 0)
		switch e.Reason {
		case "hit", "revalidated":
			text("cache", "", e.Reason)
		case "coalesced":
			attrs = append(attrs, slog.Bool("coalesced", true))
		case "retry denied":
			text("retry", "", "denied")
		}
	case AttemptEvent:
		l.number(number, e)
		number("status", "http.response.status_code", int64(e.Status), e.Status != 0)
		text("protocol", "network.protocol.version", l.protocol(e.Protocol))
		duration("headers", e.Headers)
		attrs = append(attrs, slog.Duration("took", rounded(e.Took)))
		number("sent", "http.request.body.size", e.Sent, e.Sent > 0)
		number("received", "http.response.body.size", e.Received, e.Received > 0)
		if e.Reused {
			attrs = append(attrs, slog.Bool("reused", true))
		}
	case RetryingEvent:
		l.number(number, e)
		number("status", "http.response.status_code", int64(e.Status), e.Status != 0)
		text("reason", "", e.Reason)
		duration("delay", e.Delay)
	case WaitingEvent:
		text("for", "", string(e.Wait))
		duration("delay", e.Delay)
	}
	if e.Err != nil {
		message := e.Err.Error()
		if !l.showURL {
			message = e.WithoutIDs(message, redact.Mark)
		}
		text("error", "error.message", message)
	}
	if e.Status < 400 || l.names {
		text("error_type", "error.type", e.ErrorType)
	}
	l.logger.LogAttrs(ctx, level, message, attrs...)
}

// address adds the attributes of the request's address.
func (l *eventLog) address(text func(name, otel, value string), e Event) {
	full := e.URL(l.isShown)
	if l.showURL {
		text("url", "url.full", full)
		if l.names {
			text("", "url.template", e.Route)
		}
		return
	}
	_, query, _ := strings.Cut(full, "?")
	text("route", "url.template", e.Route)
	if e.Route == "" || l.names {
		text("host", "server.address", e.Host())
	}
	text("query", "url.query", strings.ReplaceAll(query, "%2C", ","))
}

func (l *eventLog) isShown(parameter string) bool { return slices.Contains(l.shown, parameter) }

// number adds the number of an attempt: OpenTelemetry counts resends.
func (l *eventLog) number(number func(name, otel string, value int64, isSet bool), e Event) {
	if l.names {
		number("", "http.request.resend_count", int64(e.Attempt-1), e.Attempt > 1)
		return
	}
	number("attempt", "", int64(e.Attempt), e.Attempt != 0)
}

// protocol returns a protocol's name, such as "HTTP/2.0", or for OpenTelemetry its version, "2".
func (l *eventLog) protocol(name string) string {
	if !l.names {
		return name
	}
	major, minor, ok := http.ParseHTTPVersion(name)
	switch {
	case !ok:
		return ""
	case major == 1:
		return "1." + string(rune('0'+minor))
	}
	return string(rune('0' + major))
}

// name returns OpenTelemetry's name of an attribute if there is one and it is wanted.
func (l *eventLog) name(short, otel string) string {
	if l.names && otel != "" {
		return otel
	}
	return short
}

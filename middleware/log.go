package middleware

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// LogConfig configures Log. The zero value writes neither headers nor the values of query
// parameters.
type LogConfig struct {
	// Level is the level of a request that succeeds (a status code below 400, the body read or
	// closed) or that the caller cancels: slog.LevelDebug if nil.
	Level slog.Leveler
	// FailureLevel is the level of a response with a status code of 400 or more, and of a response
	// whose body is cut short: slog.LevelWarn if nil.
	FailureLevel slog.Leveler
	// ErrorLevel is the level of a request without a response: slog.LevelError if nil.
	ErrorLevel slog.Leveler
	// Headers turns on the headers of request and response. The values of Authorization,
	// Proxy-Authorization, Cookie, Set-Cookie and the like are always redacted.
	Headers bool
	// RedactHeaders names further headers whose values are redacted.
	RedactHeaders []string
	// ShowQuery names the query parameters whose values are written; all others are redacted. The
	// parameters that carry secrets in OAuth (code, state, access_token, client_secret and the
	// like) are redacted even if they are named here.
	ShowQuery []string
}

// Log returns the middleware that writes one record for each request, when the response's body has
// been read or closed, or when the request has failed. A record has the attributes method, url,
// operation (if the transport.Call has one), status, proto, wait (time until the headers), took
// (time until the end of the body), sent and received (bytes of the bodies) and error. Secrets in
// URLs, headers and errors are redacted, see LogConfig.
//
// If the logger is enabled for none of the levels, Log does nothing. A nil logger turns the
// middleware off.
func Log(logger *slog.Logger, cfg LogConfig) transport.Middleware {
	if logger == nil {
		return passThrough
	}
	l := &exchangeLog{
		logger:  logger,
		success: cmp.Or[slog.Leveler](cfg.Level, slog.LevelDebug),
		failure: cmp.Or[slog.Leveler](cfg.FailureLevel, slog.LevelWarn),
		err:     cmp.Or[slog.Leveler](cfg.ErrorLevel, slog.LevelError),
		headers: cfg.Headers,
		redact:  newRedactor(cfg.RedactHeaders, cfg.ShowQuery),
	}
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if !l.enabled(req.Context()) {
				return roundTrip(next, req)
			}
			return l.roundTrip(req, next)
		})
	}
}

type exchangeLog struct {
	logger                *slog.Logger
	success, failure, err slog.Leveler
	headers               bool
	redact                *redactor
}

func (l *exchangeLog) enabled(ctx context.Context) bool {
	return l.logger.Enabled(ctx, max(l.success.Level(), l.failure.Level(), l.err.Level()))
}

func (l *exchangeLog) roundTrip(req *http.Request, next http.RoundTripper) (*http.Response, error) {
	start := time.Now()
	resp, err := roundTrip(next, req)
	x := &exchange{log: l, req: req, start: start, wait: time.Since(start)}
	if err != nil {
		x.write(l.levelOf(err, l.err), err)
		return resp, err
	}
	x.status, x.proto = resp.StatusCode, resp.Proto
	if l.headers {
		x.header = resp.Header.Clone() // middlewares above may change theirs before the body ends
	}
	if resp.Body == http.NoBody {
		x.finish(nil)
		return resp, nil
	}
	x.body, resp.Body = resp.Body, x
	return resp, nil
}

// levelOf returns the level of an error: that of a success if the caller has cancelled the request.
func (l *exchangeLog) levelOf(err error, level slog.Leveler) slog.Level {
	if errors.Is(err, context.Canceled) {
		return l.success.Level()
	}
	return level.Level()
}

// exchange is a request and its response. It stands in for the response's body, and writes the
// record when the body ends.
type exchange struct {
	log    *exchangeLog
	req    *http.Request
	start  time.Time
	wait   time.Duration
	status int // 0 if there was no response
	proto  string
	header http.Header
	body   io.ReadCloser
	read   atomic.Int64
	done   atomic.Bool
}

func (x *exchange) Read(p []byte) (int, error) {
	n, err := x.body.Read(p)
	x.read.Add(int64(n))
	if err != nil {
		x.finish(err)
	}
	return n, err
}

func (x *exchange) Close() error {
	err := x.body.Close()
	x.finish(nil)
	return err
}

// finish writes the record of a response, once. A nil err is a body that was closed.
func (x *exchange) finish(err error) {
	if x.done.Swap(true) {
		return
	}
	level := x.log.success.Level()
	if x.status >= 400 {
		level = x.log.failure.Level()
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil {
		level = max(level, x.log.levelOf(err, x.log.failure))
	}
	x.write(level, err)
}

func (x *exchange) write(level slog.Level, err error) {
	ctx := x.req.Context()
	if !x.log.logger.Enabled(ctx, level) {
		return
	}
	redact := x.log.redact
	attrs := make([]slog.Attr, 0, 12)
	method := cmp.Or(x.req.Method, http.MethodGet)
	attrs = append(attrs, slog.String("method", method), slog.String("url", redact.url(x.req.URL)))
	if operation := transport.CallFrom(ctx).Operation; operation != "" {
		attrs = append(attrs, slog.String("operation", operation))
	}
	if x.status != 0 {
		attrs = append(attrs, slog.Int("status", x.status), slog.String("proto", x.proto))
	}
	attrs = append(attrs, slog.Duration("wait", x.wait), slog.Duration("took", time.Since(x.start)))
	if x.req.ContentLength > 0 {
		attrs = append(attrs, slog.Int64("sent", x.req.ContentLength))
	}
	if x.status != 0 {
		attrs = append(attrs, slog.Int64("received", x.read.Load()))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", redact.error(err, x.req)))
	}
	if x.log.headers {
		attrs = append(attrs, redact.headers("request", x.req.Header, x.req))
		if x.status != 0 {
			attrs = append(attrs, redact.headers("response", x.header, x.req))
		}
	}
	x.log.logger.LogAttrs(ctx, level, "http exchange", attrs...)
}

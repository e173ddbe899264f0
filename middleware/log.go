package middleware

// Log writes down what went over the wire, one record for each exchange, without secrets.

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

// LogConfig says what Log writes. The zero value writes no headers and no query values.
type LogConfig struct {
	// Level is that of an exchange that went well: answered below 400 and read, or given up by the caller. slog.LevelDebug if nil.
	Level slog.Leveler
	// FailureLevel is that of an answer of 400 and more, and of a body that broke off: slog.LevelWarn if nil.
	FailureLevel slog.Leveler
	// ErrorLevel is that of an exchange without an answer: slog.LevelError if nil.
	ErrorLevel slog.Leveler
	// Headers writes the headers of request and answer too. The values of Authorization, Proxy-Authorization, Cookie and Set-Cookie never are.
	Headers bool
	// RedactHeaders names further headers whose values are not to be written.
	RedactHeaders []string
	// ShowQuery names the query parameters whose values are written; of all others only the name is. Those that carry secrets in OAuth,
	// such as code, state, access_token and client_secret, are never written.
	ShowQuery []string
}

// Log returns the step that writes one record for each exchange when the answer's body has been read or closed, or there was none:
// method, url, the operation's name where the call has one (transport.Call), status, wait (until the headers came), took (to the end of the body),
// sent and received (bytes of the bodies), error. What is secret in URLs, headers and errors is left out, see LogConfig.
// A logger whose level is above them all costs nothing; a nil logger is no step at all.
func Log(logger *slog.Logger, cfg LogConfig) transport.Middleware {
	if logger == nil {
		return nothing
	}
	l := &exchangeLog{
		logger: logger, fine: leveler(cfg.Level, slog.LevelDebug), failure: leveler(cfg.FailureLevel, slog.LevelWarn),
		err: leveler(cfg.ErrorLevel, slog.LevelError), headers: cfg.Headers, redact: newRedactor(cfg.RedactHeaders, cfg.ShowQuery),
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

func leveler(l slog.Leveler, standard slog.Level) slog.Leveler {
	if l == nil {
		return standard
	}
	return l
}

type exchangeLog struct {
	logger             *slog.Logger
	fine, failure, err slog.Leveler
	headers            bool
	redact             *redactor
}

func (l *exchangeLog) enabled(ctx context.Context) bool {
	return l.logger.Enabled(ctx, max(l.fine.Level(), l.failure.Level(), l.err.Level()))
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
		x.header = resp.Header.Clone() // the steps above may change theirs before the body ends
	}
	if resp.Body == http.NoBody {
		x.end(nil)
		return resp, nil
	}
	x.body, resp.Body = resp.Body, x
	return resp, nil
}

// levelOf makes nothing of an exchange that the caller gave up.
func (l *exchangeLog) levelOf(err error, other slog.Leveler) slog.Level {
	if errors.Is(err, context.Canceled) {
		return l.fine.Level()
	}
	return other.Level()
}

// exchange is a request and its answer, and the answer's body: the record is written when that ends.
type exchange struct {
	log    *exchangeLog
	req    *http.Request
	start  time.Time
	wait   time.Duration
	status int // 0 if there was no answer
	proto  string
	header http.Header
	body   io.ReadCloser
	read   atomic.Int64
	ended  atomic.Bool
}

func (x *exchange) Read(p []byte) (int, error) {
	n, err := x.body.Read(p)
	x.read.Add(int64(n))
	if err != nil {
		x.end(err)
	}
	return n, err
}

func (x *exchange) Close() error {
	err := x.body.Close()
	x.end(nil)
	return err
}

func (x *exchange) end(err error) {
	if x.ended.Swap(true) {
		return
	}
	level := x.log.fine.Level()
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
	attrs = append(attrs, slog.String("method", cmp.Or(x.req.Method, http.MethodGet)), slog.String("url", redact.url(x.req.URL)))
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

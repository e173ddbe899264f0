package middleware

import (
	"context"
	"errors"
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// verdict is the decision on an attempt, and the reason for it (RetryEvent.Reason for a retry).
type verdict struct {
	retry  bool
	reason string
}

var (
	succeeded      = verdict{false, "the request succeeded"}
	finalStatus    = verdict{false, "the status code is not a transient one"}
	contextEnded   = verdict{false, "the caller's context has ended"}
	canceled       = verdict{false, "the attempt was cancelled, but not by the caller"}
	permanent      = verdict{false, "the error is permanent"}
	maybeApplied   = verdict{false, "the request may have been applied, and is not idempotent"}
	bodyConsumed   = verdict{false, "the request's body cannot be read again"}
	forbidden      = verdict{false, "NoRetry or ShouldRetry forbids it"}
	quotaExhausted = verdict{false, "the quota is exhausted"}
	rateLimited    = verdict{true, "rate limited"}
	transientError = verdict{true, "transient status code"}
	notSent        = verdict{true, "the request was not sent"}
	connFailed     = verdict{true, "the connection failed"}
	timedOut       = verdict{true, "the attempt timed out"}
	demanded       = verdict{true, "ShouldRetry asks for it"}
)

// decide returns the verdict on an attempt that ended with resp or err. It knows neither the number
// of attempts nor the budget, see retry.delay.
func (r *retry) decide(req *http.Request, call *transport.Call, resp *http.Response, err error) verdict {
	idempotent := call.IsIdempotent(req.Method)
	var v verdict
	switch {
	case req.Context().Err() != nil:
		return contextEnded
	case err != nil:
		v = decideError(err, idempotent)
	default:
		v = decideResponse(classOf(call.Report, resp), idempotent)
	}
	if r.cfg.ShouldRetry != nil {
		if retry, decided := r.cfg.ShouldRetry(resp, err); decided {
			v = override(v, retry, err, idempotent)
		}
	}
	switch {
	case !v.retry:
		return v
	case call.NoRetry:
		return forbidden
	case !transport.Replayable(req):
		return bodyConsumed
	}
	return v
}

// override applies the decision of ShouldRetry, which overrides neither a permanent error nor a
// request that is not idempotent and may have been applied.
func override(v verdict, retry bool, err error, idempotent bool) verdict {
	switch {
	case !retry:
		return forbidden
	case v.retry || transport.IsPermanent(err):
		return v
	case !idempotent:
		return maybeApplied
	}
	return demanded
}

func decideResponse(class transport.Class, idempotent bool) verdict {
	switch {
	case class.Status < 400:
		return succeeded
	case class.Exhausted:
		return quotaExhausted
	case class.Status == http.StatusTooManyRequests:
		return rateLimited // a 429 was not applied, so its method does not matter
	case !transport.IsTransientStatus(class.Status): // the list of status codes that are retried
		return finalStatus
	case !idempotent:
		return maybeApplied
	}
	return transientError
}

func decideError(err error, idempotent bool) verdict {
	switch {
	case errors.Is(err, ErrLimited) || !transport.IsTransient(err):
		return permanent
	case transport.NotSent(err):
		return notSent
	case errors.Is(err, context.Canceled):
		return canceled
	case !idempotent:
		return maybeApplied
	case transport.IsTimeout(err):
		return timedOut
	}
	return connFailed
}

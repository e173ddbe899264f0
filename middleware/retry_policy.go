package middleware

import (
	"context"
	"errors"
	"net/http"

	"github.com/seed-2147f1a9/spotify/transport"
)

// verdict says whether to send a request again after one attempt, and why.
type verdict struct {
	again bool
	why   string
}

var (
	succeeded    = verdict{false, "the server responded"}
	refused      = verdict{false, "the response would be the same"}
	callerDone   = verdict{false, "the caller's context has ended"}
	cancelled    = verdict{false, "cancelled from within"}
	hopeless     = verdict{false, "a retry cannot mend it"}
	maybeApplied = verdict{false, "it may have been applied, and is not idempotent"}
	bodyGone     = verdict{false, "the body can be read only once"}
	toldNotTo    = verdict{false, "the call or the configuration says not to"}
	exhausted    = verdict{false, "the quota is exhausted"}
	rejected     = verdict{true, "rejected by the rate limit"}
	serverFailed = verdict{true, "the server failed"}
	unsent       = verdict{true, "it never arrived"}
	broken       = verdict{true, "the connection failed"}
	tooSlow      = verdict{true, "the attempt timed out"}
	told         = verdict{true, "the configuration says so"}
)

// judge decides about an attempt that ended in resp or err. It does not count attempts and knows no budget.
func (r *retry) judge(req *http.Request, call *transport.Call, resp *http.Response, err error) verdict {
	idempotent := call.IsIdempotent(req.Method)
	var v verdict
	switch {
	case req.Context().Err() != nil:
		return callerDone
	case err != nil:
		v = judgeError(err, idempotent)
	default:
		v = judgeResponse(classOf(call.Report, resp), idempotent)
	}
	if r.cfg.ShouldRetry != nil {
		if retry, decided := r.cfg.ShouldRetry(resp, err); decided {
			v = overrule(v, retry, err, idempotent)
		}
	}
	switch {
	case !v.again:
		return v
	case call.NoRetry:
		return toldNotTo
	case !transport.Replayable(req):
		return bodyGone
	}
	return v
}

// overrule applies the decision of ShouldRetry, within the bounds that it has.
func overrule(v verdict, retry bool, err error, idempotent bool) verdict {
	switch {
	case !retry:
		return toldNotTo
	case v.again || transport.IsPermanent(err):
		return v
	case !idempotent:
		return maybeApplied
	}
	return told
}

func judgeResponse(class transport.Class, idempotent bool) verdict {
	switch {
	case class.Status < 400:
		return succeeded
	case class.Exhausted:
		return exhausted
	case class.Status == http.StatusTooManyRequests:
		return rejected // before it was applied, so whatever its method
	case !transport.IsTransientStatus(class.Status):
		return refused
	case !idempotent:
		return maybeApplied
	}
	return serverFailed
}

func judgeError(err error, idempotent bool) verdict {
	switch {
	case errors.Is(err, ErrLimited) || !transport.IsTransient(err):
		return hopeless
	case transport.NotSent(err):
		return unsent
	case errors.Is(err, context.Canceled):
		return cancelled
	case !idempotent:
		return maybeApplied
	case transport.IsTimeout(err):
		return tooSlow
	}
	return broken
}

package middleware

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/auth/token"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Refresh returns the middleware that replays a request whose token the API has refused with a 401.
// It needs an Auth with the same source below it.
//
// After a 401 that names the token as invalid (WWW-Authenticate with error="invalid_token", RFC
// 6750 section 3.1), Refresh refreshes the token once and replays the request once with the new
// token.
//
// Any other 401 is unexpected: Spotify sometimes refuses good tokens for a while. Refresh then
// replays the request with the same token if the token is younger than 30 seconds or the source has
// no other: up to three times, after about 0.5, 1 and 2 seconds. It replays more than once only if
// the request is idempotent, and not at all with transport.Call.NoRetry or if Retry is turned off.
// If the token is older, or the replays are refused too, Refresh refreshes the token.
//
// Refresh invalidates the source's token at most once in 30 seconds, or twice if the API names the
// token as invalid, and only if the source is an auth.Invalidator. Concurrent calls with the same
// token count as one. If the source has a newer token already, that one is used at once. After four
// 401s in a row for one token, Refresh returns 401s without a replay until a call succeeds, except
// for one call in 30 seconds.
//
// Refresh returns the 401 as it is if the request carried a token of the caller's, or none, or if
// its body cannot be read again. If the source cannot return a new token, Refresh returns the
// source's error, such as auth.ErrReauthorize. A nil src turns the middleware off.
func Refresh(src token.TokenSource) transport.Middleware {
	if src == nil {
		return passThrough
	}
	return func(next http.RoundTripper) http.RoundTripper { return &refresh{src: src, next: next} }
}

const (
	// youngToken is the age below which a refused token is replayed rather than refreshed. It is
	// also the shortest time between two refreshes, and between two calls that are replayed with a
	// token that has been refused maxRefused times.
	youngToken = 30 * time.Second
	// maxReplays is the most replays of a request with the same token.
	maxReplays = 3
	// maxRefused is the number of 401s in a row after which requests with a token are not replayed
	// any more, except for one call in youngToken.
	maxRefused = 4
)

type refresh struct {
	src   token.TokenSource
	next  http.RoundTripper
	limit refreshes
	mu    sync.Mutex
	state tokenState
}

// tokenState is the state of the token that was sent last.
type tokenState struct {
	token    string
	since    time.Time // when it was first used
	refused  int       // 401s in a row
	replayed time.Time // when a call last replayed it although refused was maxRefused or more
}

// refreshes limits how often the source's token is invalidated.
type refreshes struct {
	mu    sync.Mutex
	count int
	times [2]time.Time // of the last two, newest first
}

// soFar returns the number of refreshes so far.
func (f *refreshes) soFar() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

// allow reports whether the source's token may be invalidated now, and records that it is: once in
// 30 seconds, or twice if the API names the token as invalid, as it does if a login is revoked
// right after a refresh. before is the number of refreshes before the source returned the token: if
// another call has refreshed the token since, this one takes part in that refresh.
func (f *refreshes) allow(now time.Time, invalid bool, before int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count != before {
		return true
	}
	oldest := f.times[0]
	if invalid {
		oldest = f.times[1]
	}
	if !oldest.IsZero() && elapsed(oldest, now) < youngToken {
		return false
	}
	f.times[0], f.times[1] = now, f.times[0]
	f.count++
	return true
}

func (r *refresh) RoundTrip(given *http.Request) (*http.Response, error) {
	req, call := transport.WithReport(given)
	sent := &sentToken{Context: req.Context()}
	req = req.WithContext(sent)
	replay := replay{refresh: r, req: req, call: call}
	for attempt := req; ; {
		resp, err := roundTrip(r.next, attempt)
		if err != nil {
			return nil, err
		}
		setRequest(resp, given)
		stale := sent.token.Load()
		if stale == nil {
			return resp, nil
		}
		if resp.StatusCode != http.StatusUnauthorized {
			r.succeeded(stale)
			return resp, nil
		}
		next, delay, err := replay.after(resp, stale)
		if err == nil && next == nil {
			return resp, nil
		}
		transport.Drain(resp)
		if err == nil && delay > 0 {
			err = backOff(req.Context(), delay)
		}
		if err != nil {
			if next != nil {
				transport.CloseRequest(next)
			}
			return nil, err
		}
		attempt = next
	}
}

// succeeded records that the API has accepted a token.
func (r *refresh) succeeded(token *oauth2.Token) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stateOf(token, time.Now()).refused = 0
}

// refused records a 401 for a token. It reports whether the token is young, and whether the request
// may be replayed with it.
func (r *refresh) refused(token *oauth2.Token, now time.Time) (young, replayable bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stateOf(token, now)
	replayable = s.refused < maxRefused
	s.refused++
	if !replayable && (s.replayed.IsZero() || elapsed(s.replayed, now) >= youngToken) {
		s.replayed, replayable = now, true
	}
	return elapsed(s.since, now) < youngToken, replayable
}

// stateOf returns the state of a token. It forgets the one of the token before. The caller holds
// r.mu.
func (r *refresh) stateOf(token *oauth2.Token, now time.Time) *tokenState {
	if r.state.token != token.AccessToken {
		r.state = tokenState{token: token.AccessToken, since: now}
	}
	return &r.state
}

// replay decides on the replays of one request.
type replay struct {
	*refresh
	req     *http.Request
	call    *transport.Call
	same    int  // replays with the same token so far
	renewed bool // the request was replayed with another token
}

// after returns the request to send after a 401 and the wait before it, or nil if the 401 is final.
func (p *replay) after(resp *http.Response, stale *oauth2.Token) (next *http.Request, delay time.Duration, err error) {
	invalid := namesInvalidToken(resp.Header)
	if !invalid {
		emit(p.req.Context(), Event{Kind: TokenRefusedEvent, Status: resp.StatusCode})
	}
	young, replayable := p.refused(stale, time.Now())
	if !transport.Replayable(p.req) {
		if invalid {
			p.invalidate(stale, true, p.limit.soFar()) // so that later calls get a new token
		}
		return nil, 0, nil
	}
	_, canRefresh := p.src.(token.Invalidator)
	sameToken := (replayable || p.same > 0) && p.mayUseSameToken()
	if !invalid && (young || !canRefresh) && sameToken {
		next, delay = p.withSameToken()
		return next, delay, nil
	}
	next, tooSoon, err := p.withNewToken(stale, invalid)
	if err == nil && next == nil && sameToken && (tooSoon || !invalid) {
		next, delay = p.withSameToken() // the source has no other token, or fetched this one just now
	}
	return next, delay, err
}

// mayUseSameToken reports whether the request may be replayed once more with the same token.
func (p *replay) mayUseSameToken() bool {
	if p.same >= maxReplays || p.call.NoRetry || p.call.Report.Once() {
		return false
	}
	return p.same == 0 || p.call.IsIdempotent(p.req.Method)
}

// withSameToken returns the request to replay with the same token, and the wait before it.
func (p *replay) withSameToken() (*http.Request, time.Duration) {
	delay := jittered(500*time.Millisecond<<p.same, rand.Float64())
	if !endsInTime(p.req, delay) {
		return nil, 0
	}
	p.same++
	return p.rewind(), delay
}

// withNewToken returns the request to replay with another token, which the source has already or
// fetches after its token was invalidated. It returns nil if there is no other token; tooSoon
// reports whether that is because the source's token was invalidated less than 30 seconds ago.
func (p *replay) withNewToken(stale *oauth2.Token, invalid bool) (next *http.Request, tooSoon bool, err error) {
	if p.renewed && !invalid {
		return nil, false, nil
	}
	before := p.limit.soFar()
	token, err := sourceToken(p.req.Context(), p.src)
	if err == nil && token.AccessToken == stale.AccessToken {
		if p.renewed || !p.invalidate(stale, invalid, before) {
			return nil, !p.renewed, nil
		}
		token, err = sourceToken(p.req.Context(), p.src)
	}
	if err != nil {
		return nil, false,
			&tokenError{fmt.Errorf("the API refused the token (401) and the token source returned no new one: %w", err)}
	}
	if token.AccessToken == stale.AccessToken || p.renewed {
		return nil, false, nil
	}
	p.renewed = true
	return p.rewind(), false, nil
}

// invalidate invalidates the token of a source that is an auth.Invalidator. It returns false if the
// limit of refreshes forbids it. before is the number of refreshes before the source returned
// stale.
func (p *replay) invalidate(stale *oauth2.Token, invalid bool, before int) bool {
	source, ok := p.src.(token.Invalidator)
	if !ok {
		return true
	}
	if !p.limit.allow(time.Now(), invalid, before) {
		return false
	}
	source.Invalidate(stale)
	return true
}

// rewind returns the request with its body from the beginning, or nil if the body cannot be read
// again.
func (p *replay) rewind() *http.Request {
	next, _ := transport.Rewind(p.req)
	return next
}

// namesInvalidToken reports whether a 401 has a challenge with error="invalid_token" (RFC 6750
// section 3.1).
func namesInvalidToken(header http.Header) bool {
	for _, challenge := range header.Values("WWW-Authenticate") {
		for part := range strings.SplitSeq(challenge, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			if i := strings.LastIndexByte(name, ' '); i >= 0 {
				name = name[i+1:] // "Bearer error" is a scheme and the first parameter
			}
			value = strings.Trim(strings.TrimSpace(value), `"`)
			if strings.EqualFold(strings.TrimSpace(name), "error") && value == "invalid_token" {
				return true
			}
		}
	}
	return false
}

// sentToken carries the token that Auth used back up to Refresh. It is the request's context and
// the slot for the token in one allocation.
type sentToken struct {
	context.Context
	token atomic.Pointer[oauth2.Token]
}

type sentKey struct{}

// Value returns the sentToken itself for sentKey, and the context's value for any other key.
func (s *sentToken) Value(key any) any {
	if key == (sentKey{}) {
		return s
	}
	return s.Context.Value(key)
}

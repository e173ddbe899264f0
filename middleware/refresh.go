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

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/transport"
)

// Refresh returns the middleware that replays a request whose token the API has refused with a 401.
// It needs an Auth of the same source below it.
//
// A 401 that says that the token is invalid (WWW-Authenticate with error="invalid_token") leads to
// one refresh, and to one replay with the new token. Any other 401 is unexpected: Spotify is known
// to refuse good tokens for a while. A token that is younger than 30 seconds, or that the source
// has no other for, is then replayed as it is, up to three times, after about 0.5, 1 and 2 seconds;
// more than once only if the request is idempotent, and not at all with transport.Call.NoRetry or
// where Retry is turned off. Otherwise, or when that has not helped, the token is refreshed.
//
// The source is made to refresh at most once in 30 seconds, or twice if the API says that the token
// is invalid, and only if it is an auth.Invalidator; a newer token that it has already is used at
// once. After four 401s in a row for one token, calls get their 401 at once until one succeeds,
// except for one call in 30 seconds.
//
// The 401 comes back as it is if the call carried a token of the caller's, or none; or if the body
// cannot be read again. If fetching a new token fails, that error comes back, such as
// auth.ErrReauthorize. A nil src turns the middleware off.
func Refresh(src auth.TokenSource) transport.Middleware {
	if src == nil {
		return nothing
	}
	return func(next http.RoundTripper) http.RoundTripper { return &refresh{src: src, next: next} }
}

const (
	// youngToken is the age up to which a token is held to be good although it was refused, and the
	// shortest time between two refreshes, and between two replays with a token that has failed
	// again and again.
	youngToken = 30 * time.Second
	// mostReplays is how often a request is replayed with the same token.
	mostReplays = 3
	// deadAfter is the number of 401s in a row after which a token is not replayed any more.
	deadAfter = 4
)

type refresh struct {
	src    auth.TokenSource
	next   http.RoundTripper
	forced refreshes
	mu     sync.Mutex
	state  tokenState
}

// tokenState is what is known of the token that was sent last.
type tokenState struct {
	token   string
	since   time.Time // when it was sent first
	refused int       // 401s in a row
	tried   time.Time // when a call last replayed it after it had failed again and again
}

// refreshes counts how often the source was made to refresh in the last 30 seconds.
type refreshes struct {
	mu    sync.Mutex
	times [2]time.Time // the last two, newest first
}

// allow reports whether the source may be made to refresh now, and takes note that it is: once in
// 30 seconds, or twice if the API says that the token is invalid, as it does when a login is
// revoked right after a refresh.
func (f *refreshes) allow(now time.Time, invalid bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	oldest := f.times[0]
	if invalid {
		oldest = f.times[1]
	}
	if !oldest.IsZero() && elapsed(oldest, now) < youngToken {
		return false
	}
	f.times[0], f.times[1] = now, f.times[0]
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
		answers(given, resp)
		stale := sent.token.Load()
		if stale == nil {
			return resp, nil
		}
		if resp.StatusCode != http.StatusUnauthorized {
			r.succeeded(stale)
			return resp, nil
		}
		again, delay, err := replay.after(resp, stale)
		if err == nil && again == nil {
			return resp, nil
		}
		transport.Drain(resp)
		if err == nil && delay > 0 {
			err = transport.Wait(req.Context(), func(ctx context.Context) error { return transport.Sleep(ctx, delay) })
		}
		if err != nil {
			if again != nil {
				transport.CloseRequest(again)
			}
			return nil, err
		}
		attempt = again
	}
}

// succeeded takes note that a token is good.
func (r *refresh) succeeded(token *oauth2.Token) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.know(token, time.Now()).refused = 0
}

// refused takes note of a 401, and returns whether the token is young and whether it may be
// replayed.
func (r *refresh) refused(token *oauth2.Token, now time.Time) (young, alive bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.know(token, now)
	alive = s.refused < deadAfter
	s.refused++
	if !alive && (s.tried.IsZero() || elapsed(s.tried, now) >= youngToken) {
		s.tried, alive = now, true
	}
	return elapsed(s.since, now) < youngToken, alive
}

func (r *refresh) know(token *oauth2.Token, now time.Time) *tokenState {
	if r.state.token != token.AccessToken {
		r.state = tokenState{token: token.AccessToken, since: now}
	}
	return &r.state
}

// replay decides about the replays of one request.
type replay struct {
	*refresh
	req     *http.Request
	call    *transport.Call
	same    int  // replays with the same token so far
	renewed bool // another token was sent
}

// after returns the request to send after a 401, nil if there is none, and how long to wait before
// it.
func (p *replay) after(resp *http.Response, stale *oauth2.Token) (again *http.Request, delay time.Duration, err error) {
	expired := saysInvalid(resp.Header)
	if !expired {
		p.call.Report.AddUnexpected401()
	}
	young, alive := p.refused(stale, time.Now())
	if !transport.Replayable(p.req) {
		if expired {
			p.invalidate(stale, true) // for the calls to come
		}
		return nil, 0, nil
	}
	_, canRefresh := p.src.(auth.Invalidator)
	repeat := (alive || p.same > 0) && p.mayRepeat()
	if !expired && (young || !canRefresh) && repeat {
		again, delay = p.sameAgain()
		return again, delay, nil
	}
	again, tooSoon, err := p.renew(stale, expired)
	if err == nil && again == nil && repeat && (tooSoon || !expired) {
		again, delay = p.sameAgain() // the source has no other token, or this one was fetched just now
	}
	return again, delay, err
}

// mayRepeat reports whether the request may be sent once more with the same token.
func (p *replay) mayRepeat() bool {
	if p.same >= mostReplays || p.call.NoRetry || p.call.Report.Once() {
		return false
	}
	return p.same == 0 || p.call.IsIdempotent(p.req.Method)
}

// sameAgain returns the request for the same token, and how long to wait before it.
func (p *replay) sameAgain() (*http.Request, time.Duration) {
	delay := jittered(500*time.Millisecond<<p.same, rand.Float64())
	if !inTime(p.req, delay) {
		return nil, 0
	}
	p.same++
	return p.rewind(), delay
}

// renew returns the request for another token, which the source has already or is made to fetch;
// nil if there is none, which tooSoon explains where the source was made to refresh a short time
// ago.
func (p *replay) renew(stale *oauth2.Token, invalid bool) (again *http.Request, tooSoon bool, err error) {
	if p.renewed && !invalid {
		return nil, false, nil
	}
	token, err := sourceToken(p.req.Context(), p.src)
	if err == nil && token.AccessToken == stale.AccessToken {
		if p.renewed || !p.invalidate(stale, invalid) {
			return nil, !p.renewed, nil
		}
		token, err = sourceToken(p.req.Context(), p.src)
	}
	if err != nil {
		return nil, false, &withoutToken{fmt.Errorf("the token was refused (401), and there is no new one: %w", err)}
	}
	if token.AccessToken == stale.AccessToken || p.renewed {
		return nil, false, nil
	}
	p.renewed = true
	return p.rewind(), false, nil
}

// invalidate makes a source that can refresh do so, and reports false if it was made to a short
// time ago.
func (p *replay) invalidate(stale *oauth2.Token, invalid bool) bool {
	source, ok := p.src.(auth.Invalidator)
	if !ok {
		return true
	}
	if !p.forced.allow(time.Now(), invalid) {
		return false
	}
	source.Invalidate(stale)
	return true
}

// rewind returns nil if the body cannot be read again.
func (p *replay) rewind() *http.Request {
	again, _ := transport.Rewind(p.req)
	return again
}

// saysInvalid reports whether a 401 says that the token is invalid (RFC 6750 section 3.1).
func saysInvalid(header http.Header) bool {
	for _, challenge := range header.Values("WWW-Authenticate") {
		for part := range strings.SplitSeq(challenge, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			if i := strings.LastIndexByte(name, ' '); i >= 0 {
				name = name[i+1:] // after the scheme
			}
			value = strings.Trim(strings.TrimSpace(value), `"`)
			if strings.EqualFold(strings.TrimSpace(name), "error") && value == "invalid_token" {
				return true
			}
		}
	}
	return false
}

// sentToken is a request's context in which Auth notes the source's token that it sent, for
// Refresh.
type sentToken struct {
	context.Context
	token atomic.Pointer[oauth2.Token]
}

type sentKey struct{}

// Value finds the slot itself, and the values of the context.
func (s *sentToken) Value(key any) any {
	if key == (sentKey{}) {
		return s
	}
	return s.Context.Value(key)
}

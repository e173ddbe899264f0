package auth

// lease.go decides when a token is to be replaced: early enough that no request carries a dead one, never so early that a short-lived one is fetched again and again.

import (
	"math/rand/v2"
	"time"

	"golang.org/x/oauth2"
)

const (
	// softMargin before its expiry a token is refreshed in the background.
	softMargin = 5 * time.Minute
	// hardMargin before its expiry a token is no longer handed out, unless its refresh fails: it might expire on the way.
	hardMargin = 10 * time.Second
)

// lease is a token and the times from which it is refreshed, not handed out, and dead. Zero times are never. A nil lease is none of fresh, usable and alive.
type lease struct {
	token              *oauth2.Token
	soft, hard, expiry time.Time
}

// newLease sets the margins. Of a token that lives for less than 20 minutes they take a quarter and an eighth at most.
func newLease(token *oauth2.Token) *lease {
	l := &lease{token: token, expiry: token.Expiry.Round(0)}
	if token.Expiry.IsZero() {
		return l
	}
	left := max(0, l.expiry.Sub(wallNow()))
	soft := min(softMargin, left/4)
	// The jitter keeps processes that started together from refreshing together.
	soft -= time.Duration(rand.Float64() * 0.2 * float64(soft))
	l.soft = l.expiry.Add(-soft)
	l.hard = l.expiry.Add(-min(hardMargin, left/8))
	return l
}

func (l *lease) fresh(now time.Time) bool  { return l != nil && before(now, l.soft) }
func (l *lease) usable(now time.Time) bool { return l != nil && before(now, l.hard) }
func (l *lease) alive(now time.Time) bool  { return l != nil && before(now, l.expiry) }

func (l *lease) get() *oauth2.Token {
	if l == nil {
		return nil
	}
	return l.token
}

func before(now, limit time.Time) bool { return limit.IsZero() || now.Before(limit) }

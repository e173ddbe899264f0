package auth

// store.go says what a place to keep logins must do; storetest checks that one does.

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoRecord is returned by Load for an account that was never saved.
var ErrNoRecord = errors.New("no login is stored for the account")

// ErrConflict is returned by Save if the record was changed since it was loaded. Whoever gets it loads again and goes on from there.
var ErrConflict = errors.New("the stored login was changed by somebody else")

// TokenStore keeps logins, each under the name of its account. Implementations are safe for concurrent use, also by several processes if they share
// what is behind the store. storetest.Run checks one.
type TokenStore interface {
	// Load returns the account's record, or an error that matches ErrNoRecord.
	Load(ctx context.Context, account string) (Record, error)
	// Save replaces the account's record, provided that the stored one's Generation is prevGen (zero: there is none), and stores it with
	// Generation prevGen+1. Otherwise it changes nothing and returns an error that matches ErrConflict. When it returns nil the record is
	// there to stay.
	Save(ctx context.Context, account string, rec Record, prevGen uint64) error
}

// Locker is a TokenStore that lets one user of the store at a time refresh an account. Where refresh tokens rotate, two that refresh at once would
// each use up the other's: with a store of several processes that is no Locker, one of them may have to wait for what the other saves.
type Locker interface {
	TokenStore
	// Lock waits, until ctx ends, for the others. The returned function lets the next one in and may be called more than once.
	// Load and Save work with and without the lock.
	Lock(ctx context.Context, account string) (unlock func(), err error)
}

// StoreError reports a stored login that cannot be used. Nothing was changed; the error has nothing of what is stored.
type StoreError struct {
	// Where is the file or the account.
	Where string
	// Problem is what is wrong, Advice what to do about it.
	Problem, Advice string
	// Err is the cause, if there is one.
	Err error
}

func (e *StoreError) Error() string {
	text := fmt.Sprintf("stored login in %s: %s", e.Where, e.Problem)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + "; " + e.Advice
}

// Unwrap returns the cause.
func (e *StoreError) Unwrap() error { return e.Err }

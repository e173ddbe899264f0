package auth

// saving.go moves a login between memory and store: the store's word counts, unless it could not be told yet.

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// saver is a save that failed and is to be tried again. All of it is guarded by the login's turn.
type saver struct {
	timer *time.Timer
	pause time.Duration
}

const (
	firstPause = time.Second
	longPause  = time.Minute
)

// load returns what the store has, or what is held where that is newer or the store does not work; it is then held. There being no login is no error.
func (l *Login) load(ctx context.Context) (Record, error) {
	rec, err := l.store.load(ctx, l.account)
	l.endpoint.secrets.Add(rec.AccessToken, rec.RefreshToken)
	switch {
	case errors.Is(err, ErrNoRecord):
		rec = Record{}
		if l.held.RefreshToken != "" { // the file was removed under us
			l.held.Generation, l.unsaved = 0, true
		}
	case err != nil && ctx.Err() != nil:
		return Record{}, context.Cause(ctx)
	case err != nil && l.held.RefreshToken != "":
		l.report(err)
		return l.held, nil
	case err != nil:
		if _, ok := errors.AsType[*StoreError](err); ok {
			err = transport.Permanent(err)
		}
		return Record{}, err
	}
	if rec.ClientID != "" && rec.ClientID != l.config.ClientID {
		return Record{}, transport.Permanent(&StoreError{
			Where:   fmt.Sprintf("account %q", l.account),
			Problem: fmt.Sprintf("it is client %q's, not %q's", rec.ClientID, l.config.ClientID),
			Advice:  "use that client, or another Account or Store",
		})
	}
	switch {
	case l.unsaved && l.wins:
		l.held.Generation = rec.Generation
	case l.unsaved && l.held.Generation == rec.Generation:
	default:
		l.held, l.unsaved = rec, false
	}
	return l.held, nil
}

// save holds rec and stores it, trying again later if that fails. If somebody else changed the store meanwhile, theirs is held instead, unless rec
// wins: the user's word, to log in or out, is newer than any refresh.
func (l *Login) save(ctx context.Context, rec Record, wins bool) error {
	l.held, l.unsaved, l.wins = rec, true, l.wins || wins
	if err := l.saveOnce(ctx); err != nil {
		l.report(err)
		l.saveLater()
		return err
	}
	return nil
}

func (l *Login) saveOnce(ctx context.Context) error {
	// What was just had from the endpoint is kept also when the caller has gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveGrace)
	defer cancel()
	for range 10 {
		err := l.store.save(ctx, l.account, l.held, l.held.Generation)
		if err == nil {
			l.held.Generation++
			l.unsaved, l.wins, l.saver.pause = false, false, 0
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if _, err := l.load(ctx); err != nil {
			return err
		}
		if !l.unsaved { // theirs is held now
			return nil
		}
	}
	return ErrConflict
}

// saveLater is the only thing a login does of its own accord.
func (l *Login) saveLater() {
	l.saver.stop()
	l.saver.pause = min(longPause, max(firstPause, 2*l.saver.pause))
	l.saver.timer = time.AfterFunc(l.saver.pause, func() {
		if l.take(context.Background()) != nil {
			return
		}
		defer l.give()
		if l.unsaved {
			_ = l.save(context.Background(), l.held, false)
		}
	})
}

func (s *saver) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

// lockStore makes processes that share the store refresh one after the other, where the store can
// do that. It waits for at most lockGrace: refresh copes with two that refresh at once.
func (l *Login) lockStore(ctx context.Context) (unlock func(), locked bool) {
	waiting, cancel := context.WithTimeout(ctx, lockGrace)
	defer cancel()
	unlock, err := l.store.lock(waiting, l.account)
	if err == nil && unlock != nil {
		return unlock, true
	}
	if err != nil && ctx.Err() == nil {
		l.report(err)
	}
	return func() {}, false
}

// report calls OnSaveError. Its panic is kept for Close: nobody waits for a save that is tried
// again later.
func (l *Login) report(err error) {
	if l.config.OnSaveError == nil {
		return
	}
	defer func() {
		if value := recover(); value != nil {
			l.crashed = newPanicError("Config.OnSaveError", value, l.endpoint.secrets)
		}
	}()
	l.config.OnSaveError(err)
}

package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

// saver retries a failed save. The login's lock guards its fields.
type saver struct {
	timer *time.Timer
	delay time.Duration
}

const (
	firstSaveDelay = time.Second
	maxSaveDelay   = time.Minute
)

// load returns the stored login and keeps it in l.held. It returns l.held instead if that is newer,
// or if the store fails. An account that is not stored is the zero StoredToken, not an error.
func (l *Login) load(ctx context.Context) (StoredToken, error) {
	stored, err := l.store.load(ctx, l.account)
	l.endpoint.secrets.Add(stored.AccessToken, stored.RefreshToken)
	switch {
	case errors.Is(err, ErrNoStoredToken):
		stored = StoredToken{}
		if l.held.RefreshToken != "" { // another program deleted the entry: save it again
			l.held.Generation, l.unsaved = 0, true
		}
	case err != nil && ctx.Err() != nil:
		return StoredToken{}, context.Cause(ctx)
	case err != nil && l.held.RefreshToken != "":
		l.report(err)
		return l.held, nil
	case err != nil:
		if _, ok := errors.AsType[*StoreError](err); ok {
			err = transport.Permanent(err)
		}
		return StoredToken{}, err
	}
	if stored.ClientID != "" && stored.ClientID != l.config.ClientID {
		return StoredToken{}, transport.Permanent(&StoreError{
			Where:   fmt.Sprintf("account %q", l.account),
			Problem: fmt.Sprintf("it belongs to client %q, not %q", stored.ClientID, l.config.ClientID),
			Advice:  "use that client, or another Account or Store",
		})
	}
	switch {
	case l.unsaved && l.overwrite:
		l.held.Generation = stored.Generation
	case l.unsaved && l.held.Generation == stored.Generation:
	default:
		l.held, l.unsaved = stored, false
	}
	return l.held, nil
}

// save keeps stored in l.held and saves it; a failed save is reported and retried later. If another
// process has changed the stored login, that one is kept instead, unless overwrite is set, as for a
// login or logout by the user.
func (l *Login) save(ctx context.Context, stored StoredToken, overwrite bool) error {
	l.held, l.unsaved, l.overwrite = stored, true, l.overwrite || overwrite
	if err := l.saveOnce(ctx); err != nil {
		l.report(err)
		l.saveLater()
		return err
	}
	return nil
}

func (l *Login) saveOnce(ctx context.Context) error {
	// The token just received is saved even if the caller's context has ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	for range 10 {
		err := l.store.save(ctx, l.account, l.held, l.held.Generation)
		if err == nil {
			l.held.Generation++
			l.unsaved, l.overwrite, l.saver.delay = false, false, 0
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if _, err := l.load(ctx); err != nil {
			return err
		}
		if !l.unsaved { // load replaced l.held by the stored login
			return nil
		}
	}
	return ErrConflict
}

// saveLater retries the save after 1 second, and after up to 1 minute if it fails again.
func (l *Login) saveLater() {
	l.saver.stop()
	l.saver.delay = min(maxSaveDelay, max(firstSaveDelay, 2*l.saver.delay))
	l.saver.timer = time.AfterFunc(l.saver.delay, func() {
		if l.lock(context.Background()) != nil {
			return
		}
		defer l.unlock()
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

// lockStore takes the store's lock if the store is a RefreshLocker, so that processes refresh one
// after the other. If it fails, or takes longer than lockTimeout, the refresh goes on without the
// lock.
func (l *Login) lockStore(ctx context.Context) (unlock func(), locked bool) {
	waiting, cancel := context.WithTimeout(ctx, lockTimeout)
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

// report calls Config.OnSaveError. Close returns a panic of it: no caller waits for a retried save.
func (l *Login) report(err error) {
	if l.config.OnSaveError == nil {
		return
	}
	defer func() {
		if value := recover(); value != nil {
			l.reportPanic = newPanicError("Config.OnSaveError", value, l.endpoint.secrets)
		}
	}()
	l.config.OnSaveError(err)
}

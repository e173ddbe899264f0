package transport

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestPermanent(t *testing.T) {
	if Permanent(nil) != nil || IsPermanent(nil) {
		t.Error("no error has become one")
	}
	cause := &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}
	if IsPermanent(cause) {
		t.Error("an unmarked error is marked")
	}
	marked := Permanent(cause)
	path, found := errors.AsType[*fs.PathError](marked)
	if !IsPermanent(marked) || marked.Error() != cause.Error() || !errors.Is(marked, fs.ErrNotExist) || !found ||
		path != cause {
		t.Errorf("%v has changed into %v", cause, marked)
	}
	if again := Permanent(marked); again != marked {
		t.Error("marked twice")
	}
	for name, wrapped := range map[string]error{
		"wrapped": fmt.Errorf("x: %w", marked), "joined": errors.Join(errors.New("x"), marked),
	} {
		if !IsPermanent(wrapped) || Permanent(wrapped) != wrapped {
			t.Errorf("%s: the mark is lost", name)
		}
	}
}

func TestIsTransientStatus(t *testing.T) {
	transient := map[int]bool{408: true, 429: true, 500: true, 502: true, 503: true, 504: true, 507: true}
	for status := 100; status < 600; status++ {
		want := transient[status] || status >= 520
		if got := IsTransientStatus(status); got != want {
			t.Errorf("%d: got %v, want %v", status, got, want)
		}
	}
}

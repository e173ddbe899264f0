package keyring_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	system "github.com/zalando/go-keyring"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/auth/storetest"
	"github.com/seed-2147f1a9/spotify/contrib/keyring"
)

// onSystem runs the tests on the system's keyring. On a server, dbus-run-session with an unlocked
// gnome-keyring-daemon provides one.
var onSystem = os.Getenv("KEYRING_TEST") == "system"

func open(t *testing.T) auth.TokenStore {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	if !onSystem {
		system.MockInit()
	}
	service := fmt.Sprintf("spotify test %s %d", t.Name(), os.Getpid())
	t.Cleanup(func() { _ = system.DeleteAll(service) })
	s, err := keyring.New(service)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) { storetest.Run(t, open) }

// Without a keyring New returns an error with advice.
func TestNoKeyring(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	for name, cause := range map[string]error{
		"no D-Bus":         errors.New(`exec: "dbus-launch": executable file not found in $PATH`),
		"no service":       errors.New("The name org.freedesktop.secrets was not provided by any .service files"),
		"another platform": system.ErrUnsupportedPlatform,
	} {
		system.MockInitWithError(cause)
		_, err := keyring.New("my-app")
		problem, ok := errors.AsType[*auth.StoreError](err)
		if !ok || !errors.Is(err, keyring.ErrNoKeyring) || !errors.Is(err, cause) ||
			!strings.Contains(err.Error(),
				"run the program in the user's desktop session, or keep logins in a file with auth.NewFileStore") {
			t.Errorf("%s: %v, %v", name, err, problem)
		}
	}
	if _, err := keyring.New(""); !errors.Is(err, auth.ErrInvalidArgument) {
		t.Errorf("no service: %v", err)
	}
}

// The errors of a damaged entry and of a failing keyring contain nothing of the stored login.
func TestErrors(t *testing.T) {
	if onSystem {
		t.Skip("the system's keyring does not fail on demand")
	}
	s := open(t)
	if err := system.Set(fmt.Sprintf("spotify test %s %d", t.Name(), os.Getpid()), "login:me",
		`{"refresh_token": a-secret-token`); err != nil {
		t.Fatal(err)
	}
	_, err := s.Load(t.Context(), "me")
	if _, ok := errors.AsType[*auth.StoreError](err); !ok || strings.Contains(err.Error(), "a-secret-token") {
		t.Errorf("%v", err)
	}
	if err := s.Save(t.Context(), "me", auth.StoredToken{RefreshToken: "x"}, 0); err == nil {
		t.Error("a damaged entry was overwritten silently")
	}
	system.MockInitWithError(system.ErrSetDataTooBig)
	if _, err := s.Load(t.Context(), "you"); err == nil {
		t.Error("no error")
	}
	system.MockInitWithError(errors.New("locked"))
	if err := s.Save(t.Context(), "you", auth.StoredToken{RefreshToken: "x"}, 0); err == nil ||
		!strings.Contains(err.Error(), "check that the keyring is unlocked") {
		t.Errorf("%v", err)
	}
}

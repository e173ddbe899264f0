package otelspotify

import (
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/mock"
)

// Printed, logged or encoded, the observer shows no secret of the calls that it has observed.
func TestPrintsNoSecret(t *testing.T) {
	secrets := testutil.Secrets{"the-access-token-of-a-user", "the-token-of-one-call"}
	observer, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	fake := mock.New(t)
	client := fake.NewClient(spotify.WithAccessToken(secrets[0]), spotify.WithObserver(observer))
	defer client.Close()
	registered, err := observer.Register(client)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = registered.Unregister() }()
	if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
		t.Fatal(err)
	}
	ctx := spotify.WithCall(t.Context(), spotify.Token(secrets[1]))
	if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); err != nil {
		t.Fatal(err)
	}
	if secret := secrets.PrintedBy(observer); secret != "" {
		t.Errorf("%s is shown", secret)
	}
}

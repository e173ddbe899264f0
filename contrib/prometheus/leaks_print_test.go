package promspotify

import (
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/internal/testutil"
	"github.com/seed-2147f1a9/spotify/mock"
)

// Printed, logged or encoded, the collector shows no secret of the calls that it has observed.
func TestPrintsNoSecret(t *testing.T) {
	secrets := testutil.Secrets{"the-access-token-of-a-user", "the-token-of-one-call"}
	collector := New()
	fake := mock.New(t)
	client := fake.NewClient(spotify.WithAccessToken(secrets[0]), spotify.WithObserver(collector))
	defer client.Close()
	collector.Watch(client)
	if _, err := client.Albums.Get(t.Context(), mock.AlbumID, nil); err != nil {
		t.Fatal(err)
	}
	ctx := spotify.WithCall(t.Context(), spotify.Token(secrets[1]))
	if _, err := client.Albums.Get(ctx, mock.AlbumID, nil); err != nil {
		t.Fatal(err)
	}
	if secret := secrets.PrintedBy(collector); secret != "" {
		t.Errorf("%s is shown", secret)
	}
}

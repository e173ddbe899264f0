package e2e_test

import (
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
)

// TestFaultsCacheAndAnErrorIn200: an error in the body of a 200 is not stored.
func TestFaultsCacheAndAnErrorIn200(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fresh := []string{"Content-Type", "application/json", "Cache-Control", "max-age=3600"}
		base := &server{responses: []response{
			{body: `{"error":{"status":403,"message":"Forbidden."}}`, header: fresh},
			{body: album, header: fresh},
		}}
		c, err := spotify.New(
			spotify.WithAccessToken("token"),
			spotify.WithTransport(base),
			spotify.WithCache(middleware.CacheConfig{}),
		)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Albums.Get(t.Context(), albumID, nil); err == nil {
			t.Fatal("no error")
		}
		for range 2 {
			if got, err := c.Albums.Get(t.Context(), albumID, nil); err != nil || got.ID != albumID {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if hits := c.Stats().CacheHits; hits != 1 {
			t.Errorf("%d hits, want 1", hits)
		}
	})
}

package e2e_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// older has the operations that are closed to apps in development mode, each with its replacement.
var older = map[string]struct {
	replacement string
	call        func(context.Context, *spotify.Client) error
}{
	"Albums.Save": {
		"PUT /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Albums.Save(ctx, mock.AlbumID) },
	},
	"Albums.Remove": {
		"DELETE /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Albums.Remove(ctx, mock.AlbumID) },
	},
	"Albums.Contains": {"GET /me/library/contains", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Albums.Contains(ctx, mock.AlbumID)
		return err
	}},
	"Audiobooks.Save": {
		"PUT /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Audiobooks.Save(ctx, mock.AudiobookID) },
	},
	"Audiobooks.Remove": {"DELETE /me/library", func(ctx context.Context, c *spotify.Client) error {
		return c.Audiobooks.Remove(ctx, mock.AudiobookID)
	}},
	"Audiobooks.Contains": {"GET /me/library/contains", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Audiobooks.Contains(ctx, mock.AudiobookID)
		return err
	}},
	"Episodes.Save": {
		"PUT /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Episodes.Save(ctx, mock.EpisodeID) },
	},
	"Episodes.Remove": {
		"DELETE /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Episodes.Remove(ctx, mock.EpisodeID) },
	},
	"Episodes.Contains": {"GET /me/library/contains", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Episodes.Contains(ctx, mock.EpisodeID)
		return err
	}},
	"Shows.Save": {
		"PUT /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Shows.Save(ctx, mock.ShowID) },
	},
	"Shows.Remove": {
		"DELETE /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Shows.Remove(ctx, mock.ShowID) },
	},
	"Shows.Contains": {"GET /me/library/contains", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Shows.Contains(ctx, mock.ShowID)
		return err
	}},
	"Tracks.Save": {
		"PUT /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Tracks.Save(ctx, mock.TrackID) },
	},
	"Tracks.SaveAt": {"PUT /me/library", func(ctx context.Context, c *spotify.Client) error {
		return c.Tracks.SaveAt(
			ctx,
			resources.TimestampedID{ID: mock.TrackID, AddedAt: time.Date(2023, 1, 15, 14, 30, 0, 0, time.UTC)},
		)
	}},
	"Tracks.Remove": {
		"DELETE /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Tracks.Remove(ctx, mock.TrackID) },
	},
	"Tracks.Contains": {"GET /me/library/contains", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Tracks.Contains(ctx, mock.TrackID)
		return err
	}},
	"Users.Follow": {"PUT /me/library", func(ctx context.Context, c *spotify.Client) error {
		return c.Users.Follow(ctx, resources.KindArtist, mock.ArtistID)
	}},
	"Users.Unfollow": {"DELETE /me/library", func(ctx context.Context, c *spotify.Client) error {
		return c.Users.Unfollow(ctx, resources.KindArtist, mock.ArtistID)
	}},
	"Users.Follows": {"GET /me/library/contains", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Users.Follows(ctx, resources.KindArtist, mock.ArtistID)
		return err
	}},
	"Playlists.Follow": {"PUT /me/library", func(ctx context.Context, c *spotify.Client) error {
		return c.Playlists.Follow(ctx, mock.PlaylistID, nil)
	}},
	"Playlists.Unfollow": {
		"DELETE /me/library",
		func(ctx context.Context, c *spotify.Client) error { return c.Playlists.Unfollow(ctx, mock.PlaylistID) },
	},
	"Playlists.Follows": {"GET /me/library/contains", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Playlists.Follows(ctx, mock.PlaylistID)
		return err
	}},
	"Playlists.Tracks": {"GET /playlists/{playlist_id}/items", func(ctx context.Context, c *spotify.Client) error {
		page, err := c.Playlists.Tracks(ctx, mock.PlaylistID, nil)
		if err == nil && page.Items[0].Item.Track == nil {
			return errors.New("the first item is not a track")
		}
		return err
	}},
	"Playlists.AllTracks": {"GET /playlists/{playlist_id}/items", func(ctx context.Context, c *spotify.Client) error {
		_, err := resources.Collect(c.Playlists.AllTracks(ctx, mock.PlaylistID, nil), 0)
		return err
	}},
	"Playlists.AddTracks": {"POST /playlists/{playlist_id}/items", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Playlists.AddTracks(ctx, mock.PlaylistID, []string{"spotify:track:" + mock.TrackID}, nil)
		return err
	}},
	"Playlists.RemoveTracks": {
		"DELETE /playlists/{playlist_id}/items",
		func(ctx context.Context, c *spotify.Client) error {
			_, err := c.Playlists.RemoveTracks(ctx, mock.PlaylistID, []string{"spotify:track:" + mock.TrackID}, nil)
			return err
		},
	},
	"Playlists.ReplaceTracks": {"PUT /playlists/{playlist_id}/items", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Playlists.ReplaceTracks(ctx, mock.PlaylistID, []string{})
		return err
	}},
	"Playlists.ReorderTracks": {"PUT /playlists/{playlist_id}/items", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Playlists.ReorderTracks(ctx, mock.PlaylistID, 0, 1, nil)
		return err
	}},
	"Playlists.OfUser": {"GET /me/playlists", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Playlists.OfUser(ctx, mock.UserID, nil)
		return err
	}},
	"Playlists.AllOfUser": {"GET /me/playlists", func(ctx context.Context, c *spotify.Client) error {
		_, err := resources.Collect(c.Playlists.AllOfUser(ctx, mock.UserID, nil), 0)
		return err
	}},
	"Playlists.CreateForUser": {"POST /me/playlists", func(ctx context.Context, c *spotify.Client) error {
		_, err := c.Playlists.CreateForUser(ctx, mock.UserID, &resources.CreatePlaylistParams{Name: "x"})
		return err
	}},
}

// TestOlderOperations: apps with extended quota may call them; for other apps the error names the
// replacement.
func TestOlderOperations(t *testing.T) {
	for name, tc := range older {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := mock.New(t, mock.WithExtendedQuota()).NewClient()
				if err := tc.call(t.Context(), client); err != nil {
					t.Error("extended quota:", err)
				}
				_ = client.Close()

				client = mock.New(t, mock.WithDevelopmentMode()).NewClient()
				if err := tc.call(t.Context(), client); !errors.Is(err, spotify.ErrForbidden) ||
					!strings.Contains(err.Error(), "call "+tc.replacement+" instead") {
					t.Error("development mode:", err)
				}
				_ = client.Close()
			})
		})
	}
}

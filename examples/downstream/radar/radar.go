// Package radar finds new albums of the artists that a user follows.
package radar

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-2147f1a9/spotify"
)

// Since returns the albums and singles of the artists that the client's user follows, released on
// the day since or later, newest first. An album of several of these artists is returned once. It
// needs the scope user-follow-read.
func Since(ctx context.Context, client *spotify.Client, since time.Time) ([]spotify.SimplifiedAlbum, error) {
	artists, err := spotify.Collect(client.Users.AllFollowedArtists(ctx, nil), 0)
	if err != nil {
		return nil, fmt.Errorf("followed artists: %w", err)
	}
	groups := []spotify.AlbumGroup{spotify.AlbumGroupAlbum, spotify.AlbumGroupSingle}
	var mu sync.Mutex
	found := map[string]spotify.SimplifiedAlbum{}
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(8) // the client paces the requests of all goroutines together
	for _, artist := range artists {
		tasks.Go(func() error {
			albums := client.Artists.AllAlbums(ctx, artist.ID, &spotify.ArtistAlbumsParams{IncludeGroups: groups})
			for album, err := range albums {
				if err != nil {
					return fmt.Errorf("albums of %s: %w", artist.Name, err)
				}
				if !album.Released().Time().Before(since) {
					mu.Lock()
					found[album.ID] = album
					mu.Unlock()
				}
			}
			return nil
		})
	}
	if err := tasks.Wait(); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(found), func(a, b spotify.SimplifiedAlbum) int {
		return cmp.Or(b.Released().Time().Compare(a.Released().Time()), cmp.Compare(a.Name, b.Name))
	}), nil
}

package resources

import (
	"context"
	"fmt"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// URI returns the URI that is in the playlist, empty if Spotify names none. Read with a market, a
// track can be replaced by another recording of it that plays there: Item.URI() is then the
// replacement's, which the playlist does not contain, and URI is that of Track.LinkedFrom. Spotify
// names LinkedFrom to apps with extended quota only; an app in development mode reads a playlist
// without a market to change it.
func (i PlaylistItem) URI() string {
	if i.Item.Track != nil && i.Item.Track.LinkedFrom.URI != "" {
		return i.Item.Track.LinkedFrom.URI
	}
	return i.Item.URI()
}

// RemoveEntries removes entries of a playlist, as Items and AllItems return them, and returns the
// playlist's new version. It is RemoveItems for each entry's URI: a track that was replaced by
// another recording in the market that the playlist was read with is removed as well, and so is
// every other entry of the same track. An entry that has no URI, as where the track is no longer on
// Spotify, is an error, and nothing is sent. Scope: playlist-modify-public or
// playlist-modify-private, depending on the playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist
func (s *Playlists) RemoveEntries(ctx context.Context, id string, entries []PlaylistItem, p *RemoveItemsParams) (snapshotID string, err error) {
	uris := make([]string, len(entries))
	for i := range entries {
		if uris[i] = entries[i].URI(); uris[i] == "" {
			return "", named(operations.PlaylistRemoveItems, argument.Errorf(fmt.Sprintf("entries[%d]", i), "an entry without a URI", "entries with a track or an episode that Spotify still names"))
		}
	}
	return s.RemoveItems(ctx, id, uris, p)
}

package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Library saves items to the user's library, removes them and reports which are there. It takes
// items of all kinds, by URI.
type Library struct{ core *core }

// saveable are the kinds of items that a library holds. Artists and users in it are followed.
var saveable = []Kind{
	KindAlbum, KindArtist, KindAudiobook, KindEpisode, KindPlaylist, KindShow, KindTrack, KindUser,
}

// Save saves tracks, albums, episodes, shows, audiobooks and playlists to the user's library, and
// follows artists and users. uris are spotify: URIs or open.spotify.com links. It sends one request
// for each 40; if a later one fails, the *PartialError has the number of saved items.
// Scopes: user-library-modify; user-follow-modify for artists and users, playlist-modify-public for
// playlists.
//
// https://developer.spotify.com/documentation/web-api/reference/save-library-items
func (s *Library) Save(ctx context.Context, uris ...string) error {
	return s.change(ctx, operations.LibrarySave, uris)
}

// Remove removes items from the user's library, and unfollows artists and users. Items that are not
// in the library are no error. It sends one request for each 40 uris; if a later one fails, the
// *PartialError has the number of removed items. Scopes: the same as for Save.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-library-items
func (s *Library) Remove(ctx context.Context, uris ...string) error {
	return s.change(ctx, operations.LibraryRemove, uris)
}

// Contains reports for each URI whether the item is in the user's library, or whether the user
// follows the artist or user. It sends one request for each 40 uris, several at a time.
// Scopes: user-library-read; user-follow-read for artists and users, playlist-read-private for
// playlists.
//
// https://developer.spotify.com/documentation/web-api/reference/check-library-contains
func (s *Library) Contains(ctx context.Context, uris ...string) ([]bool, error) {
	canonical, err := checkURIs("uris", uris, saveable...)
	if err != nil {
		return nil, named(operations.LibraryContains, err)
	}
	return askAll(ctx, s.core, operations.LibraryContains, canonical, urisInQuery)
}

func (s *Library) change(ctx context.Context, op *operations.Operation, uris []string) error {
	canonical, err := checkURIs("uris", uris, saveable...)
	if err != nil {
		return named(op, err)
	}
	return changeAll(ctx, s.core, op, canonical, urisInQuery)
}

// uriParams are the parameters of an operation that takes URIs.
type uriParams []string

func (p uriParams) query(q *query) { q.list("uris", p) }

func urisInQuery(uris []string) (querier, any) { return uriParams(uris), nil }

// changeSaved saves or removes items with one of the older operations, which take ids of one kind.
func changeSaved(
	ctx context.Context, c *core, op *operations.Operation, kind Kind, ids []string, in carrier,
) error {
	bare, err := bareIDs(kind, ids)
	if err != nil {
		return named(op, err)
	}
	return changeAll(ctx, c, op, bare, in)
}

// checkSaved reports which items are saved with one of the older operations, which take ids of one
// kind.
func checkSaved(
	ctx context.Context, c *core, op *operations.Operation, kind Kind, ids []string, in carrier,
) ([]bool, error) {
	bare, err := bareIDs(kind, ids)
	if err != nil {
		return nil, named(op, err)
	}
	return askAll(ctx, c, op, bare, in)
}

func idsInQuery(ids []string) (querier, any) { return &severalParams{ids, nil}, nil }

type idsBody struct {
	IDs []string `json:"ids"`
}

func idsInBody(ids []string) (querier, any) { return nil, idsBody{ids} }

package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Library saves things to a user's library, removes them and tells whether they are there: all kinds of things, by URI.
type Library struct{ core *core }

// saveable are the kinds of things that a library holds. Artists and users in it are followed.
var saveable = []Kind{KindAlbum, KindArtist, KindAudiobook, KindEpisode, KindPlaylist, KindShow, KindTrack, KindUser}

// Save puts any number of things into the user's library: tracks, albums, episodes, shows, audiobooks and playlists, by URI or open.spotify.com address.
// Artists and users are followed. It sends one request for each 40; a *PartialError says how far it came if a later one fails.
// Scopes: user-library-modify; user-follow-modify for artists and users, playlist-modify-public for playlists.
//
// https://developer.spotify.com/documentation/web-api/reference/save-library-items
func (s *Library) Save(ctx context.Context, uris ...string) error {
	return s.change(ctx, operations.LibrarySave, uris)
}

// Remove takes any number of things out of the user's library, as Save puts them there. What is not in it does not matter.
// It sends one request for each 40; a *PartialError says how far it came if a later one fails. Scopes: as for Save.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-library-items
func (s *Library) Remove(ctx context.Context, uris ...string) error {
	return s.change(ctx, operations.LibraryRemove, uris)
}

// Contains reports for each of any number of things whether it is in the user's library, in the order of uris. It sends one request for each 40, several at a time.
// Scopes: user-library-read; user-follow-read for artists and users, playlist-read-private for playlists.
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

// uriParams are those of an operation on things that are named by their URIs.
type uriParams []string

func (p uriParams) query(q *query) { q.list("uris", p) }

func urisInQuery(uris []string) (querier, any) { return uriParams(uris), nil }

// saved.go is what the older operations on the user's library, one set for each kind of thing, have in common.

func idsInQuery(ids []string) (querier, any) { return &severalParams{ids, nil}, nil }

type idsBody struct {
	IDs []string `json:"ids"`
}

func idsInBody(ids []string) (querier, any) { return nil, idsBody{ids} }

// changeSaved saves things, or removes them.
func changeSaved(ctx context.Context, c *core, op *operations.Operation, kind Kind, ids []string, in carrier) error {
	bare, err := bareIDs(kind, ids)
	if err != nil {
		return named(op, err)
	}
	return changeAll(ctx, c, op, bare, in)
}

// checkSaved reports which things are saved.
func checkSaved(ctx context.Context, c *core, op *operations.Operation, kind Kind, ids []string, in carrier) ([]bool, error) {
	bare, err := bareIDs(kind, ids)
	if err != nil {
		return nil, named(op, err)
	}
	return askAll(ctx, c, op, bare, in)
}

package resources

import (
	"context"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Follow follows any number of artists (KindArtist) or users (KindUser). It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-follow-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/follow-artists-users
func (s *Users) Follow(ctx context.Context, kind Kind, ids ...string) error {
	return s.changeFollowed(ctx, operations.Follow, kind, ids)
}

// Unfollow follows any number of artists (KindArtist) or users (KindUser) no longer. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-follow-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/unfollow-artists-users
func (s *Users) Unfollow(ctx context.Context, kind Kind, ids ...string) error {
	return s.changeFollowed(ctx, operations.Unfollow, kind, ids)
}

// Follows reports for each of any number of artists (KindArtist) or users (KindUser) whether the user follows them, in the order of ids. It sends one request for each 50, several at a time.
// Scope: user-follow-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-current-user-follows
func (s *Users) Follows(ctx context.Context, kind Kind, ids ...string) ([]bool, error) {
	bare, err := followable(kind, ids)
	if err != nil {
		return nil, named(operations.FollowContains, err)
	}
	return askAll(ctx, s.core, operations.FollowContains, bare, idsOfKind(kind))
}

func (s *Users) changeFollowed(ctx context.Context, op *operations.Operation, kind Kind, ids []string) error {
	bare, err := followable(kind, ids)
	if err != nil {
		return named(op, err)
	}
	return changeAll(ctx, s.core, op, bare, idsOfKind(kind))
}

// followable returns bare ids. It refuses what cannot be followed, and users whose id a list cannot hold.
func followable(kind Kind, ids []string) ([]string, error) {
	if kind != KindArtist && kind != KindUser {
		return nil, argument.Errorf("kind", string(kind), "%s or %s", KindArtist, KindUser)
	}
	bare, err := bareIDs(kind, ids)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(bare, func(id string) bool { return strings.Contains(id, ",") }); i >= 0 {
		return nil, argument.Errorf(element("ids", i), ids[i], "an id without a comma")
	}
	return bare, nil
}

// idsOfKind puts ids into the query, beside what they are ids of.
func idsOfKind(kind Kind) carrier {
	return func(ids []string) (querier, any) { return &severalParams{ids, followParams(kind)}, nil }
}

// followParams say what is followed.
type followParams Kind

func (p followParams) query(q *query) { q.add("type", string(p)) }

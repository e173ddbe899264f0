package resources

import (
	"context"
	"iter"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Users gets users, whom they follow and what they like best.
type Users struct{ core *core }

// Me returns the user whose token is sent. Apps in development mode get neither country nor email nor product since February 2026.
// Scopes: user-read-private for country, product and explicit content, user-read-email for the email.
//
// https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile
func (s *Users) Me(ctx context.Context) (*PrivateUser, error) {
	return fetch[PrivateUser](ctx, s.core, operations.UserMe, nowhere, nil)
}

// Get returns what everyone may know of a user.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Me returns the token's user; for others there is nothing.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-profile
func (s *Users) Get(ctx context.Context, id string) (*PublicUser, error) {
	return fetch[PublicUser](ctx, s.core, operations.UserGet, at(KindUser, id), nil)
}

// FollowedArtistsParams are the optional parameters of Users.FollowedArtists.
type FollowedArtistsParams struct {
	// After is the artist after whom to go on: the last one of the page before, also to be had from its Cursors.
	After string
	// Limit is how many artists to get. Zero is the API's default; AllFollowedArtists takes the most it may.
	Limit int
}

func (p *FollowedArtistsParams) query(q *query) {
	q.add("type", "artist")
	if p == nil {
		return
	}
	q.id("after", "After", KindArtist, p.After)
	q.limit(p.Limit)
}

func (p *FollowedArtistsParams) size() int {
	if p == nil {
		return 0
	}
	return p.Limit
}

func (p *FollowedArtistsParams) to(limit int, at Cursors) (*FollowedArtistsParams, bool) {
	if p != nil && at == (Cursors{}) {
		return &FollowedArtistsParams{p.After, limit}, true
	}
	return &FollowedArtistsParams{at.After, limit}, at == (Cursors{}) || at.After != ""
}

// FollowedArtists returns one page of the artists whom the user follows. Limit is 1 to 50, 20 if zero.
// Scope: user-follow-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-followed
func (s *Users) FollowedArtists(ctx context.Context, p *FollowedArtistsParams) (*CursorPage[Artist], error) {
	return fetch[CursorPage[Artist]](ctx, s.core, operations.FollowedArtists, nowhere, p)
}

// AllFollowedArtists walks over the artists whom the user follows, as FollowedArtists returns them.
func (s *Users) AllFollowedArtists(ctx context.Context, p *FollowedArtistsParams) iter.Seq2[Artist, error] {
	return cursorWalk(ctx, s.core, operations.FollowedArtists, p, s.FollowedArtists)
}

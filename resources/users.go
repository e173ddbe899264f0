package resources

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
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

// PublicUser is a user as everyone may see one.
type PublicUser struct {
	// ID, URI and Href name the user: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "user".
	Type string `json:"type"`
	// DisplayName is empty where the user has chosen none.
	DisplayName  string       `json:"display_name,omitzero"`
	Images       Images       `json:"images"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// Followers is empty for apps in development mode since February 2026.
	Followers Followers `json:"followers,omitzero"`
}

// PrivateUser is the user whose token was sent.
type PrivateUser struct {
	PublicUser
	// AccountID names the account for good, where ID may be something the user has chosen; it was added in May 2026.
	AccountID string `json:"account_id,omitzero"`
	// Country, Product and ExplicitContent take the scope user-read-private, Email takes user-read-email.
	// All four are empty for apps in development mode since February 2026.
	//
	// Country is that of the account, as an ISO 3166-1 alpha-2 code.
	Country         string          `json:"country,omitzero"`
	Product         Product         `json:"product,omitzero"`
	ExplicitContent ExplicitContent `json:"explicit_content,omitzero"`
	// Email is the address that the user typed: nobody has checked that it is theirs.
	Email string `json:"email,omitzero"`
}

// Product is the user's subscription. It is empty, which means unknown, where Spotify does not say.
// There are values beyond the constants.
type Product string

// The products of the reference.
const (
	ProductPremium Product = "premium"
	ProductFree    Product = "free"
	// ProductOpen is another name for ProductFree.
	ProductOpen Product = "open"
)

// IsFree reports whether the user is known to pay nothing, under either of the names for that.
func (p Product) IsFree() bool { return p == ProductFree || p == ProductOpen }

// ExplicitContent is whether a user may hear what is marked as explicit.
type ExplicitContent struct {
	// FilterEnabled reports whether the player leaves such things out. It is nil, which means
	// unknown, without the scope user-read-private, and for apps in development mode since February
	// 2026.
	FilterEnabled *bool `json:"filter_enabled,omitzero"`
	// FilterLocked reports whether the user cannot change that. It is nil where FilterEnabled is.
	FilterLocked *bool `json:"filter_locked,omitzero"`
}

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

// TimeRange is over how long a user's taste is measured.
type TimeRange string

// The ranges that there are.
const (
	// TimeRangeLong is about a year.
	TimeRangeLong TimeRange = "long_term"
	// TimeRangeMedium is about six months.
	TimeRangeMedium TimeRange = "medium_term"
	// TimeRangeShort is about four weeks.
	TimeRangeShort TimeRange = "short_term"
)

var timeRanges = []TimeRange{TimeRangeLong, TimeRangeMedium, TimeRangeShort}

// TopParams are the optional parameters of Users.TopArtists and Users.TopTracks.
type TopParams struct {
	// TimeRange is over how long taste is measured, TimeRangeMedium if empty.
	TimeRange TimeRange
	// Limit is how many items to get. Zero is the API's default; an All… walk takes the most it may.
	Limit int
	// Offset is the index of the first item, from zero.
	Offset int
}

func (p *TopParams) query(q *query) {
	if p == nil {
		return
	}
	word(q, "time_range", "TimeRange", p.TimeRange, timeRanges)
	q.limit(p.Limit)
	q.offset(p.Offset)
}

func (p *TopParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *TopParams) at(limit, offset int) *TopParams {
	next := TopParams{Limit: limit, Offset: offset}
	if p != nil {
		next.TimeRange = p.TimeRange
	}
	return &next
}

// TopArtists returns one page of the artists whom the user likes best. Limit is 1 to 50, 20 if zero.
// Scope: user-top-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks
func (s *Users) TopArtists(ctx context.Context, p *TopParams) (*Page[Artist], error) {
	return fetch[Page[Artist]](ctx, s.core, operations.TopArtists, nowhere, p)
}

// AllTopArtists walks over the artists whom the user likes best, from p.Offset on, as TopArtists returns them.
func (s *Users) AllTopArtists(ctx context.Context, p *TopParams) iter.Seq2[Artist, error] {
	return walk(ctx, s.core, operations.TopArtists, p, s.TopArtists)
}

// TopTracks returns one page of the tracks that the user likes best. Limit is 1 to 50, 20 if zero.
// Scope: user-top-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks
func (s *Users) TopTracks(ctx context.Context, p *TopParams) (*Page[Track], error) {
	return fetch[Page[Track]](ctx, s.core, operations.TopTracks, nowhere, p)
}

// AllTopTracks walks over the tracks that the user likes best, from p.Offset on, as TopTracks returns them.
func (s *Users) AllTopTracks(ctx context.Context, p *TopParams) iter.Seq2[Track, error] {
	return walk(ctx, s.core, operations.TopTracks, p, s.TopTracks)
}

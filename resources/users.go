package resources

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Users returns users, the artists they follow and their top items, and follows and unfollows
// artists and users.
type Users struct{ core *core }

// Me returns the user whose token is sent. Apps in development mode have got neither country nor
// email nor product since February 2026. Scopes: user-read-private for country, product and
// explicit content, user-read-email for the email.
//
// https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile
func (s *Users) Me(ctx context.Context) (*PrivateUser, error) {
	return fetch[PrivateUser](ctx, s.core, operations.UserMe, nowhere, nil)
}

// Get returns the public profile of a user. id is an id, a spotify: URI or an open.spotify.com
// link.
//
// Closed to apps in development mode since 11 February 2026 (403). Me returns the token's user; for
// other users there is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-profile
func (s *Users) Get(ctx context.Context, id string) (*PublicUser, error) {
	return fetch[PublicUser](ctx, s.core, operations.UserGet, at(KindUser, id), nil)
}

// FollowedArtistsParams are the optional parameters of Users.FollowedArtists.
type FollowedArtistsParams struct {
	// After is Cursors.After of the page before, which is sent back unchanged, or the URI or the
	// link of that page's last artist. If empty, the first page is returned.
	After string
	// Limit is the number of artists on the page. If zero, FollowedArtists uses the API's default,
	// and AllFollowedArtists the largest page. A negative value is an error.
	Limit int
}

func (p *FollowedArtistsParams) query(q *query) {
	q.add("type", "artist")
	if p == nil {
		return
	}
	if _, _, ok := splitURI(argument.Pasted(p.After)); ok {
		q.id("after", "After", KindArtist, p.After)
	} else {
		q.str("after", p.After)
	}
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

// FollowedArtists returns one page of the artists that the user follows. Limit is 1 to 50, 20 if
// zero. Scope: user-follow-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-followed
func (s *Users) FollowedArtists(ctx context.Context, p *FollowedArtistsParams) (*CursorPage[Artist], error) {
	return fetch[CursorPage[Artist]](ctx, s.core, operations.FollowedArtists, nowhere, p)
}

// AllFollowedArtists iterates over the artists that the user follows, from p.After on.
// Scope: user-follow-read.
func (s *Users) AllFollowedArtists(ctx context.Context, p *FollowedArtistsParams) iter.Seq2[Artist, error] {
	return paginateByCursor(ctx, s.core, operations.FollowedArtists, p, s.FollowedArtists)
}

// TimeRange is the period that a user's top items are computed from.
type TimeRange string

// The time ranges of the API.
const (
	// TimeRangeLong is about 1 year.
	TimeRangeLong TimeRange = "long_term"
	// TimeRangeMedium is about 6 months.
	TimeRangeMedium TimeRange = "medium_term"
	// TimeRangeShort is about 4 weeks.
	TimeRangeShort TimeRange = "short_term"
)

var timeRanges = []TimeRange{TimeRangeLong, TimeRangeMedium, TimeRangeShort}

// TopParams are the optional parameters of Users.TopArtists and Users.TopTracks.
type TopParams struct {
	ListParams
	// TimeRange is the period that the list is computed from, TimeRangeMedium if empty.
	TimeRange TimeRange
}

func (p *TopParams) query(q *query) {
	if p == nil {
		return
	}
	word(q, "time_range", "TimeRange", p.TimeRange, timeRanges)
	p.ListParams.query(q)
}

// TopArtists returns one page of the user's most played artists. Limit is 1 to 50, 20 if zero.
// Scope: user-top-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks
func (s *Users) TopArtists(ctx context.Context, p *TopParams) (*Page[Artist], error) {
	return fetch[Page[Artist]](ctx, s.core, operations.TopArtists, nowhere, p)
}

// AllTopArtists iterates over the user's most played artists from p.Offset on. Scope:
// user-top-read.
func (s *Users) AllTopArtists(ctx context.Context, p *TopParams) iter.Seq2[Artist, error] {
	return paginate(ctx, s.core, operations.TopArtists, p, s.TopArtists)
}

// TopTracks returns one page of the user's most played tracks. Limit is 1 to 50, 20 if zero.
// Scope: user-top-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks
func (s *Users) TopTracks(ctx context.Context, p *TopParams) (*Page[Track], error) {
	return fetch[Page[Track]](ctx, s.core, operations.TopTracks, nowhere, p)
}

// AllTopTracks iterates over the user's most played tracks from p.Offset on. Scope: user-top-read.
func (s *Users) AllTopTracks(ctx context.Context, p *TopParams) iter.Seq2[Track, error] {
	return paginate(ctx, s.core, operations.TopTracks, p, s.TopTracks)
}

// Follow follows artists (KindArtist) or users (KindUser). It sends one request for each 50 ids; if
// a later one fails, the *PartialError has the number that is followed. Scope: user-follow-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/follow-artists-users
func (s *Users) Follow(ctx context.Context, kind Kind, ids ...string) error {
	return s.changeFollowed(ctx, operations.Follow, kind, ids)
}

// Unfollow unfollows artists (KindArtist) or users (KindUser). It sends one request for each 50
// ids; if a later one fails, the *PartialError has the number that was unfollowed.
// Scope: user-follow-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/unfollow-artists-users
func (s *Users) Unfollow(ctx context.Context, kind Kind, ids ...string) error {
	return s.changeFollowed(ctx, operations.Unfollow, kind, ids)
}

// Follows reports for each id whether the user follows the artist (KindArtist) or user (KindUser).
// It sends one request for each 50 ids, several at a time. Scope: user-follow-read.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Contains.
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

// followable returns the bare ids of artists or users. An id with a comma is an error, because the
// API takes the ids as a comma-separated list.
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

// idsOfKind puts the kind and the ids into the query.
func idsOfKind(kind Kind) carrier {
	return func(ids []string) (querier, any) { return &severalParams{ids, followParams(kind)}, nil }
}

// followParams are the kind of the ids.
type followParams Kind

func (p followParams) query(q *query) { q.add("type", string(p)) }

// PublicUser has the public members of a user.
type PublicUser struct {
	// ID, URI and Href identify the user: in this package, in players, in the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "user".
	Type string `json:"type"`
	// DisplayName is empty if the user has not set one.
	DisplayName  string       `json:"display_name,omitzero"`
	Images       Images       `json:"images"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// Followers is empty for apps in development mode since February 2026.
	Followers Followers `json:"followers,omitzero"`
}

// Link returns the address of the user's page at open.spotify.com, empty if the user has no id.
func (u *PublicUser) Link() string { return linkTo(KindUser, u.ID, u.ExternalURLs) }

// String returns the user's name, or the id if there is no name. It never has the email.
func (u PublicUser) String() string { return line(cmp.Or(u.DisplayName, u.ID), u.URI, "", "") }

// PrivateUser has all members of the user whose token was sent. Country, Product, ExplicitContent
// and Email are empty for apps in development mode since February 2026.
type PrivateUser struct {
	PublicUser
	// AccountID identifies the account permanently, while the user may change ID. Spotify has sent
	// it since May 2026.
	AccountID string `json:"account_id,omitzero"`
	// Country is the country of the account, as an ISO 3166-1 alpha-2 code. Scope:
	// user-read-private.
	Country string `json:"country,omitzero"`
	// Product is the user's subscription. Scope: user-read-private.
	Product Product `json:"product,omitzero"`
	// ExplicitContent is the user's setting for explicit content. Scope: user-read-private.
	ExplicitContent ExplicitContent `json:"explicit_content,omitzero"`
	// Email is the address that the user has entered. Spotify has not verified it.
	// Scope: user-read-email.
	Email string `json:"email,omitzero"`
}

// Product is a user's subscription. Empty means unknown. Spotify also sends values other than the
// constants.
type Product string

// The products in the API reference.
const (
	ProductPremium Product = "premium"
	ProductFree    Product = "free"
	// ProductOpen means the same as ProductFree.
	ProductOpen Product = "open"
)

// IsFree reports whether the product is ProductFree or ProductOpen.
func (p Product) IsFree() bool { return p == ProductFree || p == ProductOpen }

// ExplicitContent is a user's setting for explicit content.
type ExplicitContent struct {
	// FilterEnabled reports whether the player skips explicit content. It is nil, which means
	// unknown, without the scope user-read-private, and for apps in development mode since February
	// 2026.
	FilterEnabled *bool `json:"filter_enabled,omitzero"`
	// FilterLocked reports whether the user cannot change the setting. It is nil if FilterEnabled
	// is.
	FilterLocked *bool `json:"filter_locked,omitzero"`
}

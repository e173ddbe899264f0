package resources

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Playlists returns, creates and changes playlists.
type Playlists struct{ core *core }

// GetPlaylistParams are the optional parameters of Playlists.Get.
type GetPlaylistParams struct {
	// Market is as in GetParams.
	Market string
	// Fields are the members of the playlist to return, all if empty:
	// "name,owner.display_name,items.items(added_at,item(name))", or "!images" for all but some.
	// The members that are needed to decode items are added: type and uri, and the names of items
	// and item for apps with extended quota (tracks and track).
	Fields string
}

func (p *GetPlaylistParams) query(q *query) {
	if p == nil {
		p = &GetPlaylistParams{}
	}
	q.market(p.Market)
	q.str("fields", completed(p.Fields, func(s selection) selection { return s.mapped(pageFields, "items", "tracks") }))
	q.withEpisodes()
}

// Get returns a playlist with the first page of its items. id is an id, a spotify: URI or an
// open.spotify.com link. Apps in development mode have got the items only of playlists that the
// user owns or may change since February 2026. Spotify responds with 404 to apps made after 27
// November 2024 for playlists that Spotify itself has made.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlist
func (s *Playlists) Get(ctx context.Context, id string, p *GetPlaylistParams) (*Playlist, error) {
	return fetch[Playlist](ctx, s.core, operations.PlaylistGet, at(KindPlaylist, id), p)
}

// PlaylistItemsParams are the optional parameters of Playlists.Items.
type PlaylistItemsParams struct {
	ListParams
	// Market is as in GetParams.
	Market string
	// Fields are the members of the page to return, all if empty:
	// "total,items(added_at,item(name))". The rest is as in GetPlaylistParams. AllItems adds the
	// members that it needs to paginate: limit, next and total.
	Fields string
}

func (p *PlaylistItemsParams) query(q *query) {
	if p == nil {
		p = &PlaylistItemsParams{}
	}
	q.market(p.Market)
	p.ListParams.query(q)
	q.str("fields", completed(p.Fields, pageFields))
	q.withEpisodes()
}

// paginated returns params with the fields that an iterator needs.
func (p *PlaylistItemsParams) paginated() *PlaylistItemsParams {
	if p == nil {
		return nil
	}
	all := *p
	all.Fields = completed(p.Fields, func(s selection) selection { return s.with("limit", "next", "total") })
	return &all
}

// Items returns one page of a playlist's items. Limit is 1 to 50, 20 if zero. Spotify has responded
// with 403 to apps in development mode since February 2026, unless the user owns the playlist or
// may change it, and with 404 to apps made after 27 November 2024 for playlists that Spotify itself
// has made. PlaylistItem.URI is the URI for AddItems and RemoveItems; it is empty for an item that
// no longer exists, and PlaylistItem.IsLocal reports a local file, which cannot be added.
// Scope: playlist-read-private, for the user's private playlists.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlists-items
func (s *Playlists) Items(ctx context.Context, id string, p *PlaylistItemsParams) (*Page[PlaylistItem], error) {
	return fetch[Page[PlaylistItem]](ctx, s.core, operations.PlaylistItems, at(KindPlaylist, id), p)
}

// AllItems iterates over a playlist's items from p.Offset on. It is closed to the same apps as
// Items. Scope: playlist-read-private, for the user's private playlists.
func (s *Playlists) AllItems(
	ctx context.Context, id string, p *PlaylistItemsParams,
) iter.Seq2[PlaylistItem, error] {
	return paginate(ctx, s.core, operations.PlaylistItems, p.paginated(), of(id, s.Items))
}

// Mine returns one page of the playlists that the user owns or follows. Limit is 1 to 50, 20 if
// zero. Scopes: playlist-read-private for private playlists, playlist-read-collaborative for
// collaborative ones.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists
func (s *Playlists) Mine(ctx context.Context, p *ListParams) (*Page[SimplifiedPlaylist], error) {
	return fetch[Page[SimplifiedPlaylist]](ctx, s.core, operations.PlaylistsMine, nowhere, p)
}

// AllMine iterates over the playlists that the user owns or follows, from p.Offset on. Scopes:
// playlist-read-private for private playlists, playlist-read-collaborative for collaborative ones.
func (s *Playlists) AllMine(ctx context.Context, p *ListParams) iter.Seq2[SimplifiedPlaylist, error] {
	return paginate(ctx, s.core, operations.PlaylistsMine, p, s.Mine)
}

// CoverImages returns the cover of a playlist in its sizes: one size if it was uploaded, up to
// three if Spotify made it, none if the playlist is empty.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover
func (s *Playlists) CoverImages(ctx context.Context, id string) (Images, error) {
	return list[Image](ctx, s.core, operations.PlaylistCovers, at(KindPlaylist, id), nil)
}

// PlaylistDetails has the members of a playlist except its items.
type PlaylistDetails struct {
	// ID, URI and Href identify the playlist: in this package, in players, in the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "playlist".
	Type string `json:"type"`
	Name string `json:"name"`
	// Description may have HTML entities. It is empty if the owner has not set one.
	Description string `json:"description"`
	// Images are the cover: one size if it was uploaded, up to three if Spotify made it.
	Images Images        `json:"images"`
	Owner  PlaylistOwner `json:"owner"`
	// Public reports whether the playlist is on its owner's profile. It is nil if that is unknown.
	Public *bool `json:"public,omitzero"`
	// Collaborative reports whether other users may change the playlist.
	Collaborative bool `json:"collaborative"`
	// SnapshotID identifies this version of the playlist.
	SnapshotID   string       `json:"snapshot_id"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// Link returns the address of the playlist's page at open.spotify.com, empty if the playlist has no
// id.
func (p *PlaylistDetails) Link() string { return linkTo(KindPlaylist, p.ID, p.ExternalURLs) }

// String returns the playlist in one line: its name and its owner.
func (p PlaylistDetails) String() string { return line(p.Name, p.URI, p.Owner.name(), "") }

// SimplifiedPlaylist has the members of a playlist that lists and search results include.
type SimplifiedPlaylist struct {
	PlaylistDetails
	// Items has the number of items. It is empty for apps in development mode since February 2026,
	// for playlists that the user neither owns nor may change.
	Items PlaylistItemsRef `json:"items" also:"tracks"`
}

// PlaylistItemsRef has the number of a playlist's items.
type PlaylistItemsRef struct {
	// Href is the address of the items.
	Href string `json:"href"`
	// Total is the number of items.
	Total int `json:"total"`
}

// Playlist has all members of a playlist.
type Playlist struct {
	PlaylistDetails
	// Followers is empty for apps in development mode since February 2026.
	Followers Followers `json:"followers,omitzero"`
	// Items is the first page of the playlist's items. Playlists.AllItems iterates over all of
	// them. It is the zero Page, with an empty Href, for apps in development mode since February
	// 2026, for playlists that the user neither owns nor may change.
	Items Page[PlaylistItem] `json:"items" also:"tracks"`
}

// PlaylistItem is one item of a playlist.
type PlaylistItem struct {
	// AddedAt is the time when the item was added, and AddedBy the user who has added it. Both are
	// empty in some very old playlists.
	AddedAt time.Time    `json:"added_at,omitzero"`
	AddedBy PlaylistUser `json:"added_by,omitzero"`
	// IsLocal reports whether the item is a file on a user's device.
	IsLocal bool `json:"is_local"`
	// Item is the track or episode. It is empty if that no longer exists.
	Item Playable `json:"item" also:"track"`
}

// URI returns the URI that the playlist contains, empty if Spotify sends none. In a response for a
// market, Spotify may have replaced a track by another recording that is available there; then the
// playlist contains Track.LinkedFrom, not the track. Spotify sends LinkedFrom to apps with extended
// quota only, so an app in development mode should read a playlist without a market to change it.
func (i PlaylistItem) URI() string {
	if i.Item.Track != nil && i.Item.Track.LinkedFrom.URI != "" {
		return i.Item.Track.LinkedFrom.URI
	}
	return i.Item.URI()
}

// String returns the item in one line.
func (i PlaylistItem) String() string { return i.Item.String() }

// PlaylistUser has the members of a user that playlists include.
type PlaylistUser struct {
	// ID, URI and Href identify the user: in this package, in players, in the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "user".
	Type         string       `json:"type"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// Link returns the address of the user's page at open.spotify.com, empty if the user has no id.
func (u *PlaylistUser) Link() string { return linkTo(KindUser, u.ID, u.ExternalURLs) }

// String returns the user's id.
func (u PlaylistUser) String() string { return line(u.ID, u.URI, "", "") }

// PlaylistOwner is the owner of a playlist.
type PlaylistOwner struct {
	PlaylistUser
	// DisplayName is empty if the user has not set one.
	DisplayName string `json:"display_name,omitzero"`
}

// String returns the user's name, or the id if there is no name.
func (o PlaylistOwner) String() string { return line(o.name(), o.URI, "", "") }

func (o *PlaylistOwner) name() string { return cmp.Or(o.DisplayName, o.ID) }

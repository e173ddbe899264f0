package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Playlists gets, makes and changes playlists.
type Playlists struct{ core *core }

// Get returns a playlist. id is a bare id, a spotify: URI or an open.spotify.com address. What is in it comes as its first page only, and for apps in development mode
// since February 2026 not at all, unless the user owns the playlist or may change it. Playlists made by Spotify itself are not there (404) for apps made after 27 November 2024.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlist
func (s *Playlists) Get(ctx context.Context, id string, p *GetPlaylistParams) (*Playlist, error) {
	return fetch[Playlist](ctx, s.core, operations.PlaylistGet, at(KindPlaylist, id), p)
}

// Items returns one page of what is in a playlist. Limit is 1 to 50, 20 if zero. Apps in development mode get 403 since February 2026, unless the user owns the playlist or may change it.
// Scope: playlist-read-private, for the user's private ones.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlists-items
func (s *Playlists) Items(ctx context.Context, id string, p *PlaylistItemsParams) (*Page[PlaylistItem], error) {
	return fetch[Page[PlaylistItem]](ctx, s.core, operations.PlaylistItems, at(KindPlaylist, id), p)
}

// AllItems walks over what is in a playlist, from p.Offset on, as Items returns it. Where p.Fields leaves out what tells the pages apart, AllItems asks for that as well.
func (s *Playlists) AllItems(ctx context.Context, id string, p *PlaylistItemsParams) iter.Seq2[PlaylistItem, error] {
	return walk(ctx, s.core, operations.PlaylistItems, p, of(id, s.Items))
}

// Mine returns one page of the playlists that the user owns or follows. Limit is 1 to 50, 20 if zero.
// Scopes: playlist-read-private for private ones, playlist-read-collaborative for collaborative ones.
//
// https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists
func (s *Playlists) Mine(ctx context.Context, p *ListParams) (*Page[SimplifiedPlaylist], error) {
	return fetch[Page[SimplifiedPlaylist]](ctx, s.core, operations.PlaylistsMine, nowhere, p)
}

// AllMine walks over the playlists that the user owns or follows, from p.Offset on, as Mine returns them.
func (s *Playlists) AllMine(ctx context.Context, p *ListParams) iter.Seq2[SimplifiedPlaylist, error] {
	return walk(ctx, s.core, operations.PlaylistsMine, p, s.Mine)
}

// PlaylistDetails are what is known of a playlist beside what is in it.
type PlaylistDetails struct {
	// ID, URI and Href name the playlist: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "playlist".
	Type string `json:"type"`
	Name string `json:"name"`
	// Description may hold HTML entities; it is empty where the owner has written none.
	Description string `json:"description"`
	// Images are the cover: one that was uploaded, or up to three sizes of one made of the first albums' covers.
	Images Images        `json:"images"`
	Owner  PlaylistOwner `json:"owner"`
	// Public says whether the playlist is on its owner's profile; nil where that is not known or of no matter.
	Public *bool `json:"public,omitzero"`
	// Collaborative says that its owner lets others change it.
	Collaborative bool `json:"collaborative"`
	// SnapshotID names this version of the playlist.
	SnapshotID   string       `json:"snapshot_id"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// SimplifiedPlaylist is a playlist as lists name one.
type SimplifiedPlaylist struct {
	PlaylistDetails
	// Items tells how much is in it. It is empty where Spotify does not say: for apps in development mode since February 2026, of playlists that the user neither owns nor may change.
	Items PlaylistItemsRef `json:"items" also:"tracks"`
}

// PlaylistItemsRef tells how much is in a playlist.
type PlaylistItemsRef struct {
	// Href is the address of the playlist's items.
	Href string `json:"href"`
	// Total is how many there are.
	Total int `json:"total"`
}

// Playlist is everything the API tells of a playlist.
type Playlist struct {
	PlaylistDetails
	// Followers is empty for apps in development mode since February 2026.
	Followers Followers `json:"followers,omitzero"`
	// Items is the first page of what is in it; Playlists.AllItems gets everything. It is the zero Page, with an empty Href, where Spotify does not show it: to apps in development mode
	// since February 2026, of playlists that the user neither owns nor may change.
	Items Page[PlaylistItem] `json:"items" also:"tracks"`
}

// PlaylistItem is one entry of a playlist.
type PlaylistItem struct {
	// AddedAt is when it was added, and AddedBy who did so; both are empty in some very old playlists.
	AddedAt time.Time    `json:"added_at,omitzero"`
	AddedBy PlaylistUser `json:"added_by,omitzero"`
	// IsLocal says that it is a file of somebody's.
	IsLocal bool `json:"is_local"`
	// Item is the track or episode. It is empty where that is no longer there.
	Item Playable `json:"item" also:"track"`
}

// PlaylistUser is a user as playlists name one.
type PlaylistUser struct {
	// ID, URI and Href name the user: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "user".
	Type         string       `json:"type"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// PlaylistOwner is a user to whom a playlist belongs.
type PlaylistOwner struct {
	PlaylistUser
	// DisplayName is empty where the user has chosen none.
	DisplayName string `json:"display_name,omitzero"`
}

// GetPlaylistParams are the optional parameters of Playlists.Get.
type GetPlaylistParams struct {
	// Market is as in GetParams.
	Market string
	// Fields are the members of the playlist to fetch, all if empty:
	// "name,owner.display_name,items.items(added_at,item(name))", or "!images" for all but some.
	// The package adds what it needs to understand the items: type and uri, and the other spelling
	// (tracks for items, track for item), which apps with extended quota get.
	Fields string
}

func (p *GetPlaylistParams) query(q *query) {
	if p == nil {
		p = &GetPlaylistParams{}
	}
	q.market(p.Market)
	q.str("fields", completed(p.Fields, func(s selection) selection { return s.mapped(pageFields, "items", "tracks") }))
	q.episodesToo()
}

// PlaylistItemsParams are the optional parameters of Playlists.Items.
type PlaylistItemsParams struct {
	// Limit is how many items to get. Zero is the API's default; AllItems takes the most it may.
	Limit int
	// Offset is the index of the first item, from zero.
	Offset int
	// Market is as in GetParams.
	Market string
	// Fields are the members of the page to fetch, all if empty:
	// "total,items(added_at,item(name))". As in GetPlaylistParams.
	Fields string
}

func (p *PlaylistItemsParams) query(q *query) {
	if p == nil {
		p = &PlaylistItemsParams{}
	}
	(&PageParams{p.Limit, p.Offset, p.Market}).query(q)
	q.str("fields", completed(p.Fields, pageFields))
	q.episodesToo()
}

func (p *PlaylistItemsParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *PlaylistItemsParams) at(limit, offset int) *PlaylistItemsParams {
	next := PlaylistItemsParams{Limit: limit, Offset: offset}
	if p != nil {
		next.Market = p.Market
		// An iterator needs to know where the next page begins.
		next.Fields = completed(p.Fields, func(s selection) selection { return s.with("limit", "next", "total") })
	}
	return &next
}

// episodesToo asks for episodes as what they are. A client that does not say it knows them gets them in the shape of tracks, or null in their place.
func (q *query) episodesToo() { q.add("additional_types", "track,episode") }

// FollowPlaylistParams are the optional parameters of Playlists.Follow.
type FollowPlaylistParams struct {
	// Public says whether the playlist is shown on the user's profile; it is if nil.
	Public *bool `json:"public,omitzero"`
}

// Follow puts a playlist into the user's library.
// Scope: playlist-modify-public, or playlist-modify-private to follow it in private.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/follow-playlist
func (s *Playlists) Follow(ctx context.Context, id string, p *FollowPlaylistParams) error {
	if p == nil {
		p = &FollowPlaylistParams{}
	}
	return command(ctx, s.core, operations.PlaylistFollow, at(KindPlaylist, id), nil, p)
}

// Unfollow takes a playlist out of the user's library.
// Scope: playlist-modify-public, or playlist-modify-private for one that is followed in private.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/unfollow-playlist
func (s *Playlists) Unfollow(ctx context.Context, id string) error {
	return command(ctx, s.core, operations.PlaylistUnfollow, at(KindPlaylist, id), nil, nil)
}

// Follows reports whether the user follows a playlist.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-if-user-follows-playlist
func (s *Playlists) Follows(ctx context.Context, id string) (bool, error) {
	got, err := fetch[[]bool](ctx, s.core, operations.PlaylistFollowers, at(KindPlaylist, id), nil)
	if err != nil {
		return false, err
	}
	return len(*got) > 0 && (*got)[0], nil
}

package resources

import "time"

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

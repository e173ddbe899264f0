package resources

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// CreatePlaylistParams are the parameters of Playlists.Create. Name is required.
type CreatePlaylistParams struct {
	// Name is the playlist's name: one line of text. Several playlists of a user may have the same
	// name.
	Name string `json:"name"`
	// Public says whether the playlist is on the user's profile. If nil, it is.
	Public *bool `json:"public,omitzero"`
	// Collaborative lets other users change the playlist. It requires Public to be false.
	Collaborative bool `json:"collaborative,omitzero"`
	// Description is the playlist's description: one line of text, none if empty.
	Description string `json:"description,omitzero"`
}

func (p *CreatePlaylistParams) check() error {
	switch {
	case p == nil:
		return argument.Errorf("p", p, "params with a Name")
	case p.Name == "":
		return argument.Errorf("Name", p.Name, "at least one character")
	case p.Collaborative && (p.Public == nil || *p.Public):
		return argument.Errorf("Collaborative", p.Collaborative, "false, or Public set to false")
	}
	return cmp.Or(checkLine("Name", p.Name), checkLine("Description", p.Description))
}

// checkLine returns an error for text that Spotify would respond to with 500.
func checkLine(name, text string) error {
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\n\v\f\r\u0085\u2028\u2029") {
		return argument.Errorf(name, text, "one line of UTF-8 text")
	}
	return nil
}

// Create creates an empty playlist that the user owns, and returns it. It is not idempotent, so it
// is not retried if it may have been applied.
// Scope: playlist-modify-public, or playlist-modify-private for a private playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/create-playlist
func (s *Playlists) Create(ctx context.Context, p *CreatePlaylistParams) (*Playlist, error) {
	return s.create(ctx, operations.PlaylistCreate, nowhere, p)
}

func (s *Playlists) create(
	ctx context.Context, op *operations.Operation, at place, p *CreatePlaylistParams,
) (*Playlist, error) {
	if err := p.check(); err != nil {
		return nil, named(op, err)
	}
	return exchange[Playlist](ctx, s.core, op, at, nil, p)
}

// ChangeDetailsParams are the parameters of Playlists.ChangeDetails. Fields that are empty or nil
// do not change; at least one field must be set.
type ChangeDetailsParams struct {
	// Name is the new name: one line of text.
	Name string `json:"name,omitzero"`
	// Public says whether the playlist is on the user's profile.
	Public *bool `json:"public,omitzero"`
	// Collaborative says whether other users may change the playlist. True requires a playlist that
	// is not public.
	Collaborative *bool `json:"collaborative,omitzero"`
	// Description is the new description: one line of text.
	Description *string `json:"description,omitzero"`
}

func (p *ChangeDetailsParams) check() error {
	switch {
	case p == nil || *p == ChangeDetailsParams{}:
		return argument.Described("p", "nothing to change", "at least one field that is set")
	case p.Collaborative != nil && *p.Collaborative && p.Public != nil && *p.Public:
		return argument.Errorf("Collaborative", true, "false, or Public set to false")
	}
	description := ""
	if p.Description != nil {
		description = *p.Description
	}
	return cmp.Or(checkLine("Name", p.Name), checkLine("Description", description))
}

// ChangeDetails changes the name, the description and the access of a playlist that the user owns.
// Scope: playlist-modify-public, or playlist-modify-private for a private playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/change-playlist-details
func (s *Playlists) ChangeDetails(ctx context.Context, id string, p *ChangeDetailsParams) error {
	if err := p.check(); err != nil {
		return named(operations.PlaylistChangeDetails, err)
	}
	return command(ctx, s.core, operations.PlaylistChangeDetails, at(KindPlaylist, id), nil, p)
}

// AddItemsParams are the optional parameters of Playlists.AddItems.
type AddItemsParams struct {
	// Position is the index of the first new item. If nil, the items are added to the end. A
	// negative value is an error.
	Position *int
}

// AddItems adds tracks and episodes to a playlist, by URI or open.spotify.com link, and returns the
// playlist's new version. Items that the playlist contains already are added again. It sends one
// request for each 100 uris; if a later one fails, the *PartialError has the number of added items.
// It is not idempotent, so a request is not retried if it may have been applied.
// Scope: playlist-modify-public, or playlist-modify-private for a private playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist
func (s *Playlists) AddItems(
	ctx context.Context, id string, uris []string, p *AddItemsParams,
) (snapshotID string, err error) {
	return s.add(ctx, operations.PlaylistAddItems, id, uris, p)
}

// RemoveItemsParams are the optional parameters of Playlists.RemoveItems.
type RemoveItemsParams struct {
	// SnapshotID is the version of the playlist that the caller has read: items that others have
	// added since then are not removed. If empty, items are removed from the current version.
	SnapshotID string
}

// RemoveItems removes all occurrences of tracks and episodes from a playlist, by URI or
// open.spotify.com link, and returns the playlist's new version. URIs that the playlist does not
// contain are no error. This includes the URI of a track that has replaced the playlist's own in a
// market; RemoveEntries takes items as they were read. The URI of a local file is refused: the Web
// API cannot remove local files by URI, and ReplaceItems drops them. RemoveItems sends one request
// for each 100 uris; if a later one fails, the *PartialError has the number of removed URIs. With a
// SnapshotID it is not idempotent, so a request is not retried if it may have been applied, and
// each request after the first uses the version that the one before has returned.
// Scope: playlist-modify-public, or playlist-modify-private for a private playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist
func (s *Playlists) RemoveItems(
	ctx context.Context, id string, uris []string, p *RemoveItemsParams,
) (snapshotID string, err error) {
	body := func(items []itemRef, snapshot string) any { return removeItemsBody{items, snapshot} }
	return s.remove(ctx, operations.PlaylistRemoveItems, id, uris, p, body)
}

// RemoveEntries removes items of a playlist as Items and AllItems have returned them, and returns
// the playlist's new version. It calls RemoveItems with the URI of each entry, so it also removes a
// track that was replaced by another recording in a market, and all other occurrences of each
// track. An entry without a URI, such as a track that no longer exists, is an error, and nothing is
// sent.
// Scope: playlist-modify-public, or playlist-modify-private for a private playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist
func (s *Playlists) RemoveEntries(
	ctx context.Context, id string, entries []PlaylistItem, p *RemoveItemsParams,
) (snapshotID string, err error) {
	uris := make([]string, len(entries))
	for i := range entries {
		if uris[i] = entries[i].URI(); uris[i] == "" {
			return "", named(operations.PlaylistRemoveItems, argument.Described(
				element("entries", i), "an entry without a URI", "entries with a track or an episode that has a URI"))
		}
	}
	return s.RemoveItems(ctx, id, uris, p)
}

// ReplaceItems replaces all items of a playlist by tracks and episodes, by URI or open.spotify.com
// link, and returns the playlist's new version. An empty list clears the playlist; nil is an error.
// The first 100 uris replace the items, and the others are added by one request for each 100; if a
// later one fails, the *PartialError has the number of items in the playlist.
// Scope: playlist-modify-public, or playlist-modify-private for a private playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-items
func (s *Playlists) ReplaceItems(ctx context.Context, id string, uris []string) (snapshotID string, err error) {
	return s.replace(ctx, operations.PlaylistUpdateItems, operations.PlaylistAddItems, id, uris)
}

// ReorderItemsParams are the optional parameters of Playlists.ReorderItems.
type ReorderItemsParams struct {
	// RangeLength is the number of items to move, 1 if zero. A negative value is an error.
	RangeLength int
	// SnapshotID is the version of the playlist that the indices refer to. If empty, they refer to
	// the current version.
	SnapshotID string
}

// ReorderItems moves p.RangeLength items, from the index rangeStart on, to before the item at the
// index insertBefore, and returns the playlist's new version. Both indices start at 0 and refer to
// the order before the move. The playlist's length as insertBefore moves the items to the end. It
// is not idempotent, so it is not retried if it may have been applied.
// Scope: playlist-modify-public, or playlist-modify-private for a private playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-items
func (s *Playlists) ReorderItems(
	ctx context.Context, id string, rangeStart, insertBefore int, p *ReorderItemsParams,
) (snapshotID string, err error) {
	return s.reorder(ctx, operations.PlaylistUpdateItems, id, rangeStart, insertBefore, p)
}

// largestCover is the largest cover that Spotify takes, in bytes of base64.
const largestCover = 256 << 10

// UploadCoverImage replaces the cover of a playlist that the user owns by a JPEG image of at most
// 192 KiB, which are 256 KiB in base64, as it is sent. Spotify shows the new cover some time later.
// Uploads have a rate limit of their own, which is lower than that of other requests.
// Scopes: ugc-image-upload; playlist-modify-public, or playlist-modify-private for a private
// playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover
func (s *Playlists) UploadCoverImage(ctx context.Context, id string, jpeg []byte) error {
	if err := checkCover(jpeg); err != nil {
		return named(operations.PlaylistUploadCover, err)
	}
	image := upload{"image/jpeg", base64.StdEncoding.AppendEncode(nil, jpeg)}
	return command(ctx, s.core, operations.PlaylistUploadCover, at(KindPlaylist, id), nil, image)
}

func checkCover(jpeg []byte) error {
	if size := base64.StdEncoding.EncodedLen(len(jpeg)); size > largestCover {
		return argument.Described("jpeg", fmt.Sprintf("%d bytes, which are %d in base64", len(jpeg), size),
			"at most %d bytes, which are %d in base64", largestCover/4*3, largestCover)
	}
	if kind := http.DetectContentType(jpeg); kind != "image/jpeg" {
		return argument.Described("jpeg", "the content is "+kind, "the content of a JPEG file")
	}
	return nil
}

// listable are the kinds of items that a playlist contains.
var listable = []Kind{KindTrack, KindEpisode}

// snapshot is the response to a change of a playlist's items.
type snapshot struct {
	SnapshotID string `json:"snapshot_id"`
}

// itemsBody is the body of the requests that add and replace items.
type itemsBody struct {
	URIs     []string `json:"uris"`
	Position *int     `json:"position,omitzero"`
}

func (s *Playlists) add(
	ctx context.Context, op *operations.Operation, id string, uris []string, p *AddItemsParams,
) (string, error) {
	uris, err := checkURIs("uris", uris, listable...)
	if err == nil && p != nil && p.Position != nil && *p.Position < 0 {
		err = argument.Errorf("Position", *p.Position, "0 or more, or nil for the end")
	}
	if err != nil || len(uris) == 0 {
		return "", named(op, err)
	}
	return s.edit(ctx, op, op, id, uris, func(some []string, from int, _ string) any {
		body := itemsBody{URIs: some}
		if p != nil && p.Position != nil {
			body.Position = new(*p.Position + from)
		}
		return body
	})
}

type itemRef struct {
	URI string `json:"uri"`
}

type removeItemsBody struct {
	Items      []itemRef `json:"items"`
	SnapshotID string    `json:"snapshot_id,omitzero"`
}

func (s *Playlists) remove(
	ctx context.Context, op *operations.Operation, id string, uris []string, p *RemoveItemsParams,
	body func([]itemRef, string) any,
) (string, error) {
	uris, err := checkURIs("uris", uris, listable...)
	if err != nil || len(uris) == 0 {
		return "", named(op, err)
	}
	hasVersion := p != nil && p.SnapshotID != ""
	return s.edit(ctx, op, op, id, uris, func(some []string, from int, version string) any {
		switch {
		case !hasVersion:
			version = ""
		case from == 0:
			version = p.SnapshotID
		}
		items := make([]itemRef, len(some))
		for i, uri := range some {
			items[i].URI = uri
		}
		return body(items, version)
	})
}

func (s *Playlists) replace(
	ctx context.Context, put, post *operations.Operation, id string, uris []string,
) (string, error) {
	if uris == nil {
		return "", named(put, argument.Errorf("uris", uris, "a list that is not nil; an empty one clears the playlist"))
	}
	uris, err := checkURIs("uris", uris, listable...)
	if err != nil {
		return "", named(put, err)
	}
	body := func(some []string, _ int, _ string) any { return itemsBody{URIs: some} }
	return s.edit(ctx, put, post, id, uris, body)
}

// edit sends one request after another, each with at most op.MaxItems items, and the first also
// without items. body makes the body of a request from its items, the index of the first of them,
// and the version that the request before has returned.
func (s *Playlists) edit(
	ctx context.Context, first, rest *operations.Operation, id string, uris []string,
	body func(some []string, from int, version string) any,
) (string, error) {
	op, size := first, first.MaxItems
	var version string
	for from := 0; from == 0 || from < len(uris); from += size {
		some := uris[from:min(from+size, len(uris))]
		got, err := exchange[snapshot](ctx, s.core, op, at(KindPlaylist, id), nil, body(some, from, version))
		if err != nil {
			return "", partial(from, len(some), version, err)
		}
		op, version = rest, got.SnapshotID
	}
	return version, nil
}

type reorderItemsBody struct {
	RangeStart   int    `json:"range_start"`
	InsertBefore int    `json:"insert_before"`
	RangeLength  int    `json:"range_length,omitzero"`
	SnapshotID   string `json:"snapshot_id,omitzero"`
}

func (s *Playlists) reorder(
	ctx context.Context, op *operations.Operation, id string, rangeStart, insertBefore int, p *ReorderItemsParams,
) (string, error) {
	if p == nil {
		p = &ReorderItemsParams{}
	}
	for _, index := range []struct {
		name  string
		value int
	}{{"rangeStart", rangeStart}, {"insertBefore", insertBefore}, {"RangeLength", p.RangeLength}} {
		if index.value < 0 {
			return "", named(op, argument.Errorf(index.name, index.value, "0 or more"))
		}
	}
	body := reorderItemsBody{rangeStart, insertBefore, p.RangeLength, p.SnapshotID}
	got, err := exchange[snapshot](ctx, s.core, op, at(KindPlaylist, id), nil, body)
	if err != nil {
		return "", err
	}
	return got.SnapshotID, nil
}

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

// CreatePlaylistParams are what a new playlist shall be like. Only Name is needed.
type CreatePlaylistParams struct {
	// Name is what it is called; another of the user's playlists may have the same name.
	Name string `json:"name"`
	// Public says whether it is shown on the user's profile; it is if nil.
	Public *bool `json:"public,omitzero"`
	// Collaborative lets others change it. Public must be false then.
	Collaborative bool `json:"collaborative,omitzero"`
	// Description is shown below the name: one line.
	Description string `json:"description,omitzero"`
}

func (p *CreatePlaylistParams) check() error {
	switch {
	case p == nil:
		return argument.Errorf("p", p, "at least a Name")
	case p.Name == "":
		return argument.Errorf("Name", p.Name, "at least one character")
	case p.Collaborative && (p.Public == nil || *p.Public):
		return argument.Errorf("Collaborative", p.Collaborative, "true only with Public set to false")
	}
	return cmp.Or(checkLine("Name", p.Name), checkLine("Description", p.Description))
}

// checkLine refuses text that Spotify answers with 500.
func checkLine(name, text string) error {
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\n\v\f\r\u0085\u2028\u2029") {
		return argument.Errorf(name, text, "one line of UTF-8 text")
	}
	return nil
}

// Create makes an empty playlist that the user owns. It is not sent again if it may have been carried out.
// Scope: playlist-modify-public, or playlist-modify-private for a private one.
//
// https://developer.spotify.com/documentation/web-api/reference/create-playlist
func (s *Playlists) Create(ctx context.Context, p *CreatePlaylistParams) (*Playlist, error) {
	return s.create(ctx, operations.PlaylistCreate, nowhere, p)
}

func (s *Playlists) create(ctx context.Context, op *operations.Operation, at place, p *CreatePlaylistParams) (*Playlist, error) {
	if err := p.check(); err != nil {
		return nil, named(op, err)
	}
	return exchange[Playlist](ctx, s.core, op, at, nil, p)
}

// ChangeDetailsParams are what shall be different about a playlist; what is empty or nil stays as it is.
type ChangeDetailsParams struct {
	// Name is what it shall be called.
	Name string `json:"name,omitzero"`
	// Public says whether it shall be shown on the user's profile.
	Public *bool `json:"public,omitzero"`
	// Collaborative says whether others may change it, which Spotify allows of playlists that are not public only.
	Collaborative *bool `json:"collaborative,omitzero"`
	// Description is what shall be shown below the name: one line.
	Description *string `json:"description,omitzero"`
}

func (p *ChangeDetailsParams) check() error {
	switch {
	case p == nil || *p == ChangeDetailsParams{}:
		return argument.Errorf("p", "nothing to change", "at least one field that is set")
	case p.Collaborative != nil && *p.Collaborative && p.Public != nil && *p.Public:
		return argument.Errorf("Collaborative", true, "true only of a playlist that is not public")
	}
	description := ""
	if p.Description != nil {
		description = *p.Description
	}
	return cmp.Or(checkLine("Name", p.Name), checkLine("Description", description))
}

// ChangeDetails changes name, description and who may see and change a playlist that the user owns.
// Scope: playlist-modify-public or playlist-modify-private, as the playlist is.
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
	// Position is the index that the first item shall have, from zero; nil puts the items at the end.
	Position *int
}

// AddItems adds any number of tracks and episodes to a playlist, named by URI or open.spotify.com address, and returns the playlist's new version. What is there already is there twice
// then. It sends one request for each 100; a *PartialError says how far it came if a later one fails. A request that may have been carried out is not sent again.
// Scope: playlist-modify-public or playlist-modify-private, as the playlist is.
//
// https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist
func (s *Playlists) AddItems(ctx context.Context, id string, uris []string, p *AddItemsParams) (snapshotID string, err error) {
	return s.add(ctx, operations.PlaylistAddItems, id, uris, p)
}

// RemoveItemsParams are the optional parameters of Playlists.RemoveItems.
type RemoveItemsParams struct {
	// SnapshotID is the version of the playlist that the caller has seen: what others have added since stays. Empty is the version there is.
	SnapshotID string
}

// RemoveItems removes any number of tracks and episodes from a playlist, wherever in it they are,
// and returns the playlist's new version. What is not in it does not matter: that includes a track
// as a market's other recording of it (see PlaylistItem.URI); RemoveEntries takes what was read. It
// sends one request for each 100; where p has a version, each after the first goes by the version
// that the one before has left, and none is sent again if it may have been carried out. A
// *PartialError says how far it came if a later one fails. Scope: playlist-modify-public or
// playlist-modify-private, as the playlist is.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist
func (s *Playlists) RemoveItems(ctx context.Context, id string, uris []string, p *RemoveItemsParams) (snapshotID string, err error) {
	return s.remove(ctx, operations.PlaylistRemoveItems, id, uris, p, func(items []itemRef, snapshot string) any { return removeItemsBody{items, snapshot} })
}

// ReplaceItems makes any number of tracks and episodes all that there is in a playlist, and returns the playlist's new version. An empty list that is not nil clears it.
// Of more than 100 the first 100 replace what there was, and each 100 after them are added; a *PartialError says how far it came if one of the later requests fails.
// Scope: playlist-modify-public or playlist-modify-private, as the playlist is.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-items
func (s *Playlists) ReplaceItems(ctx context.Context, id string, uris []string) (snapshotID string, err error) {
	return s.replace(ctx, operations.PlaylistUpdateItems, operations.PlaylistAddItems, id, uris)
}

// ReorderItemsParams are the optional parameters of Playlists.ReorderItems.
type ReorderItemsParams struct {
	// RangeLength is how many items to move, 1 if zero.
	RangeLength int
	// SnapshotID is the version of the playlist that the indices are of. Empty is the version there is.
	SnapshotID string
}

// ReorderItems moves the item at the index rangeStart, and those after it that p counts, to before the item at the index insertBefore, and returns the playlist's new version.
// Indices are from zero, and as they were before the move; the playlist's length as insertBefore moves the items to its end. A request that may have been carried out is not sent again.
// Scope: playlist-modify-public or playlist-modify-private, as the playlist is.
//
// https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-items
func (s *Playlists) ReorderItems(ctx context.Context, id string, rangeStart, insertBefore int, p *ReorderItemsParams) (snapshotID string, err error) {
	return s.reorder(ctx, operations.PlaylistUpdateItems, id, rangeStart, insertBefore, p)
}

// listable are the kinds of things that a playlist holds.
var listable = []Kind{KindTrack, KindEpisode}

// snapshot is the answer to a change of what is in a playlist.
type snapshot struct {
	SnapshotID string `json:"snapshot_id"`
}

// itemsBody is for adding and for replacing.
type itemsBody struct {
	URIs     []string `json:"uris"`
	Position *int     `json:"position,omitzero"`
}

func (s *Playlists) add(ctx context.Context, op *operations.Operation, id string, uris []string, p *AddItemsParams) (string, error) {
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

func (s *Playlists) remove(ctx context.Context, op *operations.Operation, id string, uris []string, p *RemoveItemsParams, body func([]itemRef, string) any) (string, error) {
	uris, err := checkURIs("uris", uris, listable...)
	if err != nil || len(uris) == 0 {
		return "", named(op, err)
	}
	bound := p != nil && p.SnapshotID != ""
	return s.edit(ctx, op, op, id, uris, func(some []string, from int, version string) any {
		switch {
		case !bound:
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

func (s *Playlists) replace(ctx context.Context, put, post *operations.Operation, id string, uris []string) (string, error) {
	if uris == nil {
		return "", named(put, argument.Errorf("uris", uris, "a list that is not nil; an empty one clears the playlist"))
	}
	uris, err := checkURIs("uris", uris, listable...)
	if err != nil {
		return "", named(put, err)
	}
	return s.edit(ctx, put, post, id, uris, func(some []string, _ int, _ string) any { return itemsBody{URIs: some} })
}

// edit sends one request after another, each with as many items as one takes, the first also if there are none. What is in one is made of its items, the index of the first of them,
// and the version that the one before has left.
func (s *Playlists) edit(ctx context.Context, first, rest *operations.Operation, id string, uris []string, body func(some []string, from int, version string) any) (string, error) {
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

func (s *Playlists) reorder(ctx context.Context, op *operations.Operation, id string, rangeStart, insertBefore int, p *ReorderItemsParams) (string, error) {
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
	got, err := exchange[snapshot](ctx, s.core, op, at(KindPlaylist, id), nil, reorderItemsBody{rangeStart, insertBefore, p.RangeLength, p.SnapshotID})
	if err != nil {
		return "", err
	}
	return got.SnapshotID, nil
}

// URI returns the URI that is in the playlist, empty if Spotify names none. Read with a market, a
// track can be replaced by another recording of it that plays there: Item.URI() is then the
// replacement's, which the playlist does not contain, and URI is that of Track.LinkedFrom. Spotify
// names LinkedFrom to apps with extended quota only; an app in development mode reads a playlist
// without a market to change it.
func (i PlaylistItem) URI() string {
	if i.Item.Track != nil && i.Item.Track.LinkedFrom.URI != "" {
		return i.Item.Track.LinkedFrom.URI
	}
	return i.Item.URI()
}

// RemoveEntries removes entries of a playlist, as Items and AllItems return them, and returns the
// playlist's new version. It is RemoveItems for each entry's URI: a track that was replaced by
// another recording in the market that the playlist was read with is removed as well, and so is
// every other entry of the same track. An entry that has no URI, as where the track is no longer on
// Spotify, is an error, and nothing is sent. Scope: playlist-modify-public or
// playlist-modify-private, depending on the playlist.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist
func (s *Playlists) RemoveEntries(ctx context.Context, id string, entries []PlaylistItem, p *RemoveItemsParams) (snapshotID string, err error) {
	uris := make([]string, len(entries))
	for i := range entries {
		if uris[i] = entries[i].URI(); uris[i] == "" {
			return "", named(operations.PlaylistRemoveItems, argument.Errorf(fmt.Sprintf("entries[%d]", i), "an entry without a URI", "entries with a track or an episode that Spotify still names"))
		}
	}
	return s.RemoveItems(ctx, id, uris, p)
}

// CoverImages returns the sizes of a playlist's cover: one if it was uploaded, up to three if Spotify made it, none if the playlist is empty.
//
// https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover
func (s *Playlists) CoverImages(ctx context.Context, id string) (Images, error) {
	return list[Image](ctx, s.core, operations.PlaylistCovers, at(KindPlaylist, id), nil)
}

// largestCover is what Spotify takes, in bytes of base64.
const largestCover = 256 << 10

// UploadCoverImage gives a playlist that the user owns another cover: a JPEG file of at most 192 KiB (256 KiB in base64, as it is sent). Spotify takes it in and shows it a moment later.
// Uploads have a rate limit of their own, which is lower than that of other calls. Scopes: ugc-image-upload, and playlist-modify-public or playlist-modify-private, as the playlist is.
//
// https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover
func (s *Playlists) UploadCoverImage(ctx context.Context, id string, jpeg []byte) error {
	if err := checkCover(jpeg); err != nil {
		return named(operations.PlaylistUploadCover, err)
	}
	data := base64.StdEncoding.AppendEncode(nil, jpeg)
	return command(ctx, s.core, operations.PlaylistUploadCover, at(KindPlaylist, id), nil, upload{"image/jpeg", data})
}

func checkCover(jpeg []byte) error {
	if size := base64.StdEncoding.EncodedLen(len(jpeg)); size > largestCover {
		return argument.Errorf("jpeg", fmt.Sprintf("%d bytes, which are %d in base64", len(jpeg), size), "at most %d bytes, which are %d in base64", largestCover/4*3, largestCover)
	}
	if kind := http.DetectContentType(jpeg); kind != "image/jpeg" {
		return argument.Errorf("jpeg", kind, "the content of a JPEG file")
	}
	return nil
}

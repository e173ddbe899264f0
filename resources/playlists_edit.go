package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

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

package api

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// playlist is a playlist of one fake: a copy of the catalogue's, or one that a request created.
type playlist struct {
	catalogue.Playlist
	owner         *user
	collaborative bool
	items         []playlistItem
	version       int
	cover         string // the name of the uploaded cover, empty for none
	covers        int    // the number of uploaded covers so far
}

// playlistItem is an item of a playlist.
type playlistItem struct {
	uri string
	at  time.Time
	by  string
}

// clone returns a copy to change. Appending to the shared items copies them, and every other change
// makes a new list.
func (p *playlist) clone() playlist {
	c := *p
	c.items = slices.Clip(p.items)
	return c
}

// member reports whether a user owns the playlist or is a collaborator.
func (p *playlist) member(user string) bool {
	return user != "" && (p.Owner == user || p.collaborative && slices.Contains(p.Collaborators, user))
}

func (p *playlist) visibleTo(user string) bool { return !p.Private || p.member(user) }

// readScope returns the scope that lists need to contain the playlist, empty for a public one.
func (p *playlist) readScope() string {
	switch {
	case p.collaborative:
		return "playlist-read-collaborative"
	case p.Private:
		return "playlist-read-private"
	}
	return ""
}

func (p *playlist) modifyScope() string { return modifyScope(p.Private) }

func modifyScope(private bool) string {
	if private {
		return "playlist-modify-private"
	}
	return "playlist-modify-public"
}

// snapshot returns the snapshot id: the version's number and a digest.
func (p *playlist) snapshot() string { return p.snapshotOf(p.version) }

func (p *playlist) snapshotOf(version int) string {
	sum := ids.Digest("snapshot", p.ID, strconv.Itoa(version))
	return base64.StdEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, uint32(version)), sum[:20]...))
}

// hadSnapshot reports whether a snapshot id is of this playlist's current or an earlier version. An
// empty id is the current version.
func (p *playlist) hadSnapshot(snapshot string) bool {
	if snapshot == "" {
		return true
	}
	raw, err := base64.StdEncoding.DecodeString(snapshot)
	if err != nil || len(raw) != 24 {
		return false
	}
	version := int(binary.BigEndian.Uint32(raw))
	return version <= p.version && snapshot == p.snapshotOf(version)
}

// setItems changes the items and makes a new version.
func (p *playlist) setItems(items []playlistItem) {
	p.items = items
	p.version++
}

// newPlaylistItems returns items that a user adds.
func newPlaylistItems(uris []string, by string, at time.Time) []playlistItem {
	all := make([]playlistItem, len(uris))
	for i, uri := range uris {
		all[i] = playlistItem{uri, at, by}
	}
	return all
}

func (p *playlist) kind() resources.Kind      { return resources.KindPlaylist }
func (p *playlist) id() string                { return p.ID }
func (p *playlist) name() string              { return p.Name }
func (p *playlist) availableIn(_ string) bool { return true }
func (p *playlist) searched() []string        { return []string{p.Name} }

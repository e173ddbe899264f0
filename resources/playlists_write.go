package resources

import (
	"cmp"
	"context"
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

package api

import (
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// userJSON is a user's public profile.
type userJSON struct {
	DisplayName string `json:"display_name"`
	identity
	Followers *followers `json:"followers,omitzero"`
	Images    []picture  `json:"images"`
}

type explicitContent struct {
	FilterEnabled bool `json:"filter_enabled"`
	FilterLocked  bool `json:"filter_locked"`
}

// privateUserJSON is the profile of the user who is logged in.
type privateUserJSON struct {
	userJSON
	AccountID       string           `json:"account_id,omitzero"`
	Country         *string          `json:"country,omitzero"`
	Email           *string          `json:"email,omitzero"`
	ExplicitContent *explicitContent `json:"explicit_content,omitzero"`
	Product         *string          `json:"product,omitzero"`
}

func (u *user) public(v view) userJSON {
	return userJSON{
		DisplayName: u.Name,
		identity:    identify(resources.KindUser, u.ID),
		Followers:   ifExtended(v, followers{Total: u.Followers}),
		Images:      pictures(u.ID, 300, 64),
	}
}

// private returns the profile that the token's scopes and the app's access allow.
func (u *user) private(v view, req *Request) privateUserJSON {
	s := privateUserJSON{userJSON: u.public(v), AccountID: ids.New("account", u.ID)}
	if req.hasScope("user-read-private") {
		s.Country, s.Product = ifExtended(v, u.Country), ifExtended(v, u.Product)
		s.ExplicitContent = ifExtended(v, explicitContent{})
	}
	if req.hasScope("user-read-email") {
		s.Email = ifExtended(v, u.Email)
	}
	return s
}

type user struct {
	catalogue.User
	saved   map[resources.Kind]*savedList
	history []play // oldest first
	top     map[resources.Kind][]entry
}

package mock

// world_user.go is what users look like on the wire.

import (
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// userShape is a user as everyone may see one.
type userShape struct {
	DisplayName string `json:"display_name"`
	identity
	Followers *followers `json:"followers,omitzero"`
	Images    []picture  `json:"images"`
}

type explicitContent struct {
	FilterEnabled bool `json:"filter_enabled"`
	FilterLocked  bool `json:"filter_locked"`
}

// privateUserShape is the user whose token was sent.
type privateUserShape struct {
	userShape
	AccountID       string           `json:"account_id"`
	Country         *string          `json:"country,omitzero"`
	Email           *string          `json:"email,omitzero"`
	ExplicitContent *explicitContent `json:"explicit_content,omitzero"`
	Product         *string          `json:"product,omitzero"`
}

func (u *user) public(v view) userShape {
	return userShape{
		DisplayName: u.Name,
		identity:    identify(resources.KindUser, u.ID),
		Followers:   extra(v, followers{Total: u.Followers}),
		Images:      pictures(u.ID, 300, 64),
	}
}

// private is everything about a user that the token's scopes and the app's access open.
func (u *user) private(v view, x *exchange) privateUserShape {
	s := privateUserShape{userShape: u.public(v), AccountID: ids.New("account", u.ID)}
	if x.has("user-read-private") {
		s.Country, s.Product = extra(v, u.Country), extra(v, u.Product)
		s.ExplicitContent = extra(v, explicitContent{})
	}
	if x.has("user-read-email") {
		s.Email = extra(v, u.Email)
	}
	return s
}

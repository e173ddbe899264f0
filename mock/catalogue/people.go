package catalogue

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// User is a user. Only ID is required.
type User struct {
	// ID may be any text without control characters, such as "wanda" or an id of 22 letters and
	// digits.
	ID, Name string
	// Country is two letters, "SE" if empty.
	Country string
	// Email is <ID>@example.com if empty.
	Email string
	// Product is "premium", the default, or "free". The player accepts commands of premium users
	// only.
	Product string
	// Followers is the number of followers.
	Followers int
	// Devices are the user's devices for playback.
	Devices []Device
}

// Device is a device for playback. Only Name is required.
type Device struct {
	ID, Name string
	// Type is "Computer" by default; other types are "Smartphone" and "Speaker".
	Type string
	// Volume is in percent, 50 if 0. A negative value makes a device whose volume cannot be set.
	Volume int
	// Active makes the device the active one. At most one device of a user is active.
	Active bool
	// Restricted devices accept no commands of the Web API.
	Restricted bool
}

// Account is a user of a catalogue with everything that belongs to the user.
type Account struct {
	User
	// Saved are the URIs in the library, the last one newest.
	Saved []string
	// Plays are the URIs of the tracks in the playback history, the last one newest.
	Plays []string
	// Top are the URIs of the artists and tracks that the user plays most, the first one most.
	Top []string
}

// AddUser adds a user and returns the id.
func (c *Catalogue) AddUser(u User) string {
	defer c.change()()
	if u.ID == "" {
		u.ID = ids.New("user", u.Name)
	}
	if strings.ContainsFunc(u.ID, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		refuse("invalid user id %q: want one without control characters", u.ID)
	}
	u.Name = cmp.Or(u.Name, u.ID)
	u.Country = cmp.Or(u.Country, "SE")
	checkMarkets([]string{u.Country})
	u.Email = cmp.Or(u.Email, url.PathEscape(u.ID)+"@example.com")
	u.Product = oneOf("product", cmp.Or(u.Product, "premium"), "premium", "free", "open")
	added := &Account{User: u}
	added.Devices = nil
	c.users.put(resources.KindUser, u.ID, added)
	for _, d := range u.Devices {
		added.addDevice(d)
	}
	return u.ID
}

// AddDevice adds a device of a user and returns its id. An empty userID is UserID.
func (c *Catalogue) AddDevice(userID string, d Device) string {
	defer c.change()()
	return c.user(userID).addDevice(d)
}

func (u *Account) addDevice(d Device) string {
	d.Type = cmp.Or(d.Type, "Computer")
	d.Name = cmp.Or(d.Name, d.Type)
	d.ID = cmp.Or(d.ID, ids.Hex(40, "device", u.ID, d.Name))
	d.Volume = min(cmp.Or(d.Volume, 50), 100)
	for i := range u.Devices {
		if u.Devices[i].ID == d.ID {
			refuse("%s has the device %s already", u.ID, d.ID)
		}
		if d.Active && u.Devices[i].Active {
			refuse("%s plays on %q already: only one device is active", u.ID, u.Devices[i].Name)
		}
	}
	u.Devices = append(u.Devices, d)
	return d.ID
}

// Save adds items to a user's library, the last one newest; artists, users and playlists are
// followed. An empty userID is UserID.
func (c *Catalogue) Save(userID string, uris ...string) {
	defer c.change()()
	u := c.user(userID)
	for _, uri := range uris {
		c.mustFind(uri)
		u.Saved = append(u.Saved, uri)
	}
}

// AddPlays adds tracks to a user's playback history, the last one newest. An empty userID is
// UserID.
func (c *Catalogue) AddPlays(userID string, trackURIs ...string) {
	defer c.change()()
	u := c.user(userID)
	for _, uri := range trackURIs {
		if kind, _ := c.mustFind(uri); kind != resources.KindTrack {
			refuse("%s cannot have been played: only tracks are remembered", uri)
		}
		u.Plays = append(u.Plays, uri)
	}
}

// SetTop sets the artists and tracks that a user plays most, the first one most. An empty userID is
// UserID.
func (c *Catalogue) SetTop(userID string, uris ...string) {
	defer c.change()()
	u := c.user(userID)
	u.Top = nil
	for _, uri := range uris {
		if kind, _ := c.mustFind(uri); kind != resources.KindArtist && kind != resources.KindTrack {
			refuse("%s cannot be a favourite: only artists and tracks can", uri)
		}
		u.Top = append(u.Top, uri)
	}
}

// user returns the account with an id, UserID if empty.
func (c *Catalogue) user(id string) *Account {
	u := c.users.byID[cmp.Or(id, UserID)]
	if u == nil {
		refuse("there is no user %q", id)
	}
	return u
}

package mock

// catalogue_people.go adds users and what is theirs: libraries, devices, history.

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

// User is somebody with an account. Only the id is needed.
type User struct {
	// ID may be any text without control characters, such as "wanda" or an id of 22 letters and digits.
	ID, Name string
	// Country is two letters, "SE" if empty.
	Country string
	// Email is ID@example.com if empty.
	Email string
	// Product is "premium", the default, or "free". The player obeys premium users only.
	Product string
	// Followers is how many follow the user.
	Followers int
	// Devices are what the user can play on.
	Devices []Device
}

// Device is something that plays. Only the name is needed.
type Device struct {
	ID, Name string
	// Type is "Computer" if empty; "Smartphone" and "Speaker" are others.
	Type string
	// Volume is in percent, 50 if zero. A negative one is of a device whose volume cannot be set.
	Volume int
	// Active devices are what playback goes to; at most one of a user's is.
	Active bool
	// Restricted devices take no commands from the Web API.
	Restricted bool
}

type user struct {
	User
	saved   map[resources.Kind]*shelf
	history []play // oldest first
	top     map[resources.Kind][]entry
}

// play is something that was played.
type play struct {
	track   *track
	at      time.Time
	context string // URI, empty for none
}

// past is when the catalogue's history ends: libraries were filled and things played before it.
var past = time.Date(2025, 11, 3, 9, 0, 0, 0, time.UTC)

// AddUser adds a user and returns the id.
func (c *Catalogue) AddUser(u User) string {
	defer c.change()()
	if u.ID == "" {
		u.ID = ids.New("user", u.Name)
	}
	if strings.ContainsFunc(u.ID, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		refuse("%q is no user's id: it has control characters", u.ID)
	}
	u.Name = cmp.Or(u.Name, u.ID)
	u.Country = cmp.Or(u.Country, "SE")
	checkMarkets([]string{u.Country})
	u.Email = cmp.Or(u.Email, url.PathEscape(u.ID)+"@example.com")
	u.Product = oneOf("product", cmp.Or(u.Product, "premium"), "premium", "free", "open")
	added := &user{User: u, saved: map[resources.Kind]*shelf{}, top: map[resources.Kind][]entry{}}
	added.Devices = nil
	c.users.put(resources.KindUser, u.ID, added)
	for _, d := range u.Devices {
		added.addDevice(d)
	}
	return u.ID
}

// AddDevice adds something that a user can play on and returns its id. An empty userID is UserID.
func (c *Catalogue) AddDevice(userID string, d Device) string {
	defer c.change()()
	return c.user(userID).addDevice(d)
}

func (u *user) addDevice(d Device) string {
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

// Save puts what these URIs name into a user's library, the last one newest; artists, users and playlists are followed. An empty userID is UserID.
func (c *Catalogue) Save(userID string, uris ...string) {
	defer c.change()()
	u := c.user(userID)
	for _, uri := range uris {
		u.save(c.mustFind(uri))
	}
}

func (u *user) save(kind resources.Kind, id string) {
	s := u.saved[kind]
	if s == nil {
		s = &shelf{}
		u.saved[kind] = s
	}
	s.add(id, past.AddDate(-1, 0, 0).Add(time.Duration(len(s.items))*time.Hour))
}

// AddPlays puts tracks into what a user played recently, the last one newest. An empty userID is UserID.
func (c *Catalogue) AddPlays(userID string, trackURIs ...string) {
	defer c.change()()
	u := c.user(userID)
	for _, uri := range trackURIs {
		kind, id := c.mustFind(uri)
		t := c.tracks.byID[id]
		if kind != resources.KindTrack {
			refuse("%s cannot have been played: only tracks are remembered", uri)
		}
		at := past
		if n := len(u.history); n > 0 {
			at = u.history[n-1].at.Add(u.history[n-1].track.Duration)
		}
		u.history = append(u.history, play{t, at.Truncate(time.Millisecond), resources.URI(resources.KindAlbum, t.album.ID)})
	}
}

// SetTop says what a user listens to most, favourites first: artists and tracks. An empty userID is UserID.
func (c *Catalogue) SetTop(userID string, uris ...string) {
	defer c.change()()
	u := c.user(userID)
	clear(u.top)
	for _, uri := range uris {
		kind, id := c.mustFind(uri)
		if kind != resources.KindArtist && kind != resources.KindTrack {
			refuse("%s cannot be a favourite: only artists and tracks can", uri)
		}
		u.top[kind] = append(u.top[kind], c.find(kind, id))
	}
}

func (c *Catalogue) user(id string) *user {
	u := c.users.byID[cmp.Or(id, UserID)]
	if u == nil {
		refuse("there is no user %q", id)
	}
	return u
}

// mustFind takes a URI of something in the catalogue apart.
func (c *Catalogue) mustFind(uri string) (resources.Kind, string) {
	kind, id, ok := ids.SplitURI(uri)
	if !ok || !c.has(kind, id) {
		refuse("%q is not the URI of anything there", uri)
	}
	return kind, id
}

func (c *Catalogue) has(kind resources.Kind, id string) bool {
	switch kind {
	case resources.KindUser:
		return c.users.byID[id] != nil
	case resources.KindPlaylist:
		return c.playlists.byID[id] != nil
	}
	return c.find(kind, id) != nil
}

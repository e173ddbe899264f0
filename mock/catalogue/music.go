package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Artist is a musician or band. Only Name is required.
type Artist struct {
	ID, Name string
	Genres   []string
	// Popularity is 1 to 100, invented if 0.
	Popularity int
	// Followers is the number of followers, invented if 0.
	Followers int
}

// Album is an album, single or compilation with its tracks. Only Name is required.
type Album struct {
	ID, Name string
	// Type is "album", the default, "single" or "compilation".
	Type string
	// Artists are names or ids. A name that is not in the catalogue yet becomes an artist. The
	// default is "Various Artists".
	Artists []string
	// ReleaseDate is a year, a month or a day ("1994", "1994-03", "1994-03-07"), invented if empty.
	ReleaseDate string
	Label       string
	Genres      []string
	// Markets are the countries where the album plays (ISO 3166-1 alpha-2). Nil is all countries.
	Markets []string
	// Popularity is 1 to 100, invented if 0.
	Popularity int
	// UPC is the album's barcode, invented if empty.
	UPC string
	// Tracks are in order. Without tracks the album has one with the album's name.
	Tracks []Track
}

// Track is a recording. Only Name is required.
type Track struct {
	ID, Name string
	// Artists are names or ids, as in Album. The default is the album's artists.
	Artists []string
	// Duration is between two and six minutes by default.
	Duration time.Duration
	Explicit bool
	// Disc is 1 by default. Tracks are numbered per disc, in order.
	Disc int
	// Markets are the countries where the track plays. The default is the album's markets.
	Markets []string
	// Instead is the id of the same recording that plays where this one does not
	// (https://developer.spotify.com/documentation/web-api/concepts/track-relinking).
	Instead string
	// Popularity is 1 to 100, invented if 0.
	Popularity int
	// ISRC is the recording's code, invented if empty.
	ISRC string
}

// AddArtist adds an artist and returns the id.
func (c *Catalogue) AddArtist(a Artist) string {
	defer c.change()()
	return c.addArtist(a).ID
}

func (c *Catalogue) addArtist(a Artist) *Artist {
	need(resources.KindArtist, a.Name)
	if c.named[a.Name] != nil {
		refuse("the artist %q is there already", a.Name)
	}
	a.ID = key(resources.KindArtist, a.ID, a.Name)
	a.Popularity = cmp.Or(a.Popularity, 20+ids.Roll(70, "popularity", a.Name))
	a.Followers = cmp.Or(a.Followers, 100+ids.Roll(900_000, "followers", a.Name))
	c.artists.put(resources.KindArtist, a.ID, &a)
	c.named[a.Name] = &a
	return &a
}

// AddAlbum adds an album with its tracks and returns the album's id. It also adds artists that are
// named and not in the catalogue yet.
func (c *Catalogue) AddAlbum(a Album) string {
	defer c.change()()
	need(resources.KindAlbum, a.Name)
	if len(a.Artists) == 0 {
		a.Artists = []string{"Various Artists"}
	}
	artists := c.artistsNamed(a.Artists)
	first := c.artists.byID[artists[0]].Name
	a.Artists = artists
	a.ID = key(resources.KindAlbum, a.ID, a.Name, first)
	a.Type = oneOf("album type", cmp.Or(a.Type, "album"), "album", "single", "compilation")
	a.ReleaseDate = checkDate(cmp.Or(a.ReleaseDate, inventedDate(a.Name, first)))
	a.Label = cmp.Or(a.Label, first+" Recordings")
	a.Popularity = cmp.Or(a.Popularity, 10+ids.Roll(80, "popularity", a.ID))
	a.UPC = cmp.Or(a.UPC, fmt.Sprintf("00%010d", ids.Roll(1<<24, "upc", a.ID)))
	checkMarkets(a.Markets)
	if len(a.Tracks) == 0 {
		a.Tracks = []Track{{Name: a.Name}}
	}
	c.albums.put(resources.KindAlbum, a.ID, &a)
	a.Tracks = slices.Clone(a.Tracks)
	for i := range a.Tracks {
		c.addTrack(&a, i)
	}
	return a.ID
}

// AddTrack adds a track on a single of its own and returns the track's id.
func (c *Catalogue) AddTrack(t Track) string {
	id := c.AddAlbum(Album{Name: t.Name, Type: "single", Artists: t.Artists, Markets: t.Markets, Tracks: []Track{t}})
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.albums.byID[id].Tracks[0].ID
}

// addTrack fills in a track of an album and adds it to the catalogue's tracks.
func (c *Catalogue) addTrack(on *Album, index int) {
	t := &on.Tracks[index]
	need(resources.KindTrack, t.Name)
	t.ID = key(resources.KindTrack, t.ID, on.ID, strconv.Itoa(index), t.Name)
	t.Disc = cmp.Or(t.Disc, 1)
	if t.Duration == 0 {
		t.Duration = 2*time.Minute + time.Duration(ids.Roll(240_000, "duration", t.ID))*time.Millisecond
	}
	if t.Markets == nil {
		t.Markets = on.Markets
	}
	checkMarkets(t.Markets)
	t.Popularity = cmp.Or(t.Popularity, 1+ids.Roll(90, "popularity", t.ID))
	t.ISRC = cmp.Or(t.ISRC, fmt.Sprintf("QZFKE%07d", ids.Roll(10_000_000, "isrc", t.ID)))
	if len(t.Artists) > 0 {
		t.Artists = c.artistsNamed(t.Artists)
	} else {
		t.Artists = on.Artists
	}
	c.tracks.put(resources.KindTrack, t.ID, t)
}

// artistsNamed returns the ids of the artists with these names or ids, and adds those whose names
// are new.
func (c *Catalogue) artistsNamed(names []string) []string {
	found := make([]string, len(names))
	for i, name := range names {
		a := c.artists.byID[name]
		if a == nil {
			a = c.named[name]
		}
		if a == nil {
			a = c.addArtist(Artist{Name: name})
		}
		found[i] = a.ID
	}
	return found
}

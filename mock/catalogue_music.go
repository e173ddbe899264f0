package mock

// catalogue_music.go adds artists, albums and tracks.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"

	"github.com/seed-2147f1a9/spotify/resources"
)

// Artist is a musician or band. Only the name is needed.
type Artist struct {
	ID, Name string
	Genres   []string
	// Popularity is 1 to 100, made up if zero.
	Popularity int
	// Followers is how many follow the artist, made up if zero.
	Followers int
}

// Album is an album, single or compilation with its tracks. Only the name is needed.
type Album struct {
	ID, Name string
	// Type is "album", the default, "single" or "compilation".
	Type string
	// Artists are names or ids; a name that is not in the catalogue yet becomes an artist. "Various Artists" by default.
	Artists []string
	// ReleaseDate is a year, a month or a day: "1994", "1994-03", "1994-03-07". A day is made up if empty.
	ReleaseDate string
	Label       string
	Genres      []string
	// Markets are the countries where it can be played, as two letters each; nil means everywhere.
	Markets []string
	// Popularity is 1 to 100, made up if zero.
	Popularity int
	// UPC is the album's barcode, made up if empty.
	UPC string
	// Tracks are in order. Without any there is one, named like the album.
	Tracks []Track
}

// Track is a recording. Only the name is needed.
type Track struct {
	ID, Name string
	// Artists are names or ids, as in Album; the album's by default.
	Artists []string
	// Duration is between two and six minutes if zero.
	Duration time.Duration
	Explicit bool
	// Disc is 1 if zero. Tracks are numbered by disc, in order.
	Disc int
	// Markets are the countries where it can be played; the album's if nil.
	Markets []string
	// Instead is the id of the same recording that plays where this one does not (https://developer.spotify.com/documentation/web-api/concepts/track-relinking).
	Instead string
	// Popularity is 1 to 100, made up if zero.
	Popularity int
	// ISRC is the recording's code, made up if empty.
	ISRC string
}

type artist struct {
	Artist
	albums []*album // of their own, in the order they were added
	guests []*album // where they play on a track only
}

type album struct {
	Album
	artists []*artist
	tracks  []*track
}

type track struct {
	Track
	album   *album
	artists []*artist
	number  int
	instead *track // what Instead names
}

// AddArtist adds an artist and returns the id.
func (c *Catalogue) AddArtist(a Artist) string {
	defer c.change()()
	return c.addArtist(a).ID
}

func (c *Catalogue) addArtist(a Artist) *artist {
	need(resources.KindArtist, a.Name)
	if c.named[a.Name] != nil {
		refuse("the artist %q is there already", a.Name)
	}
	a.ID = key(resources.KindArtist, a.ID, a.Name)
	a.Popularity = cmp.Or(a.Popularity, 20+ids.Roll(70, "popularity", a.Name))
	a.Followers = cmp.Or(a.Followers, 100+ids.Roll(900_000, "followers", a.Name))
	added := &artist{Artist: a}
	c.artists.put(resources.KindArtist, a.ID, added)
	c.named[a.Name] = added
	return added
}

// AddAlbum adds an album with its tracks and returns the id. Artists that are not in the catalogue yet are added too.
func (c *Catalogue) AddAlbum(a Album) string {
	defer c.change()()
	need(resources.KindAlbum, a.Name)
	if len(a.Artists) == 0 {
		a.Artists = []string{"Various Artists"}
	}
	artists := c.artistsNamed(a.Artists)
	words := []string{a.Name, artists[0].Name}
	a.ID = key(resources.KindAlbum, a.ID, words...)
	a.Type = oneOf("album type", cmp.Or(a.Type, "album"), "album", "single", "compilation")
	a.ReleaseDate = checkDate(cmp.Or(a.ReleaseDate, madeUpDate(words...)))
	a.Label = cmp.Or(a.Label, artists[0].Name+" Recordings")
	a.Popularity = cmp.Or(a.Popularity, 10+ids.Roll(80, "popularity", a.ID))
	a.UPC = cmp.Or(a.UPC, fmt.Sprintf("00%010d", ids.Roll(1<<24, "upc", a.ID)))
	checkMarkets(a.Markets)
	if len(a.Tracks) == 0 {
		a.Tracks = []Track{{Name: a.Name}}
	}
	added := &album{Album: a, artists: artists}
	c.albums.put(resources.KindAlbum, a.ID, added)
	numbers := map[int]int{}
	for i, t := range a.Tracks {
		t.Disc = cmp.Or(t.Disc, 1)
		numbers[t.Disc]++
		c.addTrack(added, t, numbers[t.Disc], i)
	}
	for _, by := range artists {
		by.albums = append(by.albums, added)
	}
	added.Tracks = nil
	return a.ID
}

// AddTrack adds a track on a single of its own and returns the track's id.
func (c *Catalogue) AddTrack(t Track) string {
	id := c.AddAlbum(Album{Name: t.Name, Type: "single", Artists: t.Artists, Markets: t.Markets, Tracks: []Track{t}})
	return c.albums.byID[id].tracks[0].ID
}

func (c *Catalogue) addTrack(on *album, t Track, number, index int) {
	need(resources.KindTrack, t.Name)
	t.ID = key(resources.KindTrack, t.ID, on.ID, strconv.Itoa(index), t.Name)
	if t.Duration == 0 {
		t.Duration = 2*time.Minute + time.Duration(ids.Roll(240_000, "duration", t.ID))*time.Millisecond
	}
	if t.Markets == nil {
		t.Markets = on.Markets
	}
	checkMarkets(t.Markets)
	t.Popularity = cmp.Or(t.Popularity, 1+ids.Roll(90, "popularity", t.ID))
	t.ISRC = cmp.Or(t.ISRC, fmt.Sprintf("QZFKE%07d", ids.Roll(10_000_000, "isrc", t.ID)))
	by := on.artists
	if len(t.Artists) > 0 {
		by = c.artistsNamed(t.Artists)
	}
	added := &track{Track: t, album: on, artists: by, number: number}
	c.tracks.put(resources.KindTrack, t.ID, added)
	on.tracks = append(on.tracks, added)
	for _, a := range by {
		if !slices.Contains(on.artists, a) && !slices.Contains(a.guests, on) {
			a.guests = append(a.guests, on)
		}
	}
}

// artistsNamed returns the artists with these names or ids, and adds those whose names are new.
func (c *Catalogue) artistsNamed(names []string) []*artist {
	var found []*artist
	for _, name := range names {
		a := c.artists.byID[name]
		if a == nil {
			a = c.named[name]
		}
		if a == nil {
			a = c.addArtist(Artist{Name: name})
		}
		found = append(found, a)
	}
	return found
}

// madeUpDate is a day between 1990 and 2025.
func madeUpDate(words ...string) string {
	return time.Date(1990, 1, 1+ids.Roll(35*365, append(words, "date")...), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// precision is what a date is given to: "year", "month" or "day".
func precision(date string) string {
	return [...]string{"year", "month", "day"}[strings.Count(date, "-")]
}

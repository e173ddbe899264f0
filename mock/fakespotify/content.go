package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

// content returns the catalogue that the flags describe, nil for the invented one.
func (c *config) content() (*catalogue.Catalogue, error) {
	for _, n := range []struct {
		flag  string
		given int
	}{{"playlists", c.playlists}, {"playlist-items", c.playlistItems}, {"saved-tracks", c.savedTracks}} {
		if n.given < 0 {
			return nil, fmt.Errorf("invalid -%s %d: want 0 or more", n.flag, n.given)
		}
	}
	if c.catalogue == "" && len(c.users) == 0 && c.playlists == 0 && c.savedTracks == 0 {
		return nil, nil
	}
	var all *catalogue.Catalogue
	if c.catalogue == "" {
		all = catalogue.NewInvented()
	} else {
		all = catalogue.New()
		if err := readCatalogue(c.catalogue, all); err != nil {
			return nil, fmt.Errorf("-catalogue %s: %w", c.catalogue, err)
		}
	}
	for _, id := range c.users {
		all.AddUser(catalogue.User{ID: id})
	}
	c.addTracks(all)
	return all, nil
}

// addTracks adds the tracks and playlists of -saved-tracks, -playlists and -playlist-items.
func (c *config) addTracks(all *catalogue.Catalogue) {
	n := c.savedTracks
	if c.playlists > 0 {
		n = max(n, min(c.playlistItems, 1000), 1) // longer playlists repeat their items
	}
	uris := make([]string, n)
	for i := range uris {
		track := catalogue.Track{Name: fmt.Sprintf("Track %d", i+1), Artists: []string{"The Generators"}}
		uris[i] = "spotify:track:" + all.AddTrack(track)
	}
	all.Save(mock.UserID, uris[:c.savedTracks]...)
	for i := range c.playlists {
		list := catalogue.Playlist{Name: fmt.Sprintf("Playlist %d", i+1)}
		for j := range c.playlistItems {
			list.Items = append(list.Items, uris[(i+j)%len(uris)])
		}
		all.AddPlaylist(list)
	}
}

// file is the form of a catalogue in JSON.
type file struct {
	Artists    []catalogue.Artist
	Albums     []catalogue.Album
	Tracks     []catalogue.Track
	Shows      []catalogue.Show
	Audiobooks []catalogue.Audiobook
	Users      []catalogue.User
	Playlists  []catalogue.Playlist
	Categories []catalogue.Category
	Saved      map[string][]string
	Plays      map[string][]string
	Top        map[string][]string
}

// readCatalogue adds the content of a JSON file. Names may be written in snake case, and durations
// as "3m20s".
func readCatalogue(path string, to *catalogue.Catalogue) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var given any
	numbers := json.NewDecoder(bytes.NewReader(data))
	numbers.UseNumber()
	if err := numbers.Decode(&given); err != nil {
		return err
	}
	if numbers.More() {
		return errors.New("there is text after the object: want one object")
	}
	var f file
	plain, err := json.Marshal(plainNames(given, ""))
	if err != nil {
		return err
	}
	strict := json.NewDecoder(bytes.NewReader(plain))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&f); err != nil {
		return err
	}
	return f.addTo(to)
}

// plainNames returns a decoded JSON value with the names that package encoding/json knows the
// fields of package catalogue by, and with durations as numbers.
func plainNames(v any, name string) any {
	switch v := v.(type) {
	case map[string]any:
		if name == "saved" || name == "plays" || name == "top" {
			return v // the names are users
		}
		plain := make(map[string]any, len(v))
		for key, value := range v {
			key = strings.ToLower(strings.ReplaceAll(key, "_", ""))
			plain[key] = plainNames(value, key)
		}
		return plain
	case []any:
		for i := range v {
			v[i] = plainNames(v[i], name)
		}
	case string:
		if d, err := time.ParseDuration(v); err == nil && (name == "duration" || name == "resume") {
			return d
		}
	}
	return v
}

func (f *file) addTo(c *catalogue.Catalogue) error {
	for _, u := range f.Users {
		if u.ID != mock.UserID {
			c.AddUser(u)
			continue
		}
		if !reflect.DeepEqual(u, catalogue.User{ID: u.ID, Devices: u.Devices}) {
			return fmt.Errorf("the user %s exists: want no field of it except id and devices", u.ID)
		}
		for _, d := range u.Devices {
			c.AddDevice(u.ID, d)
		}
	}
	for _, a := range f.Artists {
		c.AddArtist(a)
	}
	for _, a := range f.Albums {
		c.AddAlbum(a)
	}
	for _, t := range f.Tracks {
		c.AddTrack(t)
	}
	for _, s := range f.Shows {
		c.AddShow(s)
	}
	for _, b := range f.Audiobooks {
		c.AddAudiobook(b)
	}
	for _, p := range f.Playlists {
		c.AddPlaylist(p)
	}
	for _, ca := range f.Categories {
		c.AddCategory(ca)
	}
	each(f.Saved, c.Save)
	each(f.Plays, c.AddPlays)
	each(f.Top, c.SetTop)
	return nil
}

// each calls add for each user, in order of their ids.
func each(users map[string][]string, add func(user string, uris ...string)) {
	for _, user := range slices.Sorted(maps.Keys(users)) {
		add(user, users[user]...)
	}
}

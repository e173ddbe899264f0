package catalogue

import (
	"fmt"

	"github.com/seed-2147f1a9/spotify/resources"
)

// editors is the owner of the playlists in categories.
const editors = "editors-desk"

func inventUsers(c *Catalogue) {
	c.AddUser(User{ID: UserID, Name: "Wanda Quill", Email: "wanda@quill.example", Country: "SE", Followers: 27,
		Devices: []Device{
			{ID: DeviceID, Name: "Desk", Type: "Computer", Volume: 65, Active: true},
			{Name: "Wanda's Phone", Type: "Smartphone", Volume: 100},
			{Name: "Kitchen", Type: "Speaker", Volume: 40},
			{Name: "Lobby Screen", Type: "TV", Volume: -1, Restricted: true},
		}})
	c.AddUser(User{ID: OtherUserID, Name: "Mirabel Otieno", Country: "US", Followers: 1204})
	c.AddUser(User{ID: "jörg/88", Name: "Jörg", Country: "DE", Product: "free", Followers: 3})
	c.AddUser(User{ID: editors, Name: "Editors' Desk", Country: "US", Followers: 310_552})
}

// pick returns the URIs of n tracks: every step-th one, starting at an index.
func pick(c *Catalogue, from, step, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = resources.URI(resources.KindTrack, c.tracks.list[(from+i*step)%len(c.tracks.list)].ID)
	}
	return all
}

// uris returns the URIs of n entries of a kind, starting at an index.
func uris(c *Catalogue, kind resources.Kind, from, n int) []string {
	var all []string
	for _, id := range c.list(kind)[from : from+n] {
		all = append(all, resources.URI(kind, id))
	}
	return all
}

// inventLibrary fills the user's library without the objects that constants name, so that an object
// which a test saves is new.
// test saves is new.
func inventLibrary(c *Catalogue) {
	c.Save("", uris(c, resources.KindTrack, len(c.albums.byID[AlbumID].Tracks), 3000)...)
	c.Save("", uris(c, resources.KindAlbum, 1, 120)...)
	c.Save("", uris(c, resources.KindShow, 1, 3)...)
	c.Save("", uris(c, resources.KindEpisode, 1, 30)...)
	c.Save("", uris(c, resources.KindAudiobook, 1, 2)...)
	c.Save("", uris(c, resources.KindArtist, 1, 24)...)
	c.Save("", resources.URI(resources.KindPlaylist, SharedPlaylistID),
		resources.URI(resources.KindPlaylist, OtherPlaylistID))
	c.Save(OtherUserID, pick(c, 5, 13, 75)...)

	c.AddPlays("", pick(c, 400, 17, 49)...)
	c.AddPlays("", resources.URI(resources.KindTrack, TrackID))
	c.SetTop("", append(uris(c, resources.KindArtist, 0, 20), pick(c, 0, 23, 99)...)...)
}

func inventPlaylists(c *Catalogue) {
	evenings := pick(c, 0, 41, 18)
	evenings = append(evenings[:4:4], append([]string{
		resources.URI(resources.KindEpisode, EpisodeID),
		"spotify:local:Grandpa:Reel+to+Reel:Kitchen+Waltz:187",
		resources.URI(resources.KindTrack, RelinkedTrackID),
		resources.URI(resources.KindTrack, UnavailableTrackID),
	}, evenings[4:]...)...)
	c.AddPlaylist(Playlist{ID: PlaylistID, Name: "Evenings", Description: "After the dishes, before the news.",
		Items: evenings, Followers: 4})
	c.AddPlaylist(Playlist{ID: LongPlaylistID, Name: "Everything, Always", Description: "In the order it was found.",
		Items: pick(c, 0, 2, 1200)})
	c.AddPlaylist(Playlist{Name: "Drafts", Private: true, Items: pick(c, 900, 3, 7)})
	c.AddPlaylist(Playlist{
		ID: SharedPlaylistID, Name: "Road Trip", Description: "Everybody adds five.", Owner: OtherUserID,
		Collaborators: []string{UserID},
		Items:         append(pick(c, 60, 29, 12), "", resources.URI(resources.KindTrack, TrackID)),
	})
	c.AddPlaylist(Playlist{ID: OtherPlaylistID, Name: "Porch Songs", Owner: OtherUserID, Followers: 388,
		Items: pick(c, 33, 19, 45)})

	for i, category := range []Category{
		{ID: "dinner", Name: "Dinner"}, {ID: "focus", Name: "Focus"}, {ID: "roadtrip", Name: "Road Trip"},
		{ID: "sleep", Name: "Sleep"}, {ID: "party", Name: "Party"}, {Name: "Made in the Kitchen"},
	} {
		for n := range 3 {
			category.Playlists = append(category.Playlists, c.AddPlaylist(Playlist{
				Name: fmt.Sprintf("%s, Part %d", category.Name, n+1), Owner: editors, Followers: 1000 * (n + 1),
				Items: pick(c, 100*i+n, 7+n, 30),
			}))
		}
		c.AddCategory(category)
	}
}

// list returns the ids of everything of a kind, in the order in which it was added.
func (c *Catalogue) list(kind resources.Kind) []string {
	var all []string
	switch kind {
	case resources.KindAlbum:
		for _, a := range c.albums.list {
			all = append(all, a.ID)
		}
	case resources.KindArtist:
		for _, a := range c.artists.list {
			all = append(all, a.ID)
		}
	case resources.KindTrack:
		for _, t := range c.tracks.list {
			all = append(all, t.ID)
		}
	case resources.KindShow:
		for _, s := range c.shows.list {
			all = append(all, s.ID)
		}
	case resources.KindEpisode:
		for _, e := range c.episodes.list {
			all = append(all, e.ID)
		}
	case resources.KindAudiobook:
		for _, b := range c.audiobooks.list {
			all = append(all, b.ID)
		}
	}
	return all
}

package conformance

// catalogue_test.go is what the fake is asked about: two of everything, and the cases whose answers look different.

import (
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// catalogue is shared: a fake changes its own copy.
var catalogue = sync.OnceValue(func() *mock.Catalogue {
	c := mock.NewCatalogue()
	c.AddUser(mock.User{ID: otto, Name: "Otto", Followers: 3})
	c.AddUser(mock.User{ID: freda, Name: "Freda", Product: "free", Devices: []mock.Device{{Name: "Kitchen", Active: true}}})
	c.AddArtist(mock.Artist{ID: mock.ArtistID, Name: "The Paper Lanterns", Genres: []string{"indie folk"}})
	c.AddArtist(mock.Artist{ID: otherArtist, Name: "Tin Roof", Genres: []string{"indie folk"}})
	music(c)
	talk(c)
	playlists(c)
	for _, d := range []mock.Device{{ID: deviceID, Name: "Desk", Active: true}, {Name: "Radio", Type: "Speaker", Volume: -1}} {
		c.AddDevice("", d)
	}
	save(c)
	return c
})

func music(c *mock.Catalogue) {
	c.AddAlbum(mock.Album{ID: mock.AlbumID, Name: "Harbour Lights", Artists: []string{mock.ArtistID}, Genres: []string{"folk"}, Tracks: []mock.Track{
		{ID: mock.TrackID, Name: "Low Tide"},
		{ID: otherTrack, Name: "Ferry Song", Artists: []string{mock.ArtistID, otherArtist}, Explicit: true},
		{Name: "Harbour of Elsewhere", Markets: []string{"US"}},
		{Name: "Harbour Bells", Markets: []string{"US"}, Instead: mock.TrackID},
	}})
	c.AddAlbum(mock.Album{ID: otherAlbum, Name: "Harbour Fog", Artists: []string{otherArtist}, Type: "single", ReleaseDate: "1994", Markets: []string{"US"}})
	c.AddAlbum(mock.Album{Name: "All Harbours", Type: "compilation", ReleaseDate: "1999-04", Tracks: []mock.Track{{Name: "Quay", Artists: []string{mock.ArtistID}}}})
	c.AddAlbum(mock.Album{Name: "Harbour, Live", Artists: []string{mock.ArtistID}, Type: "single"})
}

func talk(c *mock.Catalogue) {
	c.AddShow(mock.Show{ID: mock.ShowID, Name: "Harbour Tides", Episodes: []mock.Episode{
		{ID: mock.EpisodeID, Name: "The Harbour Light", Played: true}, {ID: otherEpisode, Name: "The Harbour Master"}, {Name: "Elsewhere", Markets: []string{"US"}},
	}})
	c.AddShow(mock.Show{ID: otherShow, Name: "Harbour News", Explicit: true})
	c.AddAudiobook(mock.Audiobook{ID: mock.AudiobookID, Name: "The Harbour", Authors: []string{"Edda Marsh"}, Narrators: []string{"Jon Pike"}, Chapters: []mock.Chapter{
		{ID: mock.ChapterID, Name: "One"}, {ID: otherChapter, Name: "Two"},
	}})
	c.AddAudiobook(mock.Audiobook{ID: otherAudiobook, Name: "The Other Harbour", Edition: "Unabridged"})
}

func playlists(c *mock.Catalogue) {
	c.AddPlaylist(mock.Playlist{ID: mock.PlaylistID, Name: "Harbour Evenings", Items: []string{
		uri(resources.KindTrack, mock.TrackID), uri(resources.KindEpisode, mock.EpisodeID), "spotify:local:Somebody:Demos:Harbour:180", "", uri(resources.KindTrack, otherTrack),
	}})
	c.AddPlaylist(mock.Playlist{ID: otherPlaylist, Name: "Harbour Mornings", Description: "Not mine.", Owner: otto, Followers: 2, Items: []string{uri(resources.KindTrack, mock.TrackID)}})
	c.AddPlaylist(mock.Playlist{Name: "Harbour Together", Collaborators: []string{otto}})
	c.AddCategory(mock.Category{ID: category, Name: "Dinner", Playlists: []string{otherPlaylist, mock.PlaylistID}})
	c.AddCategory(mock.Category{Name: "Supper"})
}

// save fills the user's library, with two of each so that a second page has something.
func save(c *mock.Catalogue) {
	for kind, ids := range map[resources.Kind][]string{
		resources.KindAlbum: albums, resources.KindTrack: tracks, resources.KindEpisode: episodes, resources.KindShow: shows, resources.KindAudiobook: audiobooks,
		resources.KindArtist: artists, resources.KindUser: {otto},
	} {
		for _, id := range ids {
			c.Save("", uri(kind, id))
		}
	}
	c.AddPlays("", uri(resources.KindTrack, mock.TrackID), uri(resources.KindTrack, otherTrack))
	c.SetTop("", uri(resources.KindArtist, mock.ArtistID), uri(resources.KindArtist, otherArtist), uri(resources.KindTrack, mock.TrackID), uri(resources.KindTrack, otherTrack))
}

// fakes are what the fake can be.
var fakes = []struct {
	name   string
	option mock.Option
	access func(resources.Access) bool // whether an app may call such an operation
}{
	{"development mode", mock.DevelopmentMode(), func(a resources.Access) bool { return a == resources.Everyone || a == resources.Restricted }},
	{"extended quota", mock.ExtendedQuota(), func(resources.Access) bool { return true }},
}

func fake(t *testing.T, options ...mock.Option) *mock.Transport {
	t.Helper()
	return mock.New(t, append([]mock.Option{mock.WithCatalogue(catalogue())}, options...)...)
}

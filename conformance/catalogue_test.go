package conformance

import (
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Tracks that do not play in every market: one is restricted, one is relinked to another track.
const (
	awayTrack = "1aaaaaaaaaaaaaaaaaaaaW"
	oldTrack  = "1aaaaaaaaaaaaaaaaaaaaO"
)

// content is shared: each fake changes a copy.
var content = sync.OnceValue(func() *catalogue.Catalogue {
	c := catalogue.New()
	c.AddUser(catalogue.User{ID: otto, Name: "Otto", Followers: 3})
	c.AddUser(
		catalogue.User{
			ID:      freda,
			Name:    "Freda",
			Product: "free",
			Devices: []catalogue.Device{{Name: "Kitchen", Active: true}},
		},
	)
	c.AddArtist(catalogue.Artist{ID: mock.ArtistID, Name: "The Paper Lanterns", Genres: []string{"indie folk"}})
	c.AddArtist(catalogue.Artist{ID: otherArtist, Name: "Harbour Choir", Genres: []string{"indie folk"}})
	music(c)
	talk(c)
	playlists(c)
	for _, d := range []catalogue.Device{
		{ID: deviceID, Name: "Desk", Active: true}, {Name: "Radio", Type: "Speaker", Volume: -1},
	} {
		c.AddDevice("", d)
	}
	save(c)
	return c
})

// more fills a list beyond its first page of 50.
func more[T any](list []T, thing func(name string) T) []T {
	for n := len(list); n <= 50; n++ {
		list = append(list, thing("Part "+strconv.Itoa(n)))
	}
	return list
}

func music(c *catalogue.Catalogue) {
	c.AddAlbum(
		catalogue.Album{
			ID:      mock.AlbumID,
			Name:    "Harbour Lights",
			Artists: []string{mock.ArtistID},
			Genres:  []string{"folk"},
			Tracks: more([]catalogue.Track{
				{ID: mock.TrackID, Name: "Low Tide"},
				{ID: otherTrack, Name: "Ferry Song", Artists: []string{mock.ArtistID, otherArtist}, Explicit: true},
				{ID: oldTrack, Name: "Harbour Bells", Markets: []string{"US"}, Instead: mock.TrackID},
				{Name: "Elsewhere", Markets: []string{"US"}},
			}, func(name string) catalogue.Track { return catalogue.Track{Name: name} }),
		},
	)
	c.AddAlbum(
		catalogue.Album{
			ID:          otherAlbum,
			Name:        "Harbour Fog",
			Artists:     []string{otherArtist},
			Type:        "single",
			ReleaseDate: "1994",
			Markets:     []string{"US"},
			Tracks: []catalogue.Track{
				{ID: awayTrack, Name: "Harbour Fog"},
			},
		},
	)
	c.AddAlbum(
		catalogue.Album{
			Name:        "All Harbours",
			Type:        "compilation",
			ReleaseDate: "1999-04",
			Tracks:      []catalogue.Track{{Name: "Quay", Artists: []string{mock.ArtistID}}},
		},
	)
	c.AddAlbum(catalogue.Album{Name: "Harbour, Live", Artists: []string{mock.ArtistID, "Harbour Band"}, Type: "single"})
}

func talk(c *catalogue.Catalogue) {
	c.AddShow(catalogue.Show{ID: mock.ShowID, Name: "Harbour Tides", Episodes: more([]catalogue.Episode{
		{
			ID:     mock.EpisodeID,
			Name:   "The Harbour Light",
			Played: true,
		}, {ID: otherEpisode, Name: "The Harbour Master"}, {Name: "Elsewhere", Markets: []string{"US"}},
	}, func(name string) catalogue.Episode { return catalogue.Episode{Name: name} })})
	c.AddShow(catalogue.Show{ID: otherShow, Name: "Harbour News", Explicit: true})
	c.AddAudiobook(
		catalogue.Audiobook{
			ID:        mock.AudiobookID,
			Name:      "The Harbour",
			Authors:   []string{"Edda Marsh"},
			Narrators: []string{"Jon Pike"},
			Chapters: more([]catalogue.Chapter{
				{ID: mock.ChapterID, Name: "One"}, {ID: otherChapter, Name: "Two"},
			}, func(name string) catalogue.Chapter { return catalogue.Chapter{Name: name} }),
		},
	)
	c.AddAudiobook(catalogue.Audiobook{ID: otherAudiobook, Name: "The Other Harbour", Edition: "Unabridged"})
}

func playlists(c *catalogue.Catalogue) {
	c.AddPlaylist(catalogue.Playlist{ID: mock.PlaylistID, Name: "Harbour Evenings", Items: []string{
		uri(
			resources.KindTrack,
			mock.TrackID,
		), uri(resources.KindEpisode, mock.EpisodeID), "spotify:local:Somebody:Demos:Harbour:180", "",
		uri(resources.KindTrack, otherTrack),
		uri(resources.KindTrack, awayTrack), uri(resources.KindTrack, oldTrack),
	}})
	c.AddPlaylist(catalogue.Playlist{ID: longPlaylist, Name: "Harbour Nights", Items: slices.Repeat(uris, 51)})
	c.AddPlaylist(
		catalogue.Playlist{
			ID:          otherPlaylist,
			Name:        "Harbour Mornings",
			Description: "Not mine.",
			Owner:       otto,
			Followers:   2,
			Items:       []string{uri(resources.KindTrack, mock.TrackID)},
		},
	)
	c.AddPlaylist(catalogue.Playlist{Name: "Harbour Together", Collaborators: []string{otto}})
	c.AddCategory(catalogue.Category{ID: category, Name: "Dinner", Playlists: []string{otherPlaylist, mock.PlaylistID}})
	c.AddCategory(catalogue.Category{Name: "Supper"})
}

// save fills the user's library, with two of each kind so that there is a second page.
func save(c *catalogue.Catalogue) {
	for kind, ids := range map[resources.Kind][]string{
		resources.KindAlbum: albums, resources.KindTrack: tracks, resources.KindEpisode: episodes,
		resources.KindShow: shows, resources.KindAudiobook: audiobooks,
		resources.KindArtist: artists, resources.KindUser: {otto},
	} {
		for _, id := range ids {
			c.Save("", uri(kind, id))
		}
	}
	c.Save("", uri(resources.KindTrack, awayTrack), uri(resources.KindTrack, oldTrack))
	c.AddPlays("", uri(resources.KindTrack, mock.TrackID), uri(resources.KindTrack, otherTrack))
	c.SetTop(
		"",
		uri(resources.KindArtist, mock.ArtistID),
		uri(resources.KindArtist, otherArtist),
		uri(resources.KindTrack, mock.TrackID),
		uri(resources.KindTrack, otherTrack),
	)
}

// The kinds of apps.
const (
	development = "development mode"
	older       = "all members, older app in development mode"
	extended    = "all members, extended quota"
)

// fakes are the kinds of fakes that every method is called on.
var fakes = []struct {
	name   string
	option mock.Option
	access func(operations.Access) bool // reports whether an app of this kind may call an operation
}{
	{
		development,
		mock.WithDevelopmentMode(),
		func(a operations.Access) bool { return a == operations.Everyone || a == operations.Restricted },
	},
	{
		older,
		mock.WithOlderDevelopmentMode(),
		func(a operations.Access) bool { return a != operations.Legacy },
	},
	{extended, mock.WithExtendedQuota(), func(operations.Access) bool { return true }},
}

func fake(t *testing.T, options ...mock.Option) *mock.Transport {
	t.Helper()
	return mock.New(t, append([]mock.Option{mock.WithCatalogue(content())}, options...)...)
}

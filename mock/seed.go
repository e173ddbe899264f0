package mock

// seed.go is the small catalogue that every fake begins with.

import (
	"fmt"

	"github.com/seed-2147f1a9/spotify/resources"
)

// What the fake has unless it is given another catalogue.
const (
	AlbumID     = "4Qv2mWcJ8dTtYb1RkXz6Ln"
	ArtistID    = "1hGkP9sVxWq3ZuAe7cRf5B"
	TrackID     = "6Nd0yTjLr4KmCw8EvHs2Xa"
	PlaylistID  = "3Bf7qUoZi5GnDx9IyMt1Sc"
	ShowID      = "5Rt8wEaHu2JpKz4OvLx6Qd"
	EpisodeID   = "0Yk3cNbMs7VgFh5TjWr9Pe"
	AudiobookID = "2Wl6xSdQf8ZoAi1UyKn4Gf"
	ChapterID   = "7Cm9vRgTe3XpBj6HzLw0Dh"
	UserID      = "wanda"
)

func seed() *Catalogue {
	c := NewCatalogue()
	c.AddArtist(Artist{ID: ArtistID, Name: "The Paper Lanterns", Genres: []string{"indie folk"}})
	c.AddAlbum(Album{ID: AlbumID, Name: "Harbour Lights", Artists: []string{ArtistID}, Tracks: []Track{{ID: TrackID, Name: "Low Tide"}, {Name: "Ferry Song"}}})
	show := Show{ID: ShowID, Name: "Tides and Times", Publisher: "Shoreline Audio", Episodes: []Episode{{ID: EpisodeID, Name: "The Lighthouse"}}}
	for i := range 239 {
		show.Episodes = append(show.Episodes, Episode{Name: fmt.Sprintf("Day %d", 239-i)})
	}
	c.AddShow(show)
	c.AddAudiobook(Audiobook{ID: AudiobookID, Name: "The Long Shore", Authors: []string{"Edda Marsh"}, Chapters: []Chapter{{ID: ChapterID, Name: "One"}, {Name: "Two"}}})
	c.AddPlaylist(Playlist{ID: PlaylistID, Name: "Evenings", Items: []string{uriOf(resources.KindTrack, TrackID), uriOf(resources.KindEpisode, EpisodeID)}})
	c.AddDevice("", Device{Name: "Desk"})
	return c
}

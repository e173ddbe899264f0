package catalogue

import "sync"

// The ids of the invented catalogue. The constants of the same names in package mock describe them.
const (
	AlbumID            = "4Qv2mWcJ8dTtYb1RkXz6Ln"
	ArtistID           = "1hGkP9sVxWq3ZuAe7cRf5B"
	TrackID            = "6Nd0yTjLr4KmCw8EvHs2Xa"
	RelinkedTrackID    = "2Kz9bRmWq7VxTn4HyJc5Ls"
	UnavailableTrackID = "7Pw3cGtYd1XfBj8QzNk6Mv"

	ShowID      = "5Rt8wEaHu2JpKz4OvLx6Qd"
	EpisodeID   = "0Yk3cNbMs7VgFh5TjWr9Pe"
	AudiobookID = "2Wl6xSdQf8ZoAi1UyKn4Gf"
	ChapterID   = "7Cm9vRgTe3XpBj6HzLw0Dh"

	UserID      = "wanda"
	DeviceID    = "5d1c0a3f7be94826a0f35c1e9d7b2468e04c7a19"
	OtherUserID = "mirabel"

	PlaylistID       = "3Bf7qUoZi5GnDx9IyMt1Sc"
	LongPlaylistID   = "6Xa1nVpEk4TzRd7WqLs9Gy"
	SharedPlaylistID = "1Jm5hFwQc8YbUo2KxZt7Ne"
	OtherPlaylistID  = "4Ds8kLrBv6MiXg3PyCa0Wj"
)

// Invented returns the catalogue that a fake serves unless it is given another one. It is built
// once and cannot be added to: see NewInvented.
func Invented() *Catalogue { return invented() }

var invented = sync.OnceValue(func() *Catalogue {
	c := invent()
	c.Contents()
	return c
})

// NewInvented returns a catalogue of its own with the content of Invented, to add to.
func NewInvented() *Catalogue { return invent() }

func invent() *Catalogue {
	c := &Catalogue{named: map[string]*Artist{}}
	inventUsers(c)
	inventMusic(c)
	inventSpoken(c)
	inventPlaylists(c)
	inventLibrary(c)
	return c
}

package catalogue

import "sync"

// What the fake has unless it is given another catalogue. It is sold in Germany, Sweden and the
// United States (DE, SE, US). Nothing of it is in the user's library before a test puts it there,
// except where it says so.
const (
	// AlbumID is an album of twelve tracks by ArtistID, and TrackID is its first.
	AlbumID  = "4Qv2mWcJ8dTtYb1RkXz6Ln"
	ArtistID = "1hGkP9sVxWq3ZuAe7cRf5B"
	TrackID  = "6Nd0yTjLr4KmCw8EvHs2Xa"
	// RelinkedTrackID plays in the United States only; elsewhere another recording of it plays
	// instead.
	RelinkedTrackID = "2Kz9bRmWq7VxTn4HyJc5Ls"
	// UnavailableTrackID plays in Germany only, and nothing plays instead.
	UnavailableTrackID = "7Pw3cGtYd1XfBj8QzNk6Mv"

	// ShowID is a podcast of 240 episodes, and EpisodeID is its newest.
	ShowID    = "5Rt8wEaHu2JpKz4OvLx6Qd"
	EpisodeID = "0Yk3cNbMs7VgFh5TjWr9Pe"
	// AudiobookID has fourteen chapters, and ChapterID is the first.
	AudiobookID = "2Wl6xSdQf8ZoAi1UyKn4Gf"
	ChapterID   = "7Cm9vRgTe3XpBj6HzLw0Dh"

	// UserID is who is signed in: she has a premium subscription, lives in Sweden, has saved 3,000
	// tracks and can play on four devices.
	UserID = "wanda"
	// DeviceID is her computer, where she played last.
	DeviceID = "5d1c0a3f7be94826a0f35c1e9d7b2468e04c7a19"
	// OtherUserID is somebody else, who shares playlists.
	OtherUserID = "mirabel"

	// PlaylistID is the user's own: tracks, an episode, a file of her own, and a track that does
	// not play everywhere.
	PlaylistID = "3Bf7qUoZi5GnDx9IyMt1Sc"
	// LongPlaylistID is the user's own, with 1,200 items.
	LongPlaylistID = "6Xa1nVpEk4TzRd7WqLs9Gy"
	// SharedPlaylistID belongs to OtherUserID, and the user collaborates. One of its items is no
	// longer there.
	SharedPlaylistID = "1Jm5hFwQc8YbUo2KxZt7Ne"
	// OtherPlaylistID belongs to OtherUserID, is public, and the user follows it.
	OtherPlaylistID = "4Ds8kLrBv6MiXg3PyCa0Wj"
)

// Invented returns the catalogue that a fake serves unless it is given another one. It is built
// once and cannot be added to.
func Invented() *Catalogue { return invented() }

var invented = sync.OnceValue(func() *Catalogue {
	c := invent()
	c.Contents()
	return c
})

func invent() *Catalogue {
	c := &Catalogue{named: map[string]*Artist{}}
	inventUsers(c)
	inventMusic(c)
	inventSpoken(c)
	inventPlaylists(c)
	inventLibrary(c)
	return c
}

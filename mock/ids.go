package mock

import "github.com/seed-2147f1a9/spotify/mock/catalogue"

// The content of a fake that is given no other catalogue. It is available in Germany, Sweden and
// the United States (DE, SE, US). None of it is in the user's library unless a comment says so.
const (
	// AlbumID is an album of twelve tracks by ArtistID, and TrackID is its first track.
	AlbumID  = catalogue.AlbumID
	ArtistID = catalogue.ArtistID
	TrackID  = catalogue.TrackID
	// RelinkedTrackID plays in the United States only; elsewhere another recording of it plays
	// instead.
	RelinkedTrackID = catalogue.RelinkedTrackID
	// UnavailableTrackID plays in Germany only, and nothing plays instead.
	UnavailableTrackID = catalogue.UnavailableTrackID

	// ShowID is a podcast of 240 episodes, and EpisodeID is its newest.
	ShowID    = catalogue.ShowID
	EpisodeID = catalogue.EpisodeID
	// AudiobookID has fourteen chapters, and ChapterID is the first.
	AudiobookID = catalogue.AudiobookID
	ChapterID   = catalogue.ChapterID

	// UserID is the user who is signed in: she has a premium subscription, lives in Sweden, has
	// saved 3,000 tracks and has four devices.
	UserID = catalogue.UserID
	// DeviceID is her computer, which is active.
	DeviceID = catalogue.DeviceID
	// OtherUserID is another user, who shares playlists.
	OtherUserID = catalogue.OtherUserID

	// PlaylistID is the user's own: tracks, an episode, a local file, and a track that does not
	// play everywhere.
	PlaylistID = catalogue.PlaylistID
	// LongPlaylistID is the user's own, with 1,200 items.
	LongPlaylistID = catalogue.LongPlaylistID
	// SharedPlaylistID belongs to OtherUserID, and the user is a collaborator. One of its items is
	// gone.
	SharedPlaylistID = catalogue.SharedPlaylistID
	// OtherPlaylistID belongs to OtherUserID, is public, and the user follows it.
	OtherPlaylistID = catalogue.OtherPlaylistID
)

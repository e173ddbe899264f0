package conformance

import (
	"time"

	"github.com/seed-2147f1a9/spotify/resources"
)

// everything has a URI of each kind that a library holds.
var everything = []string{
	uri(
		resources.KindAlbum,
		otherAlbum,
	), uri(resources.KindArtist, otherArtist), uri(resources.KindAudiobook, otherAudiobook),
	uri(resources.KindEpisode, otherEpisode),
	uri(
		resources.KindPlaylist,
		otherPlaylist,
	), uri(resources.KindShow, otherShow), uri(resources.KindTrack, otherTrack), uri(resources.KindUser, otto),
}

var moments = []resources.TimestampedID{{ID: otherTrack, AddedAt: time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)}}

var libraryCalls = []call{
	{"Library.Save", func(c ctx, s api, _ bool) (any, error) { return nil, s.Library.Save(c, everything...) }},
	{"Library.Contains", func(c ctx, s api, _ bool) (any, error) { return s.Library.Contains(c, everything[:2]...) }},
	{"Library.Remove", func(c ctx, s api, _ bool) (any, error) { return nil, s.Library.Remove(c, everything...) }},

	{"Albums.Save", func(c ctx, s api, _ bool) (any, error) { return nil, s.Albums.Save(c, albums...) }},
	{"Albums.Contains", func(c ctx, s api, _ bool) (any, error) { return s.Albums.Contains(c, albums...) }},
	{"Albums.Remove", func(c ctx, s api, _ bool) (any, error) { return nil, s.Albums.Remove(c, albums[1:]...) }},

	{"Audiobooks.Save", func(c ctx, s api, _ bool) (any, error) { return nil, s.Audiobooks.Save(c, audiobooks...) }},
	{"Audiobooks.Contains", func(c ctx, s api, _ bool) (any, error) { return s.Audiobooks.Contains(c, audiobooks...) }},
	{
		"Audiobooks.Remove",
		func(c ctx, s api, _ bool) (any, error) { return nil, s.Audiobooks.Remove(c, audiobooks[1:]...) },
	},

	{"Episodes.Save", func(c ctx, s api, _ bool) (any, error) { return nil, s.Episodes.Save(c, episodes...) }},
	{"Episodes.Contains", func(c ctx, s api, _ bool) (any, error) { return s.Episodes.Contains(c, episodes...) }},
	{"Episodes.Remove", func(c ctx, s api, _ bool) (any, error) { return nil, s.Episodes.Remove(c, episodes[1:]...) }},

	{"Shows.Save", func(c ctx, s api, _ bool) (any, error) { return nil, s.Shows.Save(c, shows...) }},
	{"Shows.Contains", func(c ctx, s api, _ bool) (any, error) { return s.Shows.Contains(c, shows...) }},
	{"Shows.Remove", func(c ctx, s api, _ bool) (any, error) { return nil, s.Shows.Remove(c, shows[1:]...) }},

	{"Tracks.Save", func(c ctx, s api, _ bool) (any, error) { return nil, s.Tracks.Save(c, tracks...) }},
	{"Tracks.SaveAt", func(c ctx, s api, _ bool) (any, error) { return nil, s.Tracks.SaveAt(c, moments...) }},
	{"Tracks.Contains", func(c ctx, s api, _ bool) (any, error) { return s.Tracks.Contains(c, tracks...) }},
	{"Tracks.Remove", func(c ctx, s api, _ bool) (any, error) { return nil, s.Tracks.Remove(c, tracks[1:]...) }},

	{"Users.Follow", func(c ctx, s api, _ bool) (any, error) {
		return nil, s.Users.Follow(c, resources.KindArtist, artists...)
	}},
	{
		"Users.Follows",
		func(c ctx, s api, _ bool) (any, error) { return s.Users.Follows(c, resources.KindArtist, artists...) },
	},
	{"Users.Unfollow", func(c ctx, s api, _ bool) (any, error) {
		return nil, s.Users.Unfollow(c, resources.KindArtist, otherArtist)
	}},
	{"Playlists.Follow", func(c ctx, s api, full bool) (any, error) {
		return nil, s.Playlists.Follow(c, otherPlaylist, given(full, &resources.FollowPlaylistParams{Public: new(false)}))
	}},
	{"Playlists.Follows", func(c ctx, s api, _ bool) (any, error) { return s.Playlists.Follows(c, otherPlaylist) }},
	{"Playlists.Unfollow", func(c ctx, s api, _ bool) (any, error) { return nil, s.Playlists.Unfollow(c, otherPlaylist) }},
}

package conformance

import (
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

var (
	following = &resources.FollowedArtistsParams{After: mock.ArtistID, Limit: 50}
	top       = &resources.TopParams{
		TimeRange:  resources.TimeRangeShort,
		ListParams: resources.ListParams{Limit: 50, Offset: 1},
	}
)

var userCalls = []call{
	{"Users.Me", func(c ctx, s api, full bool) (any, error) { return s.Users.Me(c) }},
	{"Users.Get", func(c ctx, s api, full bool) (any, error) { return s.Users.Get(c, mock.UserID) }},
	{
		"Users.FollowedArtists",
		func(c ctx, s api, full bool) (any, error) { return s.Users.FollowedArtists(c, given(full, following)) },
	},
	{"Users.AllFollowedArtists", func(c ctx, s api, full bool) (any, error) {
		return first(s.Users.AllFollowedArtists(c, given(full, following)))
	}},
	{"Users.TopArtists", func(c ctx, s api, full bool) (any, error) { return s.Users.TopArtists(c, given(full, top)) }},
	{
		"Users.AllTopArtists",
		func(c ctx, s api, full bool) (any, error) { return first(s.Users.AllTopArtists(c, given(full, top))) },
	},
	{"Users.TopTracks", func(c ctx, s api, full bool) (any, error) { return s.Users.TopTracks(c, given(full, top)) }},
	{
		"Users.AllTopTracks",
		func(c ctx, s api, full bool) (any, error) { return first(s.Users.AllTopTracks(c, given(full, top))) },
	},
}

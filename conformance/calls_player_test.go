package conformance

import (
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

const (
	deviceID  = "74ASZWbe4lXaubB36ztrGX"
	trackURI  = "spotify:track:" + mock.TrackID
	contextIn = "spotify:album:" + mock.AlbumID
)

var (
	on     = &resources.DeviceParams{DeviceID: deviceID}
	before = &resources.RecentlyPlayedParams{Limit: 50, Before: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	after  = &resources.RecentlyPlayedParams{Limit: 50, After: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}

	playContext = &resources.PlayParams{
		DeviceID: deviceID, ContextURI: contextIn, Offset: &resources.PlayOffset{Position: 1}, Position: 5 * time.Second,
	}
	playRelinked = &resources.PlayParams{URIs: []string{uri(resources.KindTrack, oldTrack)}}
	playURIs     = &resources.PlayParams{
		DeviceID: deviceID,
		URIs:     uris,
		Offset:   &resources.PlayOffset{URI: uris[1]},
		Position: 5 * time.Second,
	}
)

var playerCalls = []call{
	{"Player.Transfer", func(c ctx, s api, full bool) (any, error) {
		return nil, s.Player.Transfer(c, deviceID, given(full, &resources.TransferParams{Play: true}))
	}},
	{"Player.Play", func(c ctx, s api, full bool) (any, error) { return nil, s.Player.Play(c, given(full, playContext)) }},
	{"Player.State", func(c ctx, s api, full bool) (any, error) { return s.Player.State(c, given(full, get)) }},
	{
		"Player.CurrentlyPlaying",
		func(c ctx, s api, full bool) (any, error) { return s.Player.CurrentlyPlaying(c, given(full, get)) },
	},
	{"Player.Queue", func(c ctx, s api, _ bool) (any, error) { return s.Player.Queue(c) }},
	{"Player.Play: URIs", func(c ctx, s api, _ bool) (any, error) { return nil, s.Player.Play(c, playURIs) }},
	{"Player.State: episode", func(c ctx, s api, full bool) (any, error) { return s.Player.State(c, given(full, get)) }},
	{
		"Player.CurrentlyPlaying: episode",
		func(c ctx, s api, full bool) (any, error) { return s.Player.CurrentlyPlaying(c, given(full, get)) },
	},
	{"Player.Queue: episode", func(c ctx, s api, _ bool) (any, error) { return s.Player.Queue(c) }},
	{"Player.Play: relinked", func(c ctx, s api, _ bool) (any, error) { return nil, s.Player.Play(c, playRelinked) }},
	{"Player.State: relinked", func(c ctx, s api, full bool) (any, error) { return s.Player.State(c, given(full, get)) }},
	{"Player.Watch", func(c ctx, s api, _ bool) (any, error) { return first(s.Player.Watch(c, nil)) }},
	{
		"Player.CurrentlyPlaying: relinked",
		func(c ctx, s api, full bool) (any, error) { return s.Player.CurrentlyPlaying(c, given(full, get)) },
	},
	{"Player.Devices", func(c ctx, s api, _ bool) (any, error) { return s.Player.Devices(c) }},
	{"Player.AddToQueue", func(c ctx, s api, full bool) (any, error) {
		return nil, s.Player.AddToQueue(c, trackURI, given(full, on))
	}},
	{
		"Player.Seek",
		func(c ctx, s api, full bool) (any, error) { return nil, s.Player.Seek(c, time.Second, given(full, on)) },
	},
	{
		"Player.SetVolume",
		func(c ctx, s api, full bool) (any, error) { return nil, s.Player.SetVolume(c, 100, given(full, on)) },
	},
	{"Player.SetRepeat", func(c ctx, s api, full bool) (any, error) {
		return nil, s.Player.SetRepeat(c, "context", given(full, on))
	}},
	{
		"Player.SetShuffle",
		func(c ctx, s api, full bool) (any, error) { return nil, s.Player.SetShuffle(c, full, given(full, on)) },
	},
	{"Player.Next", func(c ctx, s api, full bool) (any, error) { return nil, s.Player.Next(c, given(full, on)) }},
	{"Player.Previous", func(c ctx, s api, full bool) (any, error) { return nil, s.Player.Previous(c, given(full, on)) }},
	{"Player.Pause", func(c ctx, s api, full bool) (any, error) { return nil, s.Player.Pause(c, given(full, on)) }},
	{
		"Player.RecentlyPlayed",
		func(c ctx, s api, full bool) (any, error) { return s.Player.RecentlyPlayed(c, given(full, before)) },
	},
	{
		"Player.RecentlyPlayed: after",
		func(c ctx, s api, full bool) (any, error) { return s.Player.RecentlyPlayed(c, given(full, after)) },
	},
	{"Player.AllRecentlyPlayed", func(c ctx, s api, full bool) (any, error) {
		return first(s.Player.AllRecentlyPlayed(c, given(full, before)))
	}},
}

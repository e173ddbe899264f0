package resources

import (
	"encoding/json"
	"fmt"
	"testing"
)

// BenchmarkEncode measures encoding/json on values that calls return: a track, an album with a page
// of tracks, and a page of 50 saved tracks.
func BenchmarkEncode(b *testing.B) {
	var track Track
	if err := json.Unmarshal([]byte(trackJSON), &track); err != nil {
		b.Fatal(err)
	}
	album := Album{SimplifiedAlbum: track.Album}
	page := Page[SavedTrack]{}
	for range 50 {
		page.Items = append(page.Items, SavedTrack{Track: track})
		album.Tracks.Items = append(album.Tracks.Items, track.SimplifiedTrack)
	}
	for name, value := range map[string]any{"track": track, "album": album, "page of 50": page} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(value); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// trackJSON is a track as the API sends one.
var trackJSON = fmt.Sprintf(
	`{"album":%s,"artists":[%s],"disc_number":1,"duration_ms":215000,"explicit":false,
"external_ids":{"isrc":"SEXYZ1900101"},
	"external_urls":{"spotify":"https://open.spotify.com/track/x"},"href":"https://api.spotify.com/v1/tracks/x",
	"id":"x","is_local":false,"is_playable":false,
	"name":"Low & <Tide>","popularity":0,"preview_url":null,"track_number":3,"type":"track","uri":"spotify:track:x"}`,
	`{"album_type":"album","artists":[`+artistJSON+`],"external_urls":{"spotify":"https://open.spotify.com/album/x"},
"href":"https://api.spotify.com/v1/albums/x","id":"x",
	"images":[{"height":640,"url":"https://i.scdn.co/image/x","width":640},{"height":300,
	"url":"https://i.scdn.co/image/y","width":300}],"is_playable":true,"name":"Harbour Lights",
	"release_date":"2019-03-22","release_date_precision":"day","total_tracks":9,"type":"album","uri":"spotify:album:x"}`,
	artistJSON,
)

const artistJSON = `{"external_urls":{"spotify":"https://open.spotify.com/artist/x"},` +
	`"href":"https://api.spotify.com/v1/artists/x","id":"x","name":"Lanterns","type":"artist","uri":"spotify:artist:x"}`

package resources

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// anAlbum returns an album of 12 kB with 14 tracks, as Spotify sends it. With floats, its last
// number is a float.
func anAlbum(floats bool) []byte {
	artist := `{"external_urls":{"spotify":"https://open.spotify.com/artist/0TnOYISbd1XYRBk9myaseg"},` +
		`"href":"https://api.spotify.com/v1/artists/0TnOYISbd1XYRBk9myaseg","id":"0TnOYISbd1XYRBk9myaseg",` +
		`"name":"Pitbull","type":"artist","uri":"spotify:artist:0TnOYISbd1XYRBk9myaseg"}`
	var tracks []string
	for i := range 14 {
		tracks = append(
			tracks,
			fmt.Sprintf(
				`{"artists":[%s],"available_markets":["SE","DE","US","GB"],"disc_number":1,"duration_ms":%d,"explicit":false,`+
					`"external_urls":{"spotify":"https://open.spotify.com/track/6OmhkSOpvYBokMKQxpIGx2"},`+
					`"href":"https://api.spotify.com/v1/tracks/6OmhkSOpvYBokMKQxpIGx2","id":"6OmhkSOpvYBokMKQxpIGx2",`+
					`"is_local":false,"name":"Global Warming (feat. Sensato) %d","preview_url":null,"track_number":%d,`+
					`"type":"track","uri":"spotify:track:6OmhkSOpvYBokMKQxpIGx2"}`,
				artist,
				85400+i,
				i,
				i+1,
			),
		)
	}
	markets := `"` + strings.Join(
		strings.Fields(
			strings.Repeat(
				"AR AU AT BE BO BR BG CA CL CO CR CY CZ DK DO DE EC EE SV FI FR GR GT HN HK HU IS IE IT LV LT LU ",
				6,
			),
		),
		`","`,
	) + `"`
	popularity := "55"
	if floats {
		popularity = "55.0"
	}
	return []byte(
		fmt.Sprintf(
			`{"album_type":"album","artists":[%s],"available_markets":[%s],`+
				`"copyrights":[{"text":"(P) 2012 RCA Records","type":"P"}],"external_ids":{"upc":"886443671584"},`+
				`"external_urls":{"spotify":"https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"},"genres":[],`+
				`"href":"https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy","id":"4aawyAB9vmqN3uQ7FjRGTy",`+
				`"images":[{"height":640,"url":"https://i.scdn.co/image/ab67616d0000b2732c5b24ecfa39523a75c993c4",`+
				`"width":640},{"height":300,"url":"https://i.scdn.co/image/ab67616d00001e022c5b24ecfa39523a75c993c4",`+
				`"width":300}],`+
				`"label":"Mr.305/Polo Grounds Music/RCA Records","name":"Global Warming","release_date":"2012-11-16",`+
				`"release_date_precision":"day","total_tracks":14,`+
				`"tracks":{"href":"https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy/tracks","items":[%s],`+
				`"limit":50,"next":null,"offset":0,"previous":null,"total":14},`+
				`"type":"album","uri":"spotify:album:4aawyAB9vmqN3uQ7FjRGTy","popularity":%s}`,
			artist,
			markets,
			strings.Join(tracks, ","),
			popularity,
		),
	)
}

// aTrackOf returns a full track of 2 kB, as GET /tracks/{id} and lists of saved tracks have it.
func aTrackOf(i int) string {
	artist := `{"external_urls":{"spotify":"https://open.spotify.com/artist/0TnOYISbd1XYRBk9myaseg"},` +
		`"href":"https://api.spotify.com/v1/artists/0TnOYISbd1XYRBk9myaseg","id":"0TnOYISbd1XYRBk9myaseg",` +
		`"name":"Pitbull","type":"artist","uri":"spotify:artist:0TnOYISbd1XYRBk9myaseg"}`
	return fmt.Sprintf(
		`{"album":{"album_type":"album","artists":[%[1]s],"available_markets":["SE","DE","US","GB"],`+
			`"external_urls":{"spotify":"https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"},`+
			`"href":"https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy","id":"4aawyAB9vmqN3uQ7FjRGTy",`+
			`"images":[{"url":"https://i.scdn.co/image/ab67616d0000b2732c5b24ecfa39523a75c993c4","height":640,"width":640},`+
			`{"url":"https://i.scdn.co/image/ab67616d00001e022c5b24ecfa39523a75c993c4","height":300,"width":300}],`+
			`"name":"Global Warming","release_date":"2012-11-16","release_date_precision":"day","total_tracks":18,`+
			`"type":"album","uri":"spotify:album:4aawyAB9vmqN3uQ7FjRGTy"},`+
			`"artists":[%[1]s],"available_markets":["SE","DE","US","GB"],"disc_number":1,"duration_ms":%[3]d,`+
			`"explicit":false,"external_ids":{"isrc":"USRC1120%04[2]d"},`+
			`"external_urls":{"spotify":"https://open.spotify.com/track/6OmhkSOpvYBokMKQxp%04[2]d"},`+
			`"href":"https://api.spotify.com/v1/tracks/6OmhkSOpvYBokMKQxp%04[2]d","id":"6OmhkSOpvYBokMKQxp%04[2]d",`+
			`"is_local":false,`+
			`"name":"Global Warming %[2]d","popularity":%[4]d,"preview_url":null,"track_number":%[2]d,"type":"track",`+
			`"uri":"spotify:track:6OmhkSOpvYBokMKQxp%04[2]d"}`,
		artist,
		i,
		85400+i,
		i%100,
	)
}

// aPage returns a page of 50 items of a playlist.
func aPage() []byte {
	var items []string
	for i := range 50 {
		items = append(
			items,
			`{"added_at":"2024-02-03T04:05:06Z",`+
				`"added_by":{"external_urls":{"spotify":"https://open.spotify.com/user/x"},`+
				`"href":"https://api.spotify.com/v1/users/x","id":"x","type":"user","uri":"spotify:user:x"},`+
				`"is_local":false,"primary_color":null,"video_thumbnail":{"url":null},"item":`+aTrackOf(
				i,
			)+`}`,
		)
	}
	return []byte(
		`{"href":"https://api.spotify.com/v1/playlists/x/items?offset=0&limit=50","items":[` + strings.Join(
			items,
			",",
		) + `],"limit":50,"next":"https://api.spotify.com/v1/playlists/x/items?offset=50&limit=50","offset":0,` +
			`"previous":null,"total":1200}`,
	)
}

// BenchmarkDecode reads an album, one with a number written as a float at its very end, a track, a
// page of 50 items, and the album with encoding/json.
func BenchmarkDecode(b *testing.B) {
	album, floats, track, page := anAlbum(false), anAlbum(true), []byte(aTrackOf(1)), aPage()
	for _, bench := range []struct {
		name string
		data []byte
		read func() error
	}{
		{"album", album, func() error { return decoded(album, "", new(Album)) }},
		{"floats", floats, func() error { return decoded(floats, "", new(Album)) }},
		{"track", track, func() error { return decoded(track, "", new(Track)) }},
		{"page", page, func() error { return decoded(page, "", new(Page[PlaylistItem])) }},
		{"encoding", album, func() error { return json.Unmarshal(album, new(Album)) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := bench.read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

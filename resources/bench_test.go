package resources

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// anAlbum is an album of 12 kB with 14 tracks, as Spotify sends one. Numbers are whole unless floats is set: then strict reading fails at the last of them.
func anAlbum(floats bool) []byte {
	artist := `{"external_urls":{"spotify":"https://open.spotify.com/artist/0TnOYISbd1XYRBk9myaseg"},"href":"https://api.spotify.com/v1/artists/0TnOYISbd1XYRBk9myaseg","id":"0TnOYISbd1XYRBk9myaseg","name":"Pitbull","type":"artist","uri":"spotify:artist:0TnOYISbd1XYRBk9myaseg"}`
	var tracks []string
	for i := range 14 {
		tracks = append(tracks, fmt.Sprintf(`{"artists":[%s],"available_markets":["SE","DE","US","GB"],"disc_number":1,"duration_ms":%d,"explicit":false,`+
			`"external_urls":{"spotify":"https://open.spotify.com/track/6OmhkSOpvYBokMKQxpIGx2"},"href":"https://api.spotify.com/v1/tracks/6OmhkSOpvYBokMKQxpIGx2","id":"6OmhkSOpvYBokMKQxpIGx2",`+
			`"is_local":false,"name":"Global Warming (feat. Sensato) %d","preview_url":null,"track_number":%d,"type":"track","uri":"spotify:track:6OmhkSOpvYBokMKQxpIGx2"}`, artist, 85400+i, i, i+1))
	}
	markets := `"` + strings.Join(strings.Fields(strings.Repeat("AR AU AT BE BO BR BG CA CL CO CR CY CZ DK DO DE EC EE SV FI FR GR GT HN HK HU IS IE IT LV LT LU ", 6)), `","`) + `"`
	popularity := "55"
	if floats {
		popularity = "55.0"
	}
	return []byte(fmt.Sprintf(`{"album_type":"album","artists":[%s],"available_markets":[%s],"copyrights":[{"text":"(P) 2012 RCA Records","type":"P"}],"external_ids":{"upc":"886443671584"},`+
		`"external_urls":{"spotify":"https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"},"genres":[],"href":"https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy","id":"4aawyAB9vmqN3uQ7FjRGTy",`+
		`"images":[{"height":640,"url":"https://i.scdn.co/image/ab67616d0000b2732c5b24ecfa39523a75c993c4","width":640},{"height":300,"url":"https://i.scdn.co/image/ab67616d00001e022c5b24ecfa39523a75c993c4","width":300}],`+
		`"label":"Mr.305/Polo Grounds Music/RCA Records","name":"Global Warming","release_date":"2012-11-16","release_date_precision":"day","total_tracks":14,`+
		`"tracks":{"href":"https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy/tracks","items":[%s],"limit":50,"next":null,"offset":0,"previous":null,"total":14},`+
		`"type":"album","uri":"spotify:album:4aawyAB9vmqN3uQ7FjRGTy","popularity":%s}`, artist, markets, strings.Join(tracks, ","), popularity))
}

// BenchmarkDecode compares reading an album strictly, leniently after that has failed at its very end, and with encoding/json.
func BenchmarkDecode(b *testing.B) {
	strict, floats := anAlbum(false), anAlbum(true)
	for name, read := range map[string]func() error{
		"strict":   func() error { return decode(strict, "", new(Album)) },
		"lenient":  func() error { return decode(floats, "", new(Album)) },
		"encoding": func() error { return json.Unmarshal(strict, new(Album)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(strict)))
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

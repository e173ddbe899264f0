package catalogue

import (
	"strconv"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

// band is an artist with the values that all its releases share.
type band struct {
	name, label string
	since       int
	genres      []string
	explicit    bool
}

var bands = []band{
	{"The Paper Lanterns", "Tidewater", 2011, []string{"indie folk", "chamber pop"}, false},
	{"Marlow Vane", "Tidewater", 2014, []string{"singer-songwriter", "indie folk"}, false},
	{"Glass Orchard", "Half Light", 2009, []string{"dream pop", "shoegaze"}, false},
	{"Nils Åkervall Trio", "Norrsken Jazz", 2003, []string{"jazz", "nordic jazz"}, false},
	{"DJ Ravelin", "Basement Letters", 2012, []string{"house", "deep house"}, false},
	{"Os Pescadores da Lua", "Maré Alta", 1998, []string{"bossa nova", "mpb"}, false},
	{"Kite Season", "Half Light", 2016, []string{"indie pop", "dream pop"}, false},
	{"Saltwater Choir", "Norrsken", 2001, []string{"choral", "ambient"}, false},
	{"Iron Meridian", "Foundry", 2006, []string{"progressive metal", "metal"}, true},
	{"Tuesday Machine", "Basement Letters", 2013, []string{"synth-pop", "new wave"}, false},
	{"Lena Brandtner", "Kammerton", 2005, []string{"classical", "piano"}, false},
	{"The Low Countries", "Dry County", 2008, []string{"alt-country", "americana"}, false},
	{"Mbali & the Night Bus", "Lagoon", 2015, []string{"afrobeat", "highlife"}, false},
	{"Field Recordist", "Norrsken", 2010, []string{"ambient", "electronic"}, false},
	{"Big Rudder", "Dry County", 1996, []string{"blues rock", "rock"}, false},
	{"Petit Orage", "Maré Alta", 2012, []string{"chanson", "french pop"}, false},
	{"Nine Bridges", "Lagoon", 2014, []string{"hip hop", "jazz rap"}, true},
	{"Ada Quistgaard", "Lagoon", 2017, []string{"r&b", "soul"}, false},
	{"Velvet Almanac", "Foundry", 2002, []string{"psychedelic rock", "rock"}, false},
	{"The Understudies", "Foundry", 2010, []string{"punk", "garage rock"}, true},
	{"Hana Morikawa", "Half Light", 2018, []string{"city pop", "j-pop"}, false},
	{"Fjord & Daughter", "Norrsken", 2007, []string{"nordic folk", "folk"}, false},
	{"Copper Kettle Society", "Dry County", 2004, []string{"bluegrass", "folk"}, false},
	{"Sunday Arithmetic", "Basement Letters", 2011, []string{"math rock", "indie rock"}, false},
	{"Orchestra Minor", "Kammerton", 1999, []string{"classical", "orchestral"}, false},
}

func inventMusic(c *Catalogue) {
	for i, b := range bands {
		a := Artist{Name: b.name, Genres: b.genres}
		if i == 0 {
			a.ID = ArtistID
		}
		c.AddArtist(a)
	}
	inventAlbum(c)
	for i, b := range bands {
		b.release(c, bands[(i+7)%len(bands)].name)
	}
	inventExceptions(c)
}

// release adds a band's discography: eleven albums, four singles and a compilation, with a guest on
// some tracks.
// now and then.
func (b *band) release(c *Catalogue, guest string) {
	const albums, singles = 11, 4
	names := titles(albums+singles, b.name)
	for i, name := range names {
		a := Album{Name: name, Artists: []string{b.name}, Label: b.label, ReleaseDate: b.date(i)}
		songs := titles(10+ids.Roll(4, b.name, name), b.name, name)
		if i >= albums {
			a.Type, songs = "single", []string{name, name + " (Live)"}
		}
		for n, song := range songs {
			t := Track{Name: song, Explicit: b.explicit && n%3 == 0}
			if n == 6 {
				t.Name += " (feat. " + guest + ")"
				t.Artists = []string{b.name, guest}
			}
			a.Tracks = append(a.Tracks, t)
		}
		c.AddAlbum(a)
	}
	best := Album{Name: "The Best of " + b.name, Type: "compilation", Artists: []string{b.name}, Label: b.label,
		ReleaseDate: "2024", Markets: []string{"DE", "SE"}}
	for i, name := range names[:albums] {
		best.Tracks = append(best.Tracks, Track{Name: name + " (Remastered)", Disc: 1 + i/6})
	}
	c.AddAlbum(best)
}

// date returns the date of a band's nth release.
func (b *band) date(n int) string {
	first := time.Date(b.since, 1, 1, 0, 0, 0, 0, time.UTC)
	room := int(inventedOn.Sub(first).Hours() / 24)
	return first.AddDate(0, 0, (room*n+ids.Roll(room, b.name, "date", strconv.Itoa(n)))/16).Format(time.DateOnly)
}

// inventAlbum adds AlbumID.
func inventAlbum(c *Catalogue) {
	c.AddAlbum(Album{
		ID: AlbumID, Name: "Harbour Lights", Artists: []string{ArtistID}, ReleaseDate: "2019-03-22", Label: "Tidewater",
		Popularity: 61, UPC: "7350012345678",
		Tracks: []Track{
			{ID: TrackID, Name: "Low Tide", Duration: length(3, 42), Popularity: 64, ISRC: "SEXYZ1900101"},
			{Name: "Ferry Song", Duration: length(4, 5)},
			{Name: "Lanterns on the Quay", Duration: length(3, 18)},
			{Name: "Salt and Rope", Duration: length(2, 56)},
			{Name: "The Harbourmaster's Daughter", Duration: length(5, 11)},
			{Name: "Fog Signal", Duration: length(1, 47)},
			{Name: "Two Hundred Steps", Duration: length(3, 33)},
			{Name: "Harbour Lights", Duration: length(4, 26)},
			{Name: "Postcards from Nowhere (feat. Marlow Vane)", Duration: length(3, 50),
				Artists: []string{ArtistID, "Marlow Vane"}},
			{Name: "What the Gulls Know", Duration: length(3, 8), Explicit: true},
			{Name: "Breakwater", Duration: length(4, 39)},
			{Name: "Home by Morning", Duration: length(6, 2)},
		},
	})
}

func length(minutes, seconds int) time.Duration {
	return time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second
}

// inventExceptions adds tracks that do not play in every market, and an album of many artists.
func inventExceptions(c *Catalogue) {
	elsewhere := c.albums.byID[c.AddAlbum(Album{
		Name: "Night Ferry (International Version)", Type: "single", Artists: []string{ArtistID},
		ReleaseDate: "2021-10-01", Label: "Tidewater", Markets: []string{"DE", "SE"},
		Tracks: []Track{{Name: "Night Ferry", Duration: length(4, 1)}},
	})].Tracks[0].ID
	c.AddAlbum(Album{
		Name: "Night Ferry", Type: "single", Artists: []string{ArtistID}, ReleaseDate: "2021-09-24", Label: "Tidewater",
		Tracks: []Track{{ID: RelinkedTrackID, Name: "Night Ferry", Duration: length(4, 1), Markets: []string{"US"},
			Instead: elsewhere}},
	})
	c.AddTrack(Track{ID: UnavailableTrackID, Name: "Letzter Zug nach Bremen", Artists: []string{"Lena Brandtner"},
		Duration: length(2, 31), Markets: []string{"DE"}})

	sampler := Album{Name: "New Noise, Vol. 1", Type: "compilation", ReleaseDate: "2022-05", Label: "Foundry"}
	for _, b := range bands {
		sampler.Tracks = append(sampler.Tracks, Track{Name: title("New Noise", b.name), Artists: []string{b.name}})
	}
	c.AddAlbum(sampler)
}

// inventedOn is the day on which the invented catalogue ends: nothing was released later.
var inventedOn = time.Date(2025, 11, 3, 9, 0, 0, 0, time.UTC)

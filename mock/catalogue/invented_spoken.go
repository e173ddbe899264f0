package catalogue

import (
	"fmt"
	"time"
)

func inventSpoken(c *Catalogue) {
	c.AddShow(weekly(Show{
		ID: ShowID, Name: "Tides and Times", Publisher: "Shoreline Audio",
		Description: "Every Friday a small story from a place by the sea: who lived there, " +
			"what they waited for, and whether it came.",
	}, 240, time.Date(2025, 10, 31, 0, 0, 0, 0, time.UTC),
		Episode{ID: EpisodeID, Name: "240: The Radio in the Lighthouse"}))
	c.AddShow(weekly(Show{
		Name: "Kitchen Table Physics", Publisher: "Lagoon Studios",
		Description: "Two sisters, one kettle, and the laws of nature.",
	}, 64, time.Date(2025, 10, 28, 0, 0, 0, 0, time.UTC), Episode{}))
	c.AddShow(weekly(Show{
		Name: "Verspätet", Publisher: "Bahnhof Zwei", Languages: []string{"de"}, Markets: []string{"DE"},
		Description: "Gespräche, die nur auf Bahnsteigen entstehen.",
	}, 26, time.Date(2025, 9, 12, 0, 0, 0, 0, time.UTC), Episode{}))
	c.AddShow(weekly(Show{
		Name: "The Wrong Side of the Record", Publisher: "Dry County Media", Explicit: true,
		Description: "B-sides, and the people who love them too much.",
	}, 90, time.Date(2025, 10, 30, 0, 0, 0, 0, time.UTC), Episode{}))

	c.AddAudiobook(Audiobook{
		ID: AudiobookID, Name: "The Long Shore", Authors: []string{"Edda Marsh"}, Narrators: []string{"Tobias Fenn"},
		Publisher:   "Shoreline Audio",
		Description: "A lighthouse keeper's granddaughter walks the coast of a country that no longer has one.",
		Chapters: append([]Chapter{{ID: ChapterID, Name: "1. The Last Lamp", Duration: length(24, 18),
			Resume: length(9, 30)}},
			chapters(2, titles(13, "The Long Shore"))...),
	})
	c.AddAudiobook(Audiobook{
		Name: "A Field Guide to Small Hours", Authors: []string{"Ida Comfort", "Ruben Vale"},
		Narrators: []string{"Ida Comfort"}, Publisher: "Half Light Books",
		Description: "What is awake when you should not be.",
		Chapters:    chapters(1, titles(9, "A Field Guide to Small Hours")),
	})
	c.AddAudiobook(Audiobook{
		Name: "Der Fährmann", Authors: []string{"Klaas Petersen"}, Languages: []string{"de"}, Markets: []string{"DE"},
		Edition:     "Gekürzt",
		Description: "Ein Fluss, zwei Ufer, vierzig Jahre.",
		Chapters:    chapters(1, titles(7, "Der Fährmann")),
	})
}

// weekly adds n episodes to a show, newest first. The newest episode is not played, the second is
// played in part, the next ten are played to the end.
// only in part, the next ten are.
func weekly(s Show, n int, newest time.Time, first Episode) Show {
	names := titles(n, s.Name)
	for i := range n {
		e := first
		if i > 0 || e.Name == "" {
			e = Episode{Name: fmt.Sprintf("%d: %s", n-i, names[n-1-i])}
		}
		e.Explicit, e.ReleaseDate = s.Explicit, newest.AddDate(0, 0, -7*i).Format(time.DateOnly)
		switch {
		case i == 1:
			e.Resume = length(12, 40)
		case i > 1 && i <= 11:
			e.Played = true
		}
		s.Episodes = append(s.Episodes, e)
	}
	return s
}

func chapters(first int, names []string) []Chapter {
	all := make([]Chapter, len(names))
	for i, name := range names {
		all[i].Name = fmt.Sprintf("%d. %s", first+i, name)
	}
	return all
}

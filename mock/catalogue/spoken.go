package catalogue

import (
	"cmp"
	"strconv"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Show is a podcast with its episodes. Only Name is required.
type Show struct {
	ID, Name    string
	Publisher   string
	Description string
	Explicit    bool
	// Languages are codes such as "en", the default, or "de-CH".
	Languages []string
	// Markets are the countries where the show plays. Nil is all countries.
	Markets []string
	// Episodes are newest first, as in Spotify's lists.
	Episodes []Episode
}

// Episode is an episode of a show. Only Name is required.
type Episode struct {
	ID, Name    string
	Description string
	// Duration is between 15 and 75 minutes by default.
	Duration time.Duration
	// ReleaseDate is a year, a month or a day, invented if empty.
	ReleaseDate string
	Explicit    bool
	// Markets are the countries where the episode plays. The default is the show's markets.
	Markets []string
	// Resume is the users' position in the episode, and Played whether they played it to its end.
	Resume time.Duration
	Played bool
}

// Audiobook is an audiobook with its chapters. Only Name is required.
type Audiobook struct {
	ID, Name    string
	Authors     []string
	Narrators   []string
	Publisher   string
	Description string
	Edition     string
	Explicit    bool
	Languages   []string
	// Markets are the countries where the audiobook plays. Nil is all countries.
	Markets []string
	// Chapters are in order.
	Chapters []Chapter
}

// Chapter is a chapter of an audiobook. Only Name is required.
type Chapter struct {
	ID, Name    string
	Description string
	// Duration is between 10 and 50 minutes by default.
	Duration    time.Duration
	ReleaseDate string
	Explicit    bool
	Resume      time.Duration
	Played      bool
}

// AddShow adds a show with its episodes and returns the id.
func (c *Catalogue) AddShow(s Show) string {
	defer c.change()()
	need(resources.KindShow, s.Name)
	s.ID = key(resources.KindShow, s.ID, s.Name)
	s.Publisher = cmp.Or(s.Publisher, s.Name+" Productions")
	s.Description = cmp.Or(s.Description, s.Name+", told one episode at a time.")
	s.Languages = languages(s.Languages)
	checkMarkets(s.Markets)
	episodes := s.Episodes
	s.Episodes = make([]Episode, 0, len(episodes))
	c.shows.put(resources.KindShow, s.ID, &s)
	for _, e := range episodes {
		c.addEpisode(&s, e)
	}
	return s.ID
}

// AddEpisode adds an episode at the end of a show's list and returns the id.
func (c *Catalogue) AddEpisode(showID string, e Episode) string {
	defer c.change()()
	on := c.shows.byID[showID]
	if on == nil {
		refuse("there is no show %q to add an episode to", showID)
	}
	return c.addEpisode(on, e)
}

func (c *Catalogue) addEpisode(on *Show, e Episode) string {
	need(resources.KindEpisode, e.Name)
	e.ID = key(resources.KindEpisode, e.ID, on.ID, strconv.Itoa(len(on.Episodes)), e.Name)
	if e.Duration == 0 {
		e.Duration = 15*time.Minute + time.Duration(ids.Roll(3_600_000, "duration", e.ID))*time.Millisecond
	}
	e.Description = cmp.Or(e.Description, "In this episode: "+e.Name+".")
	e.ReleaseDate = checkDate(cmp.Or(e.ReleaseDate, inventedDate(e.ID)))
	if e.Markets == nil {
		e.Markets = on.Markets
	}
	checkMarkets(e.Markets)
	c.episodes.put(resources.KindEpisode, e.ID, &e)
	on.Episodes = append(on.Episodes, e)
	return e.ID
}

// AddAudiobook adds an audiobook with its chapters and returns the id.
func (c *Catalogue) AddAudiobook(b Audiobook) string {
	defer c.change()()
	need(resources.KindAudiobook, b.Name)
	b.ID = key(resources.KindAudiobook, b.ID, b.Name)
	if len(b.Authors) == 0 {
		b.Authors = []string{"Unknown Author"}
	}
	if len(b.Narrators) == 0 {
		b.Narrators = b.Authors
	}
	b.Publisher = cmp.Or(b.Publisher, b.Authors[0]+" Audio")
	b.Description = cmp.Or(b.Description, b.Name+", read by "+b.Narrators[0]+".")
	b.Edition = cmp.Or(b.Edition, "Unabridged")
	b.Languages = languages(b.Languages)
	checkMarkets(b.Markets)
	chapters := b.Chapters
	b.Chapters = make([]Chapter, 0, len(chapters))
	c.audiobooks.put(resources.KindAudiobook, b.ID, &b)
	for _, ch := range chapters {
		c.addChapter(&b, ch)
	}
	return b.ID
}

// AddChapter adds a chapter at the end of an audiobook and returns the id.
func (c *Catalogue) AddChapter(audiobookID string, ch Chapter) string {
	defer c.change()()
	in := c.audiobooks.byID[audiobookID]
	if in == nil {
		refuse("there is no audiobook %q to add a chapter to", audiobookID)
	}
	return c.addChapter(in, ch)
}

func (c *Catalogue) addChapter(in *Audiobook, ch Chapter) string {
	need(resources.KindChapter, ch.Name)
	number := len(in.Chapters)
	ch.ID = key(resources.KindChapter, ch.ID, in.ID, strconv.Itoa(number), ch.Name)
	if ch.Duration == 0 {
		ch.Duration = 10*time.Minute + time.Duration(ids.Roll(2_400_000, "duration", ch.ID))*time.Millisecond
	}
	ch.Description = cmp.Or(ch.Description, ch.Name+", from "+in.Name+".")
	ch.ReleaseDate = checkDate(cmp.Or(ch.ReleaseDate, inventedDate(in.ID)))
	c.chapters.put(resources.KindChapter, ch.ID, &ch)
	in.Chapters = append(in.Chapters, ch)
	return ch.ID
}

func languages(given []string) []string {
	if len(given) == 0 {
		return []string{"en"}
	}
	return given
}

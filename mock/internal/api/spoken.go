package api

import (
	"html"

	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/resources"
)

type show struct {
	catalogue.Show
	episodes []*episode
}

type episode struct {
	catalogue.Episode
	show *show
}

type audiobook struct {
	catalogue.Audiobook
	chapters []*chapter
}

type chapter struct {
	catalogue.Chapter
	book   *audiobook
	number int
}

func (s *show) kind() resources.Kind           { return resources.KindShow }
func (s *show) id() string                     { return s.ID }
func (s *show) name() string                   { return s.Name }
func (s *show) availableIn(market string) bool { return soldIn(s.Markets, market) }
func (s *show) searched() []string             { return []string{s.Name, s.Publisher} }

func (e *episode) kind() resources.Kind           { return resources.KindEpisode }
func (e *episode) id() string                     { return e.ID }
func (e *episode) name() string                   { return e.Name }
func (e *episode) availableIn(market string) bool { return soldIn(e.Markets, market) }
func (e *episode) searched() []string             { return []string{e.Name, e.show.Name} }

func (b *audiobook) kind() resources.Kind           { return resources.KindAudiobook }
func (b *audiobook) id() string                     { return b.ID }
func (b *audiobook) name() string                   { return b.Name }
func (b *audiobook) availableIn(market string) bool { return soldIn(b.Markets, market) }
func (b *audiobook) searched() []string             { return append([]string{b.Name}, b.Authors...) }

func (c *chapter) kind() resources.Kind           { return resources.KindChapter }
func (c *chapter) id() string                     { return c.ID }
func (c *chapter) name() string                   { return c.Name }
func (c *chapter) availableIn(market string) bool { return c.book.availableIn(market) }
func (c *chapter) searched() []string             { return []string{c.Name} }

// spokenJSON are the members that shows and audiobooks share.
type spokenJSON struct {
	identity
	AvailableMarkets []string    `json:"available_markets,omitzero"`
	Copyrights       []copyright `json:"copyrights"`
	Description      string      `json:"description"`
	Explicit         bool        `json:"explicit"`
	HTMLDescription  string      `json:"html_description"`
	Images           []picture   `json:"images"`
	Languages        []string    `json:"languages"`
	MediaType        string      `json:"media_type"`
	Name             string      `json:"name"`
	Publisher        *string     `json:"publisher,omitzero"`
}

type showJSON struct {
	spokenJSON
	Episodes           *pageJSON `json:"episodes,omitzero"`
	IsExternallyHosted bool      `json:"is_externally_hosted"`
	TotalEpisodes      int       `json:"total_episodes"`
}

func (s *show) toJSON(v view) any {
	made := showJSON{spokenJSON: spokenJSON{
		identity:         identify(resources.KindShow, s.ID),
		AvailableMarkets: marketsFor(v.anywhere(), s.Markets), // stays where a market is given
		Copyrights:       []copyright{},
		Description:      s.Description,
		Explicit:         s.Explicit,
		HTMLDescription:  paragraph(s.Description),
		Images:           pictures(s.ID, 640, 300, 64),
		Languages:        s.Languages,
		MediaType:        "audio",
		Name:             s.Name,
		Publisher:        ifExtended(v, s.Publisher),
	}, TotalEpisodes: len(s.episodes)}
	if v.form == full {
		episodes := make([]any, min(len(s.episodes), firstPageLimit))
		for i := range episodes {
			episodes[i] = s.episodes[i].toJSON(v.nested())
		}
		first := firstPage(hrefOf(resources.KindShow, s.ID)+"/episodes", v.market, episodes, len(s.episodes))
		made.Episodes = &first
	}
	return made
}

type resumePoint struct {
	FullyPlayed      bool  `json:"fully_played"`
	ResumePositionMS int64 `json:"resume_position_ms"`
}

// partJSON are the members that episodes and chapters share.
type partJSON struct {
	identity
	AudioPreviewURL      *string      `json:"audio_preview_url"`
	Description          string       `json:"description"`
	DurationMS           int64        `json:"duration_ms"`
	Explicit             bool         `json:"explicit"`
	HTMLDescription      string       `json:"html_description"`
	Images               []picture    `json:"images"`
	IsPlayable           bool         `json:"is_playable"`
	Languages            []string     `json:"languages"`
	Name                 string       `json:"name"`
	ReleaseDate          string       `json:"release_date"`
	ReleaseDatePrecision string       `json:"release_date_precision"`
	ResumePoint          *resumePoint `json:"resume_point,omitzero"`
}

type episodeJSON struct {
	partJSON
	Episode            *bool     `json:"episode,omitzero"`
	IsExternallyHosted bool      `json:"is_externally_hosted"`
	Language           string    `json:"language"`
	Show               *showJSON `json:"show,omitzero"`
	Track              *bool     `json:"track,omitzero"`
}

func (e *episode) toJSON(v view) any {
	if v.form == episodeAsTrack {
		return e.asTrack(v)
	}
	made := episodeJSON{partJSON: partJSON{
		identity:             identify(resources.KindEpisode, e.ID),
		AudioPreviewURL:      preview(v, e.ID),
		Description:          e.Description,
		DurationMS:           e.Duration.Milliseconds(),
		Explicit:             e.Explicit,
		HTMLDescription:      paragraph(e.Description),
		Images:               pictures(e.show.ID, 640, 300, 64),
		IsPlayable:           e.availableIn(v.market),
		Languages:            e.show.Languages,
		Name:                 e.Name,
		ReleaseDate:          e.ReleaseDate,
		ReleaseDatePrecision: precision(e.ReleaseDate),
		ResumePoint:          resumeAt(v, e.Resume.Milliseconds(), e.Played),
	}, Language: e.show.Languages[0]}
	if v.form != simplified {
		in := e.show.toJSON(v.nested()).(showJSON)
		made.Show = &in
	}
	if v.form == inPlaylist {
		made.Episode, made.Track = pointer(true), new(bool)
	}
	return made
}

type nameJSON struct {
	Name string `json:"name"`
}

type audiobookJSON struct {
	spokenJSON
	Authors       []nameJSON `json:"authors"`
	Chapters      *pageJSON  `json:"chapters,omitzero"`
	Edition       string     `json:"edition"`
	Narrators     []nameJSON `json:"narrators"`
	TotalChapters int        `json:"total_chapters"`
}

func (b *audiobook) toJSON(v view) any {
	made := audiobookJSON{spokenJSON: spokenJSON{
		identity:         identify(resources.KindAudiobook, b.ID),
		AvailableMarkets: marketsFor(v, b.Markets),
		Copyrights:       []copyright{},
		Description:      b.Description,
		Explicit:         b.Explicit,
		HTMLDescription:  paragraph(b.Description),
		Images:           pictures(b.ID, 640, 300, 64),
		Languages:        b.Languages,
		MediaType:        "audio",
		Name:             b.Name,
		Publisher:        ifExtended(v, b.Publisher),
	}, Authors: named(b.Authors), Edition: b.Edition, Narrators: named(b.Narrators), TotalChapters: len(b.chapters)}
	if v.form == full {
		chapters := make([]any, min(len(b.chapters), firstPageLimit))
		for i := range chapters {
			chapters[i] = b.chapters[i].toJSON(v.nested())
		}
		first := firstPage(hrefOf(resources.KindAudiobook, b.ID)+"/chapters", v.market, chapters, len(b.chapters))
		made.Chapters = &first
	}
	return made
}

type chapterJSON struct {
	partJSON
	Audiobook        *audiobookJSON `json:"audiobook,omitzero"`
	AvailableMarkets []string       `json:"available_markets,omitzero"`
	ChapterNumber    int            `json:"chapter_number"`
}

// toJSON sends a chapter with the type of an episode, as Spotify does.
func (c *chapter) toJSON(v view) any {
	made := chapterJSON{partJSON: partJSON{
		identity:             identify(resources.KindChapter, c.ID),
		AudioPreviewURL:      preview(v, c.ID),
		Description:          c.Description,
		DurationMS:           c.Duration.Milliseconds(),
		Explicit:             c.Explicit,
		HTMLDescription:      paragraph(c.Description),
		Images:               pictures(c.book.ID, 640, 300, 64),
		IsPlayable:           c.availableIn(v.market),
		Languages:            c.book.Languages,
		Name:                 c.Name,
		ReleaseDate:          c.ReleaseDate,
		ReleaseDatePrecision: precision(c.ReleaseDate),
		ResumePoint:          resumeAt(v, c.Resume.Milliseconds(), c.Played),
	}, AvailableMarkets: marketsFor(v, c.book.Markets), ChapterNumber: c.number}
	made.Type, made.URI = string(resources.KindEpisode), resources.URI(resources.KindEpisode, c.ID)
	if v.form != simplified {
		in := c.book.toJSON(v.nested()).(audiobookJSON)
		made.Audiobook = &in
	}
	return made
}

func resumeAt(v view, ms int64, played bool) *resumePoint {
	if !v.resume {
		return nil
	}
	return &resumePoint{played, ms}
}

func named(names []string) []nameJSON {
	all := make([]nameJSON, len(names))
	for i, name := range names {
		all[i].Name = name
	}
	return all
}

// paragraph returns a text as HTML.
func paragraph(text string) string { return "<p>" + html.EscapeString(text) + "</p>" }

// asTrack returns an episode in the form of a track: its show is the album and the publisher the
// artist; there is no description.
func (e *episode) asTrack(v view) trackJSON {
	s := trackJSON{
		identity: identify(resources.KindEpisode, e.ID),
		Album: &albumJSON{
			identity:             identify(resources.KindShow, e.show.ID),
			AlbumType:            "show",
			Artists:              []artistJSON{},
			Images:               pictures(e.show.ID, 640, 300, 64),
			Name:                 e.show.Name,
			ReleaseDate:          e.ReleaseDate,
			ReleaseDatePrecision: precision(e.ReleaseDate),
			TotalTracks:          len(e.show.episodes),
		},
		Artists: []artistJSON{
			{
				identity{
					linkTo(resources.KindShow, e.show.ID),
					hrefOf(resources.KindShow, e.show.ID),
					e.show.ID,
					string(resources.KindArtist),
					resources.URI(resources.KindShow, e.show.ID),
				},
				e.show.Publisher,
			},
		},
		AvailableMarkets: marketsFor(v, e.Markets),
		DurationMS:       e.Duration.Milliseconds(),
		Episode:          pointer(true),
		Explicit:         e.Explicit,
		ExternalIDs:      map[string]string{"spotify": resources.URI(resources.KindEpisode, e.ID)},
		Name:             e.Name,
		PreviewURL:       preview(v, e.ID),
		Track:            new(bool),
	}
	s.IsPlayable, s.Restrictions = playability(v.market, e.availableIn(v.market))
	return s
}

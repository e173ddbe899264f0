package resources

// The line of text that fmt and log/slog print for each model, and the parts that programs print
// themselves.

import (
	"cmp"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/redact"
)

// FormatDuration returns a length or a position as players show it, in whole seconds rounded down:
// "3:45", and "1:02:03" from one hour on. A negative duration begins with "-".
func FormatDuration(d time.Duration) string {
	sign := ""
	if d <= -time.Second {
		sign = "-"
	}
	s := int64(d / time.Second)
	s = max(s, -s)
	if s >= 3600 {
		return fmt.Sprintf("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, s/60, s%60)
}

// joined returns the names of a list, separated by commas.
func joined[T any](list []T, name func(*T) string) string {
	names := make([]string, 0, len(list))
	for i := range list {
		if n := name(&list[i]); n != "" {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

func artistName(a *SimplifiedArtist) string { return a.Name }

// ArtistNames returns the names of the track's artists, separated by commas: "Nina Vale, Orchard".
func (t *SimplifiedTrack) ArtistNames() string { return joined(t.Artists, artistName) }

// ArtistNames returns the names of the album's artists, separated by commas: "Nina Vale, Orchard".
func (a *SimplifiedAlbum) ArtistNames() string { return joined(a.Artists, artistName) }

// AuthorNames returns the names of the audiobook's authors, separated by commas.
func (a *SimplifiedAudiobook) AuthorNames() string {
	return joined(a.Authors, func(a *Author) string { return a.Name })
}

// Link returns the address of the album's page at open.spotify.com, empty if the album has no id.
func (a *SimplifiedAlbum) Link() string { return linkTo(KindAlbum, a.ID, a.ExternalURLs) }

// Link returns the address of the artist's page at open.spotify.com, empty if the artist has no id.
func (a *SimplifiedArtist) Link() string { return linkTo(KindArtist, a.ID, a.ExternalURLs) }

// Link returns the address of the audiobook's page at open.spotify.com, empty if the audiobook has
// no id.
func (a *SimplifiedAudiobook) Link() string { return linkTo(KindAudiobook, a.ID, a.ExternalURLs) }

// Link returns the address of the chapter's page at open.spotify.com, empty if the chapter has no
// id.
func (c *SimplifiedChapter) Link() string { return linkTo(KindChapter, c.ID, c.ExternalURLs) }

// Link returns the address of the episode's page at open.spotify.com, empty if the episode has no
// id.
func (e *SimplifiedEpisode) Link() string { return linkTo(KindEpisode, e.ID, e.ExternalURLs) }

// Link returns the address of the playlist's page at open.spotify.com, empty if the playlist has no
// id.
func (p *PlaylistDetails) Link() string { return linkTo(KindPlaylist, p.ID, p.ExternalURLs) }

// Link returns the address of the show's page at open.spotify.com, empty if the show has no id.
func (s *SimplifiedShow) Link() string { return linkTo(KindShow, s.ID, s.ExternalURLs) }

// Link returns the address of the track's page at open.spotify.com, empty for a local track.
func (t *SimplifiedTrack) Link() string { return linkTo(KindTrack, t.ID, t.ExternalURLs) }

// Link returns the address of the user's page at open.spotify.com, empty if the user has no id.
func (u *PublicUser) Link() string { return linkTo(KindUser, u.ID, u.ExternalURLs) }

// Link returns the address of the user's page at open.spotify.com, empty if the user has no id.
func (u *PlaylistUser) Link() string { return linkTo(KindUser, u.ID, u.ExternalURLs) }

// linkTo returns the address that Spotify has sent, or the one that follows from the id: a filter
// may have left out the address.
func linkTo(kind Kind, id string, sent ExternalURLs) string {
	if sent.Spotify != "" || id == "" {
		return sent.Spotify
	}
	return Link(kind, id)
}

// longestLine is the length in characters up to which a line shows a text of Spotify's.
const longestLine = 120

// line returns one line about an item: its name or else its URI, who made it, and a detail, of
// which the last two may be empty.
func line(name, uri, by, detail string) string {
	var b strings.Builder
	b.WriteString(cmp.Or(redact.Text(name, longestLine), redact.Text(uri, longestLine), "(no name)"))
	if by = redact.Text(by, longestLine); by != "" {
		b.WriteString(" – " + by)
	}
	if detail != "" {
		b.WriteString(" (" + detail + ")")
	}
	return b.String()
}

// String returns the album in one line: "Northern Lights – Nina Vale (2019-03-08)".
func (a SimplifiedAlbum) String() string {
	return line(a.Name, a.URI, a.ArtistNames(), a.Released().String())
}

// String returns the album in one line.
func (s SavedAlbum) String() string { return s.Album.String() }

// String returns the artist's name.
func (a SimplifiedArtist) String() string { return line(a.Name, a.URI, "", "") }

// String returns the audiobook in one line: its name and its authors.
func (a SimplifiedAudiobook) String() string { return line(a.Name, a.URI, a.AuthorNames(), "") }

// String returns the audiobook in one line.
func (s SavedAudiobook) String() string { return s.Audiobook.String() }

// String returns the chapter in one line: "Chapter 1 (12:30)".
func (c SimplifiedChapter) String() string {
	return line(c.Name, c.URI, "", FormatDuration(c.Duration()))
}

// String returns the chapter in one line: its name, its audiobook and its length.
func (c Chapter) String() string {
	return line(c.Name, c.URI, c.Audiobook.Name, FormatDuration(c.Duration()))
}

// String returns the episode in one line: "Rivers (42:00)".
func (e SimplifiedEpisode) String() string {
	return line(e.Name, e.URI, "", FormatDuration(e.Duration()))
}

// String returns the episode in one line: its name, its show and its length.
func (e Episode) String() string {
	return line(e.Name, e.URI, e.Show.Name, FormatDuration(e.Duration()))
}

// String returns the episode in one line.
func (s SavedEpisode) String() string { return s.Episode.String() }

// String returns the show in one line: its name and its publisher.
func (s SimplifiedShow) String() string { return line(s.Name, s.URI, s.Publisher, "") }

// String returns the show in one line.
func (s SavedShow) String() string { return s.Show.String() }

// String returns the track in one line: "Slow Tide – Nina Vale, Orchard (3:45)".
func (t SimplifiedTrack) String() string {
	return line(t.Name, t.URI, t.ArtistNames(), FormatDuration(t.Duration()))
}

// String returns the track in one line.
func (s SavedTrack) String() string { return s.Track.String() }

// String returns the track's URI.
func (t LinkedTrack) String() string { return line("", t.URI, "", "") }

// String returns the track in one line.
func (h PlayHistory) String() string { return h.Track.String() }

// String returns the playlist in one line: its name and its owner.
func (p PlaylistDetails) String() string { return line(p.Name, p.URI, p.Owner.name(), "") }

// String returns the item in one line.
func (i PlaylistItem) String() string { return i.Item.String() }

// String returns the user's id.
func (u PlaylistUser) String() string { return line(u.ID, u.URI, "", "") }

// String returns the user's name, or the id if there is no name.
func (o PlaylistOwner) String() string { return line(o.name(), o.URI, "", "") }

func (o *PlaylistOwner) name() string { return cmp.Or(o.DisplayName, o.ID) }

// String returns the user's name, or the id if there is no name. It never has the email.
func (u PublicUser) String() string { return line(cmp.Or(u.DisplayName, u.ID), u.URI, "", "") }

// String returns the track or the episode in one line, and "(no item)" if there is neither.
func (p Playable) String() string {
	switch {
	case p.Track != nil:
		return p.Track.String()
	case p.Episode != nil:
		return p.Episode.String()
	}
	return "(no item)"
}

// String returns the item, the position and the state in one line: "Slow Tide – Nina Vale (3:45),
// paused at 1:01".
func (c CurrentlyPlaying) String() string {
	state := "paused"
	if c.IsPlaying {
		state = "playing"
	}
	return fmt.Sprintf("%v, %s at %s", c.Item, state, FormatDuration(c.Progress()))
}

// String returns the item, the position, the state and the device in one line.
func (s PlaybackState) String() string {
	return s.CurrentlyPlaying.String() + " on " + line(s.Device.Name, s.Device.ID, "", "")
}

// String returns the URI of the list.
func (c PlaybackContext) String() string { return line("", c.URI, "", "") }

// String returns the item that is playing and the number of items after it.
func (q Queue) String() string { return fmt.Sprintf("%v, then %d", q.CurrentlyPlaying, len(q.Queue)) }

// String returns the device in one line: "Kitchen (Speaker, active, volume 40%)".
func (d Device) String() string {
	details := []string{redact.Text(string(d.Type), longestLine)}
	if d.IsActive {
		details = append(details, "active")
	}
	if d.IsRestricted {
		details = append(details, "restricted")
	}
	if d.VolumePercent != nil {
		details = append(details, fmt.Sprintf("volume %d%%", *d.VolumePercent))
	}
	return line(d.Name, d.ID, "", strings.Join(details, ", "))
}

// String returns the category's name.
func (c Category) String() string { return line(c.Name, c.ID, "", "") }

// String returns the heading and the range of the playlists.
func (f FeaturedPlaylists) String() string {
	return line(f.Message, "playlists", "", f.Playlists.String())
}

// String returns the number of tracks.
func (r RecommendationsResult) String() string { return fmt.Sprintf("%d tracks", len(r.Tracks)) }

// String returns the seed and the number of its tracks.
func (s RecommendationSeed) String() string {
	return line(s.Type+" "+s.ID, "", "", fmt.Sprintf("%d tracks", s.AfterRelinkingSize))
}

// String returns the range of each kind that was found: "tracks 1 to 20 of 57".
func (r SearchResult) String() string {
	var found []string
	add := func(kind string, isThere bool, page fmt.Stringer) {
		if isThere {
			found = append(found, kind+" "+page.String())
		}
	}
	add("albums", r.Albums != nil, r.Albums)
	add("artists", r.Artists != nil, r.Artists)
	add("audiobooks", r.Audiobooks != nil, r.Audiobooks)
	add("episodes", r.Episodes != nil, r.Episodes)
	add("playlists", r.Playlists != nil, r.Playlists)
	add("shows", r.Shows != nil, r.Shows)
	add("tracks", r.Tracks != nil, r.Tracks)
	return strings.Join(found, ", ")
}

// String returns the page's range in the list: "41 to 60 of 120", or "none of 120".
func (p Page[T]) String() string {
	count := len(p.Items) + p.Dropped
	if count == 0 {
		return fmt.Sprintf("none of %d", p.Total)
	}
	return fmt.Sprintf("%d to %d of %d", p.Offset+1, p.Offset+count, p.Total)
}

// String returns the number of items, of all items if it is known, and whether more follow: "20 of
// 57, more follow".
func (p CursorPage[T]) String() string {
	text := fmt.Sprint(len(p.Items) + p.Dropped)
	if p.Total > 0 {
		text += fmt.Sprintf(" of %d", p.Total)
	}
	if p.Next != "" {
		text += ", more follow"
	}
	return text
}

// String returns the track's URI, tempo and length.
func (f AudioFeatures) String() string {
	return line("", f.URI, "", fmt.Sprintf("%.0f BPM, %s", f.Tempo, FormatDuration(f.Duration())))
}

// String returns the numbers of sections, bars, beats and segments.
func (a AudioAnalysis) String() string {
	return fmt.Sprintf("%d sections, %d bars, %d beats, %d segments",
		len(a.Sections), len(a.Bars), len(a.Beats), len(a.Segments))
}

// String returns the address and the size in pixels: "https://… (640x640)".
func (i Image) String() string {
	return line(i.URL, "", "", fmt.Sprintf("%dx%d", i.Width, i.Height))
}

// LogValue returns the date as String does.
func (d Date) LogValue() slog.Value { return slog.StringValue(d.String()) }

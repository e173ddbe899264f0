package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Tracks returns tracks and their audio analysis, and reads and changes the user's saved tracks.
type Tracks struct{ core *core }

// Get returns a track. id is an id, a spotify: URI or an open.spotify.com link.
//
// https://developer.spotify.com/documentation/web-api/reference/get-track
func (s *Tracks) Get(ctx context.Context, id string, p *GetParams) (*Track, error) {
	return fetch[Track](ctx, s.core, operations.TrackGet, at(KindTrack, id), p)
}

// GetMany returns tracks in the order of ids. It sends one request for each 50 tracks with extended
// quota and one for each track without, Config.Concurrency at a time. Tracks that could not be
// fetched are nil; the *BatchError says why. An id that is repeated has the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-tracks
func (s *Tracks) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Track, error) {
	return getMany[Track](ctx, s.core, operations.TrackGet, operations.TrackGetSeveral, KindTrack, ids, p)
}

// Saved returns one page of the user's saved tracks, the latest first. Limit is 1 to 50, 20 if
// zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks
func (s *Tracks) Saved(ctx context.Context, p *PageParams) (*Page[SavedTrack], error) {
	return fetch[Page[SavedTrack]](ctx, s.core, operations.TracksSaved, nowhere, p)
}

// AllSaved iterates over the user's saved tracks from p.Offset on, the latest first.
// Scope: user-library-read.
func (s *Tracks) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedTrack, error] {
	return paginate(ctx, s.core, operations.TracksSaved, p, s.Saved)
}

// Save saves tracks to the user's library. It sends one request for each 50 ids; if a later one
// fails, the *PartialError has the number of saved tracks. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-tracks-user
func (s *Tracks) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.TracksSave, KindTrack, ids, idsInBody)
}

// TimestampedID is a track to save and the time of saving.
type TimestampedID struct {
	// ID is an id, a spotify: URI or an open.spotify.com link.
	ID string `json:"id"`
	// AddedAt is the time of saving. It may be in the past, and decides the track's place in the
	// library, to the minute. The zero time is an error.
	AddedAt time.Time `json:"added_at"`
}

type timestampedIDsBody struct {
	IDs []TimestampedID `json:"timestamped_ids"`
}

// SaveAt saves tracks with their times of saving, by which the library is sorted. It sends one
// request for each 50 tracks; if a later one fails, the *PartialError has the number of saved
// tracks. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Save, which saves
// with the current time.
//
// https://developer.spotify.com/documentation/web-api/reference/save-tracks-user
func (s *Tracks) SaveAt(ctx context.Context, tracks ...TimestampedID) error {
	checked, err := checkTimestamped(tracks)
	if err != nil {
		return named(operations.TracksSave, err)
	}
	body := func(some []TimestampedID) (querier, any) { return nil, timestampedIDsBody{some} }
	return changeAll(ctx, s.core, operations.TracksSave, checked, body)
}

func checkTimestamped(tracks []TimestampedID) ([]TimestampedID, error) {
	checked := make([]TimestampedID, len(tracks))
	for i, track := range tracks {
		id, err := parseID(element("tracks", i)+".ID", KindTrack, track.ID)
		if err == nil && track.AddedAt.IsZero() {
			err = argument.Errorf(element("tracks", i)+".AddedAt", track.AddedAt, "a time that is not zero")
		}
		if err != nil {
			return nil, err
		}
		checked[i] = TimestampedID{id, track.AddedAt.UTC().Truncate(time.Millisecond)}
	}
	return checked, nil
}

// Remove removes tracks from the user's library. It sends one request for each 50 ids; if a later
// one fails, the *PartialError has the number of removed tracks. Scope: user-library-modify.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-tracks-user
func (s *Tracks) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.TracksRemoveSaved, KindTrack, ids, idsInQuery)
}

// Contains reports for each id whether the track is in the user's library. It sends one request for
// each 50 ids, several at a time. Scope: user-library-read.
//
// Closed to apps in development mode since 11 February 2026 (403); use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-tracks
func (s *Tracks) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.TracksContains, KindTrack, ids, idsInQuery)
}

// SimplifiedTrack has the members of a track that albums include.
type SimplifiedTrack struct {
	// ID, URI and Href identify the track: in this package, in players, in the API. A local track
	// has only a URI.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "track".
	Type    string             `json:"type"`
	Name    string             `json:"name"`
	Artists []SimplifiedArtist `json:"artists"`
	// DiscNumber is the number of the disc, 1 if the album has one disc. TrackNumber is the track's
	// number on the disc.
	DiscNumber  int `json:"disc_number"`
	TrackNumber int `json:"track_number"`
	// DurationMS is the length in milliseconds. Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Explicit reports whether the track has explicit lyrics. False may also mean unknown.
	Explicit bool `json:"explicit"`
	// IsLocal reports whether the track is a file on the user's device.
	IsLocal      bool         `json:"is_local"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// IsPlayable reports whether the track can be played in the market of the request. It is nil,
	// which means unknown, if the request had no market.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// LinkedFrom is the track that was requested, if Spotify has replaced it by another one that is
	// available in the market of the request
	// (https://developer.spotify.com/documentation/web-api/concepts/track-relinking).
	LinkedFrom LinkedTrack `json:"linked_from,omitzero"`
	// Restrictions is set if the track cannot be played in the market of the request.
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AvailableMarkets are the markets where the track is available. It is empty in a response for
	// one market, and for apps in development mode since February 2026.
	AvailableMarkets []string `json:"available_markets,omitzero"`
	// PreviewURL is the address of a sample of 30 seconds. It is empty for apps made after 27
	// November 2024.
	PreviewURL string `json:"preview_url,omitzero"`
}

// Duration returns the track's length.
func (t *SimplifiedTrack) Duration() time.Duration { return milliseconds(t.DurationMS) }

// ArtistNames returns the names of the track's artists, separated by commas: "Nina Vale, Orchard".
func (t *SimplifiedTrack) ArtistNames() string { return joined(t.Artists, artistName) }

// Link returns the address of the track's page at open.spotify.com, empty for a local track.
func (t *SimplifiedTrack) Link() string { return linkTo(KindTrack, t.ID, t.ExternalURLs) }

// String returns the track in one line: "Slow Tide – Nina Vale, Orchard (3:45)".
func (t SimplifiedTrack) String() string {
	return line(t.Name, t.URI, t.ArtistNames(), FormatDuration(t.Duration()))
}

// Track has all members of a track.
type Track struct {
	SimplifiedTrack
	Album SimplifiedAlbum `json:"album,omitzero"`
	// ExternalIDs is empty in the player's responses.
	ExternalIDs ExternalIDs `json:"external_ids,omitzero"`
	// Popularity is 0 to 100. It is nil, which means unknown, for apps in development mode since
	// February 2026.
	Popularity *int `json:"popularity,omitzero"`
}

// LinkedTrack identifies the track that another track replaces.
type LinkedTrack struct {
	ID           string       `json:"id"`
	URI          string       `json:"uri"`
	Href         string       `json:"href"`
	Type         string       `json:"type"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// String returns the track's URI.
func (t LinkedTrack) String() string { return line("", t.URI, "", "") }

// SavedTrack is a track in the user's library.
type SavedTrack struct {
	// AddedAt is the time when the user saved the track.
	AddedAt time.Time `json:"added_at,omitzero"`
	Track   Track     `json:"track"`
}

// String returns the track in one line.
func (s SavedTrack) String() string { return s.Track.String() }

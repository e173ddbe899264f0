package resources

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Tracks gets tracks, what Spotify's analysis hears in them, and the ones a user has saved.
type Tracks struct{ core *core }

// Get returns a track. id is a bare id, a spotify: URI or an open.spotify.com address.
//
// https://developer.spotify.com/documentation/web-api/reference/get-track
func (s *Tracks) Get(ctx context.Context, id string, p *GetParams) (*Track, error) {
	return fetch[Track](ctx, s.core, operations.TrackGet, at(KindTrack, id), p)
}

// GetMany returns any number of tracks, in the order of ids, several calls at a time: 50 tracks a call with extended quota, one without.
// A track that cannot be had is nil, and the error, a *BatchError, says why. Tracks named twice are the same pointer.
//
// https://developer.spotify.com/documentation/web-api/reference/get-several-tracks
func (s *Tracks) GetMany(ctx context.Context, ids []string, p *GetParams) ([]*Track, error) {
	return getMany[Track](ctx, s.core, operations.TrackGet, operations.TrackGetSeveral, KindTrack, ids, p)
}

// Saved returns one page of the tracks in the user's library, the latest first. Limit is 1 to 50, 20 if zero.
// Scope: user-library-read.
//
// https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks
func (s *Tracks) Saved(ctx context.Context, p *PageParams) (*Page[SavedTrack], error) {
	return fetch[Page[SavedTrack]](ctx, s.core, operations.TracksSaved, nowhere, p)
}

// AllSaved walks over the tracks in the user's library, from p.Offset on, as Saved returns them.
func (s *Tracks) AllSaved(ctx context.Context, p *PageParams) iter.Seq2[SavedTrack, error] {
	return walk(ctx, s.core, operations.TracksSaved, p, s.Saved)
}

// SimplifiedTrack is a track as its album names it.
type SimplifiedTrack struct {
	// ID, URI and Href name the track: for this package, for players, for the API. A local track has a URI only.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "track".
	Type    string             `json:"type"`
	Name    string             `json:"name"`
	Artists []SimplifiedArtist `json:"artists"`
	// DiscNumber is 1 unless the album has several discs, TrackNumber the track's place on the disc.
	DiscNumber  int `json:"disc_number"`
	TrackNumber int `json:"track_number"`
	// DurationMS is the track's length in milliseconds; Duration returns it as a time.Duration.
	DurationMS int `json:"duration_ms"`
	// Explicit says that the lyrics are; false may also mean that nobody knows.
	Explicit bool `json:"explicit"`
	// IsLocal says that the track is a file of the user's.
	IsLocal      bool         `json:"is_local"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// IsPlayable reports whether the track can be played in the market that was asked for. It is
	// nil, which means unknown, where no market was.
	IsPlayable *bool `json:"is_playable,omitzero"`
	// LinkedFrom and Restrictions are there where a market was asked for: LinkedFrom is the track
	// that was asked for, where another is played in its place
	// (https://developer.spotify.com/documentation/web-api/concepts/track-relinking).
	LinkedFrom   LinkedTrack  `json:"linked_from,omitzero"`
	Restrictions Restrictions `json:"restrictions,omitzero"`
	// AvailableMarkets is empty where a market was asked for, and for apps in development mode since February 2026.
	AvailableMarkets []string `json:"available_markets,omitzero"`
	// PreviewURL leads to 30 seconds of the track.
	//
	// Deprecated: apps made after 27 November 2024 do not get it.
	PreviewURL string `json:"preview_url,omitzero"`
}

// Duration returns the track's length.
func (t *SimplifiedTrack) Duration() time.Duration { return milliseconds(t.DurationMS) }

// Track is everything the API tells of a track.
type Track struct {
	SimplifiedTrack
	Album SimplifiedAlbum `json:"album,omitzero"`
	// ExternalIDs is empty from the player, Popularity (0 to 100) for apps in development mode since February 2026.
	ExternalIDs ExternalIDs `json:"external_ids,omitzero"`
	Popularity  int         `json:"popularity,omitzero"`
}

// LinkedTrack names the track that another one stands for.
type LinkedTrack struct {
	ID           string       `json:"id"`
	URI          string       `json:"uri"`
	Href         string       `json:"href"`
	Type         string       `json:"type"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
}

// SavedTrack is a track in the user's library.
type SavedTrack struct {
	// AddedAt is when it was saved.
	AddedAt time.Time `json:"added_at,omitzero"`
	Track   Track     `json:"track"`
}

// Save puts any number of tracks into the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-tracks-user
func (s *Tracks) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.TracksSave, KindTrack, ids, idsInBody)
}

// TimestampedID is a track to save as of a moment.
type TimestampedID struct {
	// ID is a bare id, a spotify: URI or an open.spotify.com address.
	ID string `json:"id"`
	// AddedAt is the moment, past ones included: it is the track's place in the library, to the minute.
	AddedAt time.Time `json:"added_at"`
}

type timestampedIDsBody struct {
	IDs []TimestampedID `json:"timestamped_ids"`
}

// SaveAt is Save with the moments at which the tracks shall seem to have been saved, to which the library is sorted.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Library.Save comes close; it saves as of now.
//
// https://developer.spotify.com/documentation/web-api/reference/save-tracks-user
func (s *Tracks) SaveAt(ctx context.Context, tracks ...TimestampedID) error {
	checked, err := checkTimestamped(tracks)
	if err != nil {
		return named(operations.TracksSave, err)
	}
	return changeAll(ctx, s.core, operations.TracksSave, checked, func(some []TimestampedID) (querier, any) { return nil, timestampedIDsBody{some} })
}

func checkTimestamped(tracks []TimestampedID) ([]TimestampedID, error) {
	checked := make([]TimestampedID, len(tracks))
	for i, track := range tracks {
		id, err := parseID(element("tracks", i)+".ID", KindTrack, track.ID)
		if err == nil && track.AddedAt.IsZero() {
			err = argument.Errorf(element("tracks", i)+".AddedAt", track.AddedAt, "a moment")
		}
		if err != nil {
			return nil, err
		}
		checked[i] = TimestampedID{id, track.AddedAt.UTC().Truncate(time.Millisecond)}
	}
	return checked, nil
}

// Remove takes any number of tracks out of the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-tracks-user
func (s *Tracks) Remove(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.TracksRemoveSaved, KindTrack, ids, idsInQuery)
}

// Contains reports for each of any number of tracks whether it is in the user's library, in the order of ids. It sends one request for each 50, several at a time.
// Scope: user-library-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-tracks
func (s *Tracks) Contains(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.TracksContains, KindTrack, ids, idsInQuery)
}

package resources

import (
	"context"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

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

// RemoveSaved takes any number of tracks out of the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-tracks-user
func (s *Tracks) RemoveSaved(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.TracksRemoveSaved, KindTrack, ids, idsInQuery)
}

// ContainsSaved reports for each of any number of tracks whether it is in the user's library, in the order of ids. It sends one request for each 50, several at a time.
// Scope: user-library-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-tracks
func (s *Tracks) ContainsSaved(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.TracksContains, KindTrack, ids, idsInQuery)
}

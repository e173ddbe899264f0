package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Save puts any number of audiobooks into the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Save.
//
// https://developer.spotify.com/documentation/web-api/reference/save-audiobooks-user
func (s *Audiobooks) Save(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AudiobooksSave, KindAudiobook, ids, idsInQuery)
}

// RemoveSaved takes any number of audiobooks out of the user's library. It sends one request for each 50; a *PartialError says how far it came if a later one fails.
// Scope: user-library-modify.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Remove.
//
// https://developer.spotify.com/documentation/web-api/reference/remove-audiobooks-user
func (s *Audiobooks) RemoveSaved(ctx context.Context, ids ...string) error {
	return changeSaved(ctx, s.core, operations.AudiobooksRemoveSaved, KindAudiobook, ids, idsInQuery)
}

// ContainsSaved reports for each of any number of audiobooks whether it is in the user's library, in the order of ids. It sends one request for each 50, several at a time.
// Scope: user-library-read.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). Use Library.Contains.
//
// https://developer.spotify.com/documentation/web-api/reference/check-users-saved-audiobooks
func (s *Audiobooks) ContainsSaved(ctx context.Context, ids ...string) ([]bool, error) {
	return checkSaved(ctx, s.core, operations.AudiobooksContains, KindAudiobook, ids, idsInQuery)
}

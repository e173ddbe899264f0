package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Markets returns the markets where Spotify is available.
type Markets struct{ core *core }

// List returns the markets where Spotify is available, as ISO 3166-1 alpha-2 codes.
//
// Closed to apps in development mode since 11 February 2026 (403). There is no replacement.
//
// https://developer.spotify.com/documentation/web-api/reference/get-available-markets
func (s *Markets) List(ctx context.Context) ([]string, error) {
	return list[string](ctx, s.core, operations.Markets, nowhere, nil)
}

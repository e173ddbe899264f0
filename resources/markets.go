package resources

import (
	"context"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Markets tells where Spotify is.
type Markets struct{ core *core }

// List returns the markets where Spotify is, as ISO 3166-1 alpha-2 codes.
//
// Deprecated: apps in development mode get 403, new ones since 11 February 2026 (announced on the 6th). There is nothing in its place.
//
// https://developer.spotify.com/documentation/web-api/reference/get-available-markets
func (s *Markets) List(ctx context.Context) ([]string, error) {
	return list[string](ctx, s.core, operations.Markets, nowhere, nil)
}

package api

import (
	"net/http"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// neededScopes returns the scopes of which a token needs at least one, nil if the operation needs
// none. Scopes that depend on the request's content are checked by the handlers.
func neededScopes(op *operations.Operation) []string {
	switch {
	case op.Path == "/me", strings.HasPrefix(op.Path, "/me/library"), strings.Contains(op.Path, "/playlists"):
		return nil // checked by the handlers: private playlists need other scopes than public ones
	case op.Name == "get-users-saved-episodes":
		return op.Scopes[:1]
	case op.Name == "get-the-users-currently-playing-track":
		return []string{"user-read-currently-playing", "user-read-playback-state"}
	case !strings.HasPrefix(op.Path, "/me/"):
		return nil // shows and episodes: the scope only adds the resume point
	}
	return op.Scopes
}

// writes reports whether an operation may change the state. Reading the player changes it too: the
// player runs up to the time of the request.
func writes(op *operations.Operation) bool {
	return op.Method != http.MethodGet || strings.HasPrefix(op.Path, "/me/player")
}

package api

// world_scopes.go says which scopes an operation cannot do without. Those that depend on what it is about are asked for by its answer.

import (
	"net/http"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// needed returns the scopes of which a token has to have one; none for an operation that anybody may call.
func neededScopes(op *operations.Operation) []string {
	switch {
	case op.Path == "/me", strings.HasPrefix(op.Path, "/me/library"), strings.Contains(op.Path, "/playlists"):
		return nil // judged by their answers: what is private needs more than what is public
	case op.Name == "get-users-saved-episodes":
		return op.Scopes[:1]
	case op.Name == "get-the-users-currently-playing-track":
		return []string{"user-read-currently-playing", "user-read-playback-state"}
	case !strings.HasPrefix(op.Path, "/me/"):
		return nil // shows and episodes: the scope only adds how far the user has come
	}
	return op.Scopes
}

// writes reports whether an operation may change the state. Reading the player changes it too: the player
// runs up to the time of the request.
func writes(op *operations.Operation) bool {
	return op.Method != http.MethodGet || strings.HasPrefix(op.Path, "/me/player")
}

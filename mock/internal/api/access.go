package api

import (
	"net/http"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// Everything that depends on the app's access to the Web API (development mode or extended quota)
// asks the functions of this file.

// Config has the settings of an API. The zero value has the defaults.
type Config struct {
	// Access is the app's access: DevelopmentMode by default.
	Access AppAccess
	// OmitAccountID omits account_id from the profile of the user who is logged in.
	OmitAccountID bool
}

// AppAccess is the kind of access that an app has to the Web API.
type AppAccess uint8

// The kinds of access: DevelopmentMode is the default.
const (
	DevelopmentMode AppAccess = iota
	// OlderDevelopmentMode is the access of apps in development mode that were created before 11
	// February 2026: the changes of that month do not apply to them yet.
	OlderDevelopmentMode
	ExtendedQuota
)

// refusal returns the response to an app that may not call an operation, nil if the app may call
// it: 404 for recommendations and their genre seeds, 403 for every other operation.
func (a AppAccess) refusal(op *operations.Operation) *Response {
	switch {
	case a == ExtendedQuota, op.Access == operations.Everyone, op.Access == operations.Restricted,
		a == OlderDevelopmentMode && op.Access == operations.ExtendedQuota:
		return nil
	case op.Name == operations.Recommendations.Name, op.Name == operations.GenreSeeds.Name:
		return new(Problem(http.StatusNotFound, "Not Found", ""))
	}
	return new(noAccess())
}

// isGone reports whether Spotify has removed a path, given in segments, for every app: it responds
// 410 to requests for it.
func isGone(segments []string) bool {
	return len(segments) == 2 && segments[0] == "me" && (segments[1] == "apps" || segments[1] == "chapters")
}

// NoRoute returns the response to a request whose path, given in segments, is not in the API
// reference.
func NoRoute(segments []string) Response {
	if isGone(segments) {
		return Problem(http.StatusGone, "Gone", "")
	}
	return Problem(http.StatusNotFound, "Service not found", "")
}

// maxLimit returns the greatest page size of an operation.
func (a AppAccess) maxLimit(op *operations.Operation) int {
	if a == DevelopmentMode && op.DevelopmentMaxLimit > 0 {
		return op.DevelopmentMaxLimit
	}
	return op.MaxLimit
}

// showsAllMembers reports whether objects have the members that were removed for apps in
// development mode in February 2026.
func (a AppAccess) showsAllMembers() bool { return a != DevelopmentMode }

// showsItems reports whether a user sees the items of a playlist. In development mode only a
// member, its owner or a collaborator, does: for others the playlist has no items, and a request
// for its items gets 403.
func (a AppAccess) showsItems(member bool) bool { return a != DevelopmentMode || member }

// showsSpotifysPlaylists reports whether the playlists that Spotify owns exist for the app. They
// are hidden from apps in development mode since 27 November 2024.
func (a AppAccess) showsSpotifysPlaylists() bool { return a == ExtendedQuota }

// itemsKeys returns the names of the member that holds a playlist's items, and of the member that
// holds the content of an item. Older apps in development mode get both names.
func (a AppAccess) itemsKeys() (list, content []string) {
	switch a {
	case ExtendedQuota:
		return []string{"tracks"}, []string{"track"}
	case OlderDevelopmentMode:
		return []string{"items", "tracks"}, []string{"item", "track"}
	}
	return []string{"items"}, []string{"item"}
}

package api

import "github.com/seed-2147f1a9/spotify/internal/operations"

// Everything that depends on the app's access to the Web API (development mode or extended quota)
// asks the functions of this file.

// Config has the settings of an API. The zero value has the defaults.
type Config struct {
	// Access is the app's access: DevelopmentMode by default.
	Access AppAccess
}

// AppAccess is the kind of access that an app has to the Web API.
type AppAccess uint8

// The kinds of access: DevelopmentMode is the default.
const (
	DevelopmentMode AppAccess = iota
	ExtendedQuota
)

// permits reports whether an app may call an operation. It gets 403 otherwise.
func (a AppAccess) permits(op *operations.Operation) bool {
	return a == ExtendedQuota || op.Access != operations.ExtendedQuota && op.Access != operations.Legacy
}

// maxLimit returns the greatest page size of an operation.
func (a AppAccess) maxLimit(op *operations.Operation) int {
	if a == DevelopmentMode && op.DevelopmentMaxLimit > 0 {
		return op.DevelopmentMaxLimit
	}
	return op.MaxLimit
}

// showsAllMembers reports whether objects have the members that only apps with extended quota get.
func (a AppAccess) showsAllMembers() bool { return a == ExtendedQuota }

// showsItems reports whether a user sees the items of a playlist. In development mode only a
// member, its owner or a collaborator, does: for others the playlist has no items, and a request
// for its items gets 403.
func (a AppAccess) showsItems(member bool) bool { return a == ExtendedQuota || member }

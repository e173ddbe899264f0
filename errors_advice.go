package spotify

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/clock"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// advice returns the parts of the error's text that tell what to do, where the status code, the
// reason or the message leave no doubt about the cause.
func (e *Error) advice() []string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(e.Notice)
	if e.needsUser() {
		add("the token belongs to the app (client credentials), not to a user: log a user in, see package auth")
	} else {
		add(e.missingScopes())
	}
	add(clock.Advice(e.ClockSkew))
	switch {
	case e.Status == http.StatusUnauthorized && e.token == fixedToken && e.says("access token"):
		add("the token is not refreshed: pass a new one, or a source that refreshes it, see package auth")
	case e.Status == http.StatusNotFound && e.editorial:
		add("apps made after 27 November 2024 cannot read the playlists that Spotify itself has made")
	case e.Status == http.StatusNotFound && e.isKnown() && e.says("service not found"):
		add("the base URL may be wrong: Spotify's is " + resources.DefaultBaseURL)
	case e.Reason == "NO_ACTIVE_DEVICE":
		add("start playback in a Spotify app, or name a device of Player.Devices in DeviceParams.DeviceID")
	case e.Status == http.StatusBadRequest && e.says("invalid limit"):
		add(e.smallerLimit())
	case e.Status == http.StatusProxyAuthRequired:
		add("a proxy wants a user and a password in its URL, see HTTPS_PROXY")
	case e.Status == http.StatusNetworkAuthenticationRequired:
		add("the network wants a login: open any page in a browser")
	case e.page && e.Status < 500:
		add("the response is an HTML page: " + transport.Portal)
	}
	return parts
}

// says reports whether Message contains text, which is in lower case.
func (e *Error) says(text string) bool { return strings.Contains(strings.ToLower(e.Message), text) }

// isKnown reports whether the request was for an operation of the API reference.
func (e *Error) isKnown() bool {
	_, known := operations.Named(e.Operation)
	return known
}

// needsUser reports whether the response refused a token because it belongs to no user.
func (e *Error) needsUser() bool {
	switch e.Status {
	case http.StatusUnauthorized:
		return e.token == appToken && e.says("user authentication")
	case http.StatusForbidden:
		return e.token == appToken && len(e.Scopes) > 0
	}
	return false
}

// editorialPrefix begins the ids of the playlists that Spotify itself has made.
const editorialPrefix = "37i9dQZF1"

// missingNotice returns the notice of an operation that Spotify responds to with a 404 for the apps
// that cannot call it. Where the path has an id, a 404 may be about the id.
func missingNotice(call *transport.Call) string {
	op, known := operations.Named(call.Operation)
	if !known || op.Access != operations.Legacy || strings.Contains(op.Path, "{") {
		return ""
	}
	return call.Notice
}

// missingScopes names the scopes that the token lacks, if it is known to lack them: it has none of
// those that the operation takes, or Spotify says so. The operation's scopes may be alternatives,
// so a token that has one of them need not lack anything.
func (e *Error) missingScopes() string {
	refused := e.says("insufficient client scope")
	missing := slices.DeleteFunc(slices.Clone(e.Scopes), func(scope string) bool {
		return slices.Contains(e.Granted, scope)
	})
	switch {
	case len(missing) == 0 || !refused && (e.Granted == nil || len(missing) < len(e.Scopes)):
		return ""
	case e.Granted == nil && len(missing) == 1:
		return "it takes the scope " + missing[0]
	case e.Granted == nil:
		return "it takes one or more of the scopes " + strings.Join(missing, ", ")
	case len(missing) == 1:
		return "the token lacks the scope " + missing[0]
	}
	return "the token lacks the scopes " + strings.Join(missing, ", ")
}

// smallerLimit names the page size that an app in development mode may have, if it is smaller than
// the operation's.
func (e *Error) smallerLimit() string {
	op, known := operations.Named(e.Operation)
	if !known || op.DevelopmentMaxLimit == 0 {
		return ""
	}
	return fmt.Sprintf("an app in development mode gets pages of at most %d: "+
		"set Limit to %[1]d or less; with extended quota it is %d", op.DevelopmentMaxLimit, op.MaxLimit)
}

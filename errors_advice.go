package spotify

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
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
	add(e.missingScopes())
	switch {
	case e.Reason == "NO_ACTIVE_DEVICE":
		add("start playback in a Spotify app, or name a device of Player.Devices in DeviceParams.DeviceID")
	case e.Status == http.StatusBadRequest && strings.Contains(strings.ToLower(e.Message), "invalid limit"):
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

// missingScopes names the scopes that the token lacks, if it is known to lack them: it has none of
// those that the operation takes, or Spotify says so. The operation's scopes may be alternatives,
// so a token that has one of them need not lack anything.
func (e *Error) missingScopes() string {
	refused := strings.Contains(strings.ToLower(e.Message), "insufficient client scope")
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
	for _, op := range operations.All() {
		if op.Name == e.Operation && op.DevelopmentMaxLimit > 0 {
			return fmt.Sprintf("an app in development mode gets pages of at most %d: "+
				"set Limit to %[1]d or less; with extended quota it is %d", op.DevelopmentMaxLimit, op.MaxLimit)
		}
	}
	return ""
}

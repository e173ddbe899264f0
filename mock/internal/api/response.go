package api

import "net/http"

// Response is the response to a Request. Body is encoded as JSON unless it is nil, a string or a
// []byte.
type Response struct {
	Status int
	Header http.Header
	Body   any
}

type problemJSON struct {
	Error struct {
		Status  int    `json:"status"`
		Message string `json:"message"`
		Reason  string `json:"reason,omitempty"`
	} `json:"error"`
}

// Problem returns an error response. An empty reason is left out.
func Problem(status int, message, reason string) Response {
	var p problemJSON
	p.Error.Status, p.Error.Message, p.Error.Reason = status, message, reason
	return Response{Status: status, Body: encode(p)}
}

// messages are the messages that Spotify sends with its reasons.
var messages = map[string]string{
	"DEVICE_NOT_CONTROLLABLE": "Player command failed: Device cannot be controlled",
	"NO_ACTIVE_DEVICE":        "Player command failed: No active device found",
	"PREMIUM_REQUIRED":        "Player command failed: Premium required",
	"QUOTA_EXCEEDED":          "Too many requests",
	"UNKNOWN":                 "Player command failed: Restriction violated",
	"VOLUME_CONTROL_DISALLOW": "Player command failed: Cannot control device volume",
}

// Message returns the message that Spotify sends with a reason, empty for a reason that the fake
// does not know.
func Message(reason string) string { return messages[reason] }

func badRequest(message string) Response { return Problem(http.StatusBadRequest, message, "") }
func forbidden(message string) Response  { return Problem(http.StatusForbidden, message, "") }

// noAccess refuses an operation that the app's access does not include.
func noAccess() Response { return forbidden("Forbidden") }

func notFound() Response { return Problem(http.StatusNotFound, "Resource not found", "") }

func insufficientScope() Response { return forbidden("Insufficient client scope") }

// ok200 is a 200 with a JSON body.
func ok200(body []byte) Response { return Response{Status: http.StatusOK, Body: body} }

// empty is a response without a body.
func empty(status int) Response { return Response{Status: status} }

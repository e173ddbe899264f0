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

package api

// world_problem.go is how the Web API says no.

import "net/http"

// answer is what the world says to an exchange: body is JSON-encoded unless it is nil, a string or a []byte.
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

// problem is an error's answer; an empty reason is left out.
func Problem(status int, message, reason string) Response {
	var p problemJSON
	p.Error.Status, p.Error.Message, p.Error.Reason = status, message, reason
	return Response{Status: status, Body: encode(p)}
}

func badRequest(message string) Response { return Problem(http.StatusBadRequest, message, "") }
func forbidden(message string) Response  { return Problem(http.StatusForbidden, message, "") }

// beyond is what an app asks for that its access does not reach.
func noAccess() Response { return forbidden("Forbidden") }

func notFound() Response { return Problem(http.StatusNotFound, "Resource not found", "") }

func insufficientScope() Response { return forbidden("Insufficient client scope") }

// found is a 200 with JSON.
func ok200(body []byte) Response { return Response{Status: http.StatusOK, Body: body} }

// done is an answer without a body.
func empty(status int) Response { return Response{Status: status} }

package mock

// world_problem.go is how the Web API says no.

import "net/http"

type problemShape struct {
	Error struct {
		Status  int    `json:"status"`
		Message string `json:"message"`
		Reason  string `json:"reason,omitempty"`
	} `json:"error"`
}

// problem is an error's answer; an empty reason is left out.
func problem(status int, message, reason string) answer {
	var p problemShape
	p.Error.Status, p.Error.Message, p.Error.Reason = status, message, reason
	return answer{status: status, body: encode(p)}
}

func bad(message string) answer    { return problem(http.StatusBadRequest, message, "") }
func denied(message string) answer { return problem(http.StatusForbidden, message, "") }

// beyond is what an app asks for that its access does not reach.
func beyond() answer { return denied("Forbidden") }

func notFound() answer { return problem(http.StatusNotFound, "Resource not found", "") }

func unscoped() answer { return denied("Insufficient client scope") }

// found is a 200 with JSON.
func found(body []byte) answer { return answer{status: http.StatusOK, body: body} }

// done is an answer without a body.
func done(status int) answer { return answer{status: status} }

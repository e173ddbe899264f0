package api

import (
	"encoding/json"
	"errors"
	"mime"
)

const (
	msgInvalidJSON = "Error parsing JSON."
	msgWrongJSON   = "JSON body does not adhere to the defined endpoint parameters"
)

// decodeBody fills v from a JSON body. Members without a field in v are ignored. Without a body v
// stays as it is.
func (req *Request) decodeBody(v any) *Response {
	if len(req.Body) == 0 {
		return nil
	}
	if given := req.Header.Get("Content-Type"); given != "" {
		if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
			return new(badRequest(msgInvalidJSON))
		}
	}
	var mistyped *json.UnmarshalTypeError
	switch err := json.Unmarshal(req.Body, v); {
	case errors.As(err, &mistyped):
		return new(badRequest(msgWrongJSON))
	case err != nil:
		return new(badRequest(msgInvalidJSON))
	}
	return nil
}

// requireBody is decodeBody for requests that need a body.
func (req *Request) requireBody(v any) *Response {
	if len(req.Body) == 0 {
		return new(badRequest(msgInvalidJSON))
	}
	return req.decodeBody(v)
}

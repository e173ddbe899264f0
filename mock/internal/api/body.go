package api

// world_body.go reads what an exchange brings along as JSON.

import (
	"encoding/json"
	"errors"
	"mime"
)

const (
	msgInvalidJSON = "Error parsing JSON."
	msgWrongJSON   = "JSON body does not adhere to the defined endpoint parameters"
)

// read fills v from a JSON body. What v has no field for is left out; without a body, v stays as it is.
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

// need is read where there has to be a body.
func (req *Request) requireBody(v any) *Response {
	if len(req.Body) == 0 {
		return new(badRequest(msgInvalidJSON))
	}
	return req.decodeBody(v)
}

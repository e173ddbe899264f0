package mock

// world_body.go reads what an exchange brings along as JSON.

import (
	"encoding/json"
	"errors"
	"mime"
)

const (
	noJSON    = "Error parsing JSON."
	otherJSON = "JSON body does not adhere to the defined endpoint parameters"
)

// read fills v from a JSON body. What v has no field for is left out; without a body, v stays as it is.
func (x *exchange) read(v any) *answer {
	if len(x.body) == 0 {
		return nil
	}
	if given := x.header.Get("Content-Type"); given != "" {
		if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
			return new(bad(noJSON))
		}
	}
	var mistyped *json.UnmarshalTypeError
	switch err := json.Unmarshal(x.body, v); {
	case errors.As(err, &mistyped):
		return new(bad(otherJSON))
	case err != nil:
		return new(bad(noJSON))
	}
	return nil
}

// need is read where there has to be a body.
func (x *exchange) need(v any) *answer {
	if len(x.body) == 0 {
		return new(bad(noJSON))
	}
	return x.read(v)
}

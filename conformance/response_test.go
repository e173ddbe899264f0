package conformance

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// response returns the differences of a response from the definition: status code, content type,
// body. An error with an undeclared status code is compared with the schema of a 401.
func (d *definition) response(route *routers.Route, req *http.Request, resp *http.Response, body []byte) []finding {
	op := route.Operation
	status, place := resp.StatusCode, strconv.Itoa(resp.StatusCode)
	var all []finding
	declared := op.Responses.Status(status)
	if declared == nil {
		all = append(all, finding{op.OperationID, "status " + place, "undeclared", "the definition has no such response"})
		if status < 400 {
			return all
		}
		status = http.StatusUnauthorized
	} else if len(declared.Value.Content) == 0 && len(body) > 0 {
		all = append(all, finding{op.OperationID, place, "undeclared", "a body: " + string(body)})
	}
	err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: route},
		Status:                 status, Header: resp.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{MultiError: true, SchemaValidationOptions: terse},
	})
	return append(all, findings(op.OperationID, place, err)...)
}

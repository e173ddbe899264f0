package conformance

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/seed-2147f1a9/spotify/transport"
)

func init() {
	openapi3filter.RegisterBodyDecoder("image/jpeg", openapi3filter.FileBodyDecoder)
}

// request returns the differences of a request from the definition: method, path, the operation's
// name, query, body, content type. It does not change the request.
func (d *definition) request(req *http.Request, body []byte) (*routers.Route, []finding) {
	route, in := d.find(req)
	if route == nil {
		return nil, []finding{{name(nil, req), "path", "undeclared", "no operation has this method and path"}}
	}
	op := route.Operation
	var all []finding
	if said := transport.CallFrom(req.Context()).Operation; said != op.OperationID {
		all = append(all, finding{op.OperationID, "name", "invalid", "the call says it is " + said})
	}
	for name, values := range req.URL.Query() {
		if op.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
			all = append(all, finding{op.OperationID, "query " + name, "undeclared", "no parameter of this name"})
		} else if len(values) > 1 {
			all = append(all, finding{op.OperationID, "query " + name, "repeated", "it comes more than once"})
		}
	}
	again := req.Clone(context.Background())
	again.Body = io.NopCloser(bytes.NewReader(body))
	again.ContentLength = int64(len(body))
	err := openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: again, PathParams: in, Route: route,
		Options: &openapi3filter.Options{
			MultiError: true, RejectWhenRequestBodyNotSpecified: true, SkipSettingDefaults: true,
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SchemaValidationOptions: terse,
		},
	})
	return route, append(all, findings(op.OperationID, "body", err)...)
}

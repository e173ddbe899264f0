package conformance

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// definition is an OpenAPI definition with flattened schemas.
type definition struct {
	doc    *openapi3.T
	router routers.Router
	byName map[string]*routers.Route
}

// load returns the definition, and skips the test if the file does not exist.
func load(t *testing.T) *definition {
	t.Helper()
	d, err := read()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no OpenAPI definition at %s: set SPOTIFY_OPENAPI to its path", whereabouts())
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func whereabouts() string {
	return cmp.Or(os.Getenv("SPOTIFY_OPENAPI"), "../../shared/spec/openapi.yml")
}

var read = sync.OnceValues(func() (*definition, error) {
	text, err := os.ReadFile(whereabouts())
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	if err := flattenAll(doc); err != nil {
		return nil, err
	}
	return index(doc)
})

// index indexes the definition's operations by name and by request.
func index(doc *openapi3.T) (*definition, error) {
	router, err := legacy.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	d := &definition{doc, router, map[string]*routers.Route{}}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			d.byName[op.OperationID] = &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: op}
		}
	}
	return d, nil
}

// find returns the operation of a request and the values of its path parameters; nil if the
// definition has none.
func (d *definition) find(req *http.Request) (*routers.Route, map[string]string) {
	route, in, err := d.router.FindRoute(req)
	if err != nil {
		return nil, nil
	}
	return route, in
}

// success returns the status code and schema of an operation's most detailed successful response;
// nil if there is none.
func success(op *openapi3.Operation) (int, *openapi3.Schema) {
	for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent} {
		if r := op.Responses.Status(status); r != nil {
			if media := r.Value.Content.Get("application/json"); media != nil {
				return status, media.Schema.Value
			}
			return status, nil
		}
	}
	return 0, nil
}

// name returns the name of the request's operation, or the request itself if the definition has
// none.
func name(route *routers.Route, req *http.Request) string {
	if route == nil {
		return req.Method + " " + strings.TrimPrefix(req.URL.Path, "/v1")
	}
	return route.Operation.OperationID
}

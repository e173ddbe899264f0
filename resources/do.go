package resources

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// rawQuery are the parameters of a call that has no operation.
type rawQuery url.Values

func (r rawQuery) query(q *query) {
	for name, values := range r {
		for _, value := range append(values, name) {
			if !utf8.ValidString(value) {
				q.fail(argument.Errorf(name, value, "text in UTF-8"))
			}
		}
	}
	if len(r) > 0 {
		q.text = append(append(q.text, q.sep), url.Values(r).Encode()...)
	}
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// Do sends a request for an endpoint that has no method here, with the same pipeline and the same
// errors. path begins with a slash, is relative to the base URL and escaped already; or it is a
// link that the API has sent, such as a Href or a Next, to which params are added. A link to
// another origin than the base URL's is refused with ErrForeignLink. body is sent as JSON unless it
// is nil; out, a pointer, is decoded into as by Decode, unless it is nil.
func (s *Services) Do(ctx context.Context, method, path string, params url.Values, body, out any) error {
	path, params, err := s.core.below(argument.Pasted(path), params)
	op := &operations.Operation{Name: method + " " + path, Method: method, Path: path}
	if err == nil {
		err = checkDo(method, path, out)
	}
	if err != nil {
		return named(op, err)
	}
	op = described(op, out)
	if out == nil {
		return command(ctx, s.core, op, nowhere, rawQuery(params), body)
	}
	_, err = s.core.call(ctx, op, nowhere, rawQuery(params), body, out)
	return named(op, err)
}

// described returns op with what the table says of such a request, if it has the operation. The
// whole response is the result, whatever is said there.
func described(op *operations.Operation, out any) *operations.Operation {
	if known := operations.Lookup(op.Method, op.Path); known != nil {
		return known.At(op.Path)
	}
	return operations.Unlisted(op.Name, op.Method, op.Path, out != nil)
}

func checkDo(method, path string, out any) error {
	u, err := url.Parse(path)
	switch {
	case !slices.Contains(methods, method):
		return argument.Errorf("method", method, "one of %s", strings.Join(methods, ", "))
	case err != nil, !strings.HasPrefix(path, "/"), u.Host != "", u.RawQuery != "", u.Fragment != "", strings.ContainsAny(path, "{}?#"), strings.ContainsFunc(path, isControl),
		slices.Contains(strings.Split(u.Path, "/"), ".."):
		return argument.Errorf("path", path, "a path such as /me/new-thing, below the base URL, without query")
	}
	if out == nil {
		return nil
	}
	return checkOut(out)
}

package resources

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/transport"
)

// rawQuery is the parameters of Do.
type rawQuery url.Values

func (r rawQuery) query(q *query) {
	for name, values := range r {
		for _, value := range append([]string{name}, values...) {
			if !utf8.ValidString(value) {
				q.fail(argument.Errorf(name, value, "text in UTF-8"))
			}
		}
	}
	if len(r) > 0 {
		q.text = append(append(q.text, q.sep), url.Values(r).Encode()...)
	}
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
}

// Do sends a request to an endpoint that this package has no method for, through the same pipeline
// and with the same errors. path begins with a slash, is relative to the base URL and already
// escaped; or it is a link that the API has sent, such as Page.Next, to which params are added. A
// link to another origin than the base URL's is an error that matches ErrForeignLink. body is sent
// as JSON, unless it is nil. out is a pointer that the response is decoded into as by Decode; if it
// is nil, the body of the response is ignored.
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

// described returns the table's operation for the method and path of op, or else op without a
// description. The whole response is its result.
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
	case err != nil, !strings.HasPrefix(path, "/"), u.Host != "", u.RawQuery != "", u.Fragment != "",
		strings.ContainsAny(path, "{}?#"), strings.ContainsFunc(path, isControl),
		slices.Contains(strings.Split(u.Path, "/"), ".."):
		return argument.Errorf("path", path, "a path such as /me/new-thing, below the base URL, without query")
	}
	if out == nil {
		return nil
	}
	return checkOut(out)
}

// LinkedPage is a page with links to the adjacent pages: a *Page or a *CursorPage. P is that type
// itself.
type LinkedPage[P any] interface {
	comparable
	nextLink() string
	previousLink() string
	blank() P
}

func (p *Page[T]) nextLink() string     { return p.Next }
func (p *Page[T]) previousLink() string { return p.Previous }
func (p *Page[T]) blank() *Page[T]      { return new(Page[T]) }

func (p *CursorPage[T]) nextLink() string      { return p.Next }
func (p *CursorPage[T]) previousLink() string  { return "" }
func (p *CursorPage[T]) blank() *CursorPage[T] { return new(CursorPage[T]) }

// NextPage returns the page after page, a *Page or a *CursorPage, by its link. It returns nil and
// no error if page is the last one. A link to another origin than the base URL's is an error that
// matches ErrForeignLink; the All… iterators follow no links, so they read such lists too.
func NextPage[P LinkedPage[P]](ctx context.Context, s *Services, page P) (P, error) {
	return follow(ctx, s, page, P.nextLink)
}

// PreviousPage returns the page before page, a *Page, by its link. It returns nil and no error if
// page is the first one, and for a *CursorPage, which has no link to the previous page.
func PreviousPage[P LinkedPage[P]](ctx context.Context, s *Services, page P) (P, error) {
	return follow(ctx, s, page, P.previousLink)
}

// follow returns the page at a link of page, of the type of page.
func follow[P LinkedPage[P]](ctx context.Context, s *Services, page P, linkOf func(P) string) (P, error) {
	var none P
	if page == none {
		return none, argument.Missing("page", "pass a page that was fetched")
	}
	link := linkOf(page)
	if link == "" {
		return none, nil
	}
	var raw Raw
	if err := s.Do(ctx, http.MethodGet, link, nil, nil, &raw); err != nil {
		return none, err
	}
	out := page.blank()
	if err := unmarshal(pageIn(raw), out); err != nil {
		return none, &ResponseError{"GET " + link, http.MethodGet, link, http.StatusOK, pointer(err), err}
	}
	return out, nil
}

// pageIn returns the page in a response: the response itself, or a member of it that has items, as
// in {"albums":{"items":[…]}}.
func pageIn(raw Raw) Raw {
	type page struct {
		Items *Raw `json:"items"`
	}
	var members map[string]Raw
	if Decode(raw, &members) != nil || members["items"] != nil {
		return raw
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		var inner page
		if Decode(members[name], &inner) == nil && inner.Items != nil {
			return members[name]
		}
	}
	return raw
}

// below returns the path of a link below the base URL, and params with the parameters of the link.
// A path that is not a link is returned unchanged.
func (c *core) below(path string, params url.Values) (string, url.Values, error) {
	if !strings.Contains(path, "://") && !strings.HasPrefix(path, "//") {
		return path, params, nil
	}
	link, err := url.Parse(path)
	if err != nil {
		return path, params, argument.Errorf("path", path, "a path, or a link that the API has sent")
	}
	if !transport.SameOrigin(c.base, link) || link.User != nil {
		return link.EscapedPath(), params, argument.Errorf("path", withoutUser(path), "a link to %s", c.conf.BaseURL).
			Because(ErrForeignLink)
	}
	rest, isBelow := strings.CutPrefix(link.EscapedPath(), c.base.EscapedPath())
	if !isBelow || !strings.HasPrefix(rest, "/") {
		return link.EscapedPath(), params, argument.Errorf("path", path, "a link below %s", c.conf.BaseURL)
	}
	all, err := url.ParseQuery(link.RawQuery)
	if err != nil {
		return rest, params, argument.Errorf("path", path, "a link with a query that can be parsed")
	}
	for name, values := range params {
		all[name] = append(all[name], values...)
	}
	return rest, all, nil
}

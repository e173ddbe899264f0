// Package operations is the table of the Web API's 97 operations: method and path, which apps may
// call each, scopes, limits, and whether a request is idempotent. The services name their entries,
// the pipeline describes requests by it, the fake routes by it, and docs/operations.md is generated
// from it.
package operations

//go:generate go run ../opsdoc -source ../../resources -table table.go -to ../../docs/operations.md -agents ../../AGENTS.md

import (
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Operation describes an operation of the Web API, except for the types of its parameters and of
// its response.
type Operation struct {
	// Name is the operation's name in the API reference, the last segment of its page's URL.
	Name string
	// Method and Path are those of the request, with path parameters in braces.
	Method, Path string
	// Access is the apps that may call it since the changes of February 2026.
	Access Access
	// Replacement is the operation ("PUT /me/library") that other apps call instead; empty if there
	// is none.
	Replacement string
	// Scopes are the permissions that it needs. If they are alternatives for the same data, one of
	// them is enough.
	Scopes []string
	// Idempotency reports whether applying a request twice has the effect of applying it once. If
	// that depends on the request, see NotIdempotentWith.
	Idempotency transport.Idempotency
	// NotIdempotentWith names the members of a JSON body, at any depth, that make a request not
	// idempotent. Without them Idempotency applies.
	NotIdempotentWith []string
	// MaxLimit is the largest page size; 0 if the operation does not paginate.
	MaxLimit int
	// DevelopmentMaxLimit is the largest page size for an app in development mode; 0 if it is
	// MaxLimit.
	DevelopmentMaxLimit int
	// Ceiling is the first offset that no page may reach; 0 for none.
	Ceiling int
	// MaxItems is the number of ids or URIs that one request takes; 0 if it takes no list.
	MaxItems int
	// Bucket names the operation's own rate limit; empty if it counts against the common one.
	Bucket string
	// Member is the name of the response's member that holds the result ("albums"); empty if the
	// whole response is the result.
	Member string
	// MayBeEmpty reports whether a 2xx response without a body means "nothing there".
	MayBeEmpty bool
	// NoContent reports whether the operation returns nothing: a 2xx status code is the whole
	// result, and a body with it has no meaning.
	NoContent bool

	idempotent, notIdempotent *transport.Call // what Describe returns
}

// Access is the kind of apps that may call an operation
// (https://developer.spotify.com/documentation/web-api/references/changes/february-2026).
type Access uint8

const (
	// Everyone operations are open to every app.
	Everyone Access = iota
	// Restricted operations return less to apps in development mode: smaller pages, or only data
	// that the user owns.
	Restricted
	// ExtendedQuota operations return 403 to apps in development mode since February 2026.
	ExtendedQuota
	// Legacy operations return 403 to every app that was created after 27 November 2024, or had no
	// extended quota then.
	Legacy
)

// String returns the text for a table.
func (a Access) String() string {
	switch a {
	case Restricted:
		return "everyone, with less in development mode"
	case ExtendedQuota:
		return "extended quota only"
	case Legacy:
		return "apps from before 27 November 2024 only"
	}
	return "everyone"
}

// Reference returns the URL of the operation's page in the API reference.
func (o *Operation) Reference() string {
	return "https://developer.spotify.com/documentation/web-api/reference/" + o.Name
}

// All returns a copy of the table, sorted by area.
func All() []Operation {
	all := make([]Operation, len(operations))
	for i, op := range operations {
		all[i] = *op
		all[i].Scopes = slices.Clone(op.Scopes)
		all[i].NotIdempotentWith = slices.Clone(op.NotIdempotentWith)
	}
	return all
}

// Named returns a copy of the operation with a name, and whether there is one.
func Named(name string) (Operation, bool) {
	for _, op := range operations {
		if op.Name == name {
			return *op, true
		}
	}
	return Operation{}, false
}

// Notice returns the reason for a 403 of the operation, which Spotify's message ("Forbidden") does
// not tell; empty if the table has none.
func (o *Operation) Notice() string {
	var notice string
	switch o.Access {
	case ExtendedQuota:
		notice = "apps in development mode cannot call it since February 2026"
	case Legacy:
		notice = "apps made after 27 November 2024 cannot call it"
	case Restricted:
		if o.DevelopmentMaxLimit > 0 { // smaller pages, which a 403 is not about
			return ""
		}
		notice = "apps in development mode get the items only of playlists that the user owns or may change"
	default:
		return ""
	}
	if o.Replacement != "" {
		notice += "; call " + o.Replacement + " instead"
	}
	return notice
}

var operations []*Operation

// declare adds an operation to the table.
func declare(o Operation) *Operation {
	operations = append(operations, &o)
	o.idempotent, o.notIdempotent = o.call(o.Idempotency), o.call(transport.NotIdempotent)
	return &o
}

// At returns a copy of the operation for one path, without placeholders. The whole response is its
// result.
func (o *Operation) At(path string) *Operation {
	one := *o
	one.Path, one.Member = path, ""
	return &one
}

// Unlisted returns an operation that the table lacks. Its method decides whether it is idempotent.
func Unlisted(name, method, path string, returns bool) *Operation {
	o := &Operation{Name: name, Method: method, Path: path, NoContent: !returns}
	o.idempotent = o.call(transport.IdempotencyByMethod)
	return o
}

// call returns the description of a request for the operation.
func (o *Operation) call(idempotency transport.Idempotency) *transport.Call {
	return &transport.Call{
		Operation: o.Name, Route: o.Path, Scopes: o.Scopes, Notice: o.Notice(), Bucket: o.Bucket,
		Idempotency: idempotency, Returns: !o.NoContent,
	}
}

// scopes splits a space-separated list, OAuth's form of scopes (RFC 6749 section 3.3).
func scopes(list string) []string { return strings.Fields(list) }

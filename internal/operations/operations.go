// Package operations is the table of the Web API's operations: method and path, the apps that may
// call each, scopes, limits, and whether a request is idempotent. The services name their entries,
// the pipeline describes requests by it, the fake routes by it, docs/operations.md is made from it.
package operations

//go:generate go run ../opsdoc -source ../../resources -table table.go -to ../../docs/operations.md

import (
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Operation is everything about an operation of the Web API except the shapes of its parameters
// and its response.
type Operation struct {
	// Name is the operation's name in the API reference, the last part of its page's address.
	Name string
	// Method and Path are how it is called, path parameters in braces.
	Method, Path string
	// Access says which apps may call it since the changes of February 2026.
	Access Access
	// Replacement is the operation ("PUT /me/library") that an app without that access calls
	// instead, if there is one.
	Replacement string
	// Scopes are the permissions it needs; where it names several kinds of access to the same data,
	// any that fits.
	Scopes []string
	// Idempotency says whether applying it twice does the same as applying it once. Where that
	// depends on the request, see NotIdempotentWith.
	Idempotency transport.Idempotency
	// NotIdempotentWith names the members of a JSON body, at any depth, with which a request of
	// this operation is not idempotent. Without them Idempotency counts.
	NotIdempotentWith []string
	// MaxLimit is the greatest page size, zero where it takes no limit.
	MaxLimit int
	// DevelopmentMaxLimit is the greatest page size for an app in development mode, where that is
	// smaller.
	DevelopmentMaxLimit int
	// Ceiling is the offset that no page may reach, zero where there is none.
	Ceiling int
	// MaxItems is how many ids or URIs one request takes, zero where it takes no list.
	MaxItems int
	// Bucket names the rate limit it counts against where that is one of its own.
	Bucket string
	// Member is the name of the one member of the response that holds the result ("albums"), empty
	// where the response is the result itself.
	Member string
	// MayBeEmpty says that a 2xx response without a body means "nothing there".
	MayBeEmpty bool
	// NoContent says that the operation returns nothing: a 2xx status code is all of its result,
	// and a body that comes with it has no meaning.
	NoContent bool

	idempotent, notIdempotent *transport.Call // what Describe returns
}

// Access says which apps may call an operation
// (https://developer.spotify.com/documentation/web-api/references/changes/february-2026).
type Access uint8

const (
	// Everyone may call it.
	Everyone Access = iota
	// Restricted operations return less to apps in development mode: smaller pages, or only what
	// the user owns.
	Restricted
	// ExtendedQuota operations return 403 to apps in development mode since February 2026.
	ExtendedQuota
	// Legacy operations return 403 to every app made after 27 November 2024 that had no extended
	// quota then.
	Legacy
)

// String returns the apps that may call the operation, in words for a table.
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

// Reference returns the address of the operation's page in the API reference.
func (o *Operation) Reference() string {
	return "https://developer.spotify.com/documentation/web-api/reference/" + o.Name
}

// All returns a copy of the table: all operations of the Web API, by area.
func All() []Operation {
	all := make([]Operation, len(operations))
	for i, op := range operations {
		all[i] = *op
		all[i].Scopes = slices.Clone(op.Scopes)
		all[i].NotIdempotentWith = slices.Clone(op.NotIdempotentWith)
	}
	return all
}

// Notice returns what an error should say about a 403 of the operation beside Spotify's own
// message, which is only "Forbidden"; empty where nothing is known.
func (o *Operation) Notice() string {
	var notice string
	switch o.Access {
	case ExtendedQuota:
		notice = "apps in development mode cannot call it since February 2026"
	case Legacy:
		notice = "apps made after 27 November 2024 cannot call it"
	case Restricted:
		notice = "apps in development mode get it only for what belongs to the user"
	default:
		return ""
	}
	if o.Replacement != "" {
		notice += "; call " + o.Replacement + " instead"
	}
	return notice
}

var operations []*Operation

// declare puts an operation into the table.
func declare(o Operation) *Operation {
	operations = append(operations, &o)
	o.idempotent, o.notIdempotent = o.call(o.Idempotency), o.call(transport.NotIdempotent)
	return &o
}

// At returns a copy of the operation that is called at one path, without placeholders. The whole
// response is its result.
func (o *Operation) At(path string) *Operation {
	one := *o
	one.Path, one.Member = path, ""
	return &one
}

// Unlisted returns an operation that the table does not have. Whether it is idempotent is decided by
// its method.
func Unlisted(name, method, path string, returns bool) *Operation {
	o := &Operation{Name: name, Method: method, Path: path, NoContent: !returns}
	o.idempotent = o.call(transport.IdempotencyByMethod)
	return o
}

// call returns the description of a request of the operation.
func (o *Operation) call(idempotency transport.Idempotency) *transport.Call {
	return &transport.Call{
		Operation: o.Name, Route: o.Path, Scopes: o.Scopes, Notice: o.Notice(), Bucket: o.Bucket,
		Idempotency: idempotency, Returns: !o.NoContent,
	}
}

// scopes splits a space-separated list, the form in which OAuth has scopes (RFC 6749 section 3.3).
func scopes(list string) []string { return strings.Fields(list) }

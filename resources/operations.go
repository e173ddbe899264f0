package resources

//go:generate go run ../internal/opsdoc -source . -to ../docs/operations.md

import (
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Operation is one entry of the table below: everything about an operation of the Web API that is not the shape of its answer.
// Service methods name their entry, the retry step's safety comes from it, the fake routes by it, docs/operations.md is made from it.
type Operation struct {
	// Name is the operation's name in the API reference, the last part of its page's address.
	Name string
	// Method and Path are how it is called, path parameters in braces.
	Method, Path string
	// Access says which apps may call it since the changes of February 2026.
	Access Access
	// Replacement is the operation ("PUT /me/library") that an app without that access calls instead, if there is one.
	Replacement string
	// Scopes are the permissions it needs; where it names several kinds of access to the same data, any that fits.
	Scopes []string
	// Safety says whether it may be sent again when it may have been applied already.
	Safety transport.Safety
	// MaxLimit is the greatest page size, zero where it takes no limit.
	MaxLimit int
	// DevelopmentMaxLimit is the greatest page size for an app in development mode, where that is smaller.
	DevelopmentMaxLimit int
	// Ceiling is the offset that no page may reach, zero where there is none.
	Ceiling int
	// MaxItems is how many ids or URIs one request takes, zero where it takes no list.
	MaxItems int
	// Bucket names the limit it counts against where that is one of its own.
	Bucket string
	// Member is the name of the one member of the answer that holds it ("albums"), empty where the answer is the thing itself.
	Member string
	// MayBeEmpty says that a 2xx answer without a body means "nothing there".
	MayBeEmpty bool
}

// Access says which apps may call an operation (https://developer.spotify.com/documentation/web-api/references/changes/february-2026).
type Access uint8

const (
	// Everyone may call it.
	Everyone Access = iota
	// Restricted operations answer apps in development mode with less: smaller pages, or only what the user owns.
	Restricted
	// ExtendedQuota operations answer 403 to apps in development mode since February 2026.
	ExtendedQuota
	// Legacy operations answer 403 to every app made after 27 November 2024 that had no extended quota then.
	Legacy
)

// String says who may call the operation, in words for a table.
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

// Reference is the address of the operation's page in the API reference.
func (o *Operation) Reference() string {
	return "https://developer.spotify.com/documentation/web-api/reference/" + o.Name
}

// Operations returns the table: all operations of the Web API, by area.
func Operations() []Operation {
	all := make([]Operation, len(operations))
	for i, op := range operations {
		all[i] = *op
		all[i].Scopes = slices.Clone(op.Scopes)
	}
	return all
}

// notice is what a 403 of the operation says beside Spotify's own words, which are only "Forbidden".
func (o *Operation) notice() string {
	var who string
	switch o.Access {
	case ExtendedQuota:
		who = "apps in development mode cannot call it since February 2026"
	case Legacy:
		who = "apps made after 27 November 2024 cannot call it"
	case Restricted:
		who = "apps in development mode get it only for what belongs to the user"
	default:
		return ""
	}
	if o.Replacement != "" {
		who += "; call " + o.Replacement + " instead"
	}
	return who
}

// unrepeatable is the operation for a call that does something else the second time, though others of the same operation do not.
func (o *Operation) unrepeatable() *Operation {
	other := *o
	other.Safety = transport.Unrepeatable
	return &other
}

var operations []*Operation

// declare puts an operation into the table.
func declare(o Operation) *Operation {
	operations = append(operations, &o)
	return &o
}

// scopes splits a space-separated list, the way OAuth writes one (RFC 6749 section 3.3).
func scopes(list string) []string { return strings.Fields(list) }

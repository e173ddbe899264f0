// Package browsertest logs in with the examples as a user does: in a real browser, by clicking.
//
//	cd internal/browsertest && go test ./...                # skips where there is no Chromium
//	shots=$(mktemp -d); SCREENSHOTS=$shots go test ./... && ls $shots   # to look at the pages
//
// It is a module of its own, so that what drives the browser is nobody's dependency.
package browsertest

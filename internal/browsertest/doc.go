// Package browsertest logs in to the examples in a real browser, by clicking, and calls fakespotify
// from a page of another origin (CORS).
//
//	cd internal/browsertest && go test ./...                # skipped without Chromium
//	shots=$(mktemp -d); SCREENSHOTS=$shots go test ./... && ls $shots   # pictures of the pages
//
// The package is a module of its own, so that no consumer depends on a browser driver.
package browsertest

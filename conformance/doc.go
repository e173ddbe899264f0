// Package conformance compares the library with the OpenAPI definition of the Spotify Web API:
// requests that the services send (TestOperations), responses that they decode (TestDecode) and
// responses of the fake (TestFidelity). It has nothing to import; it is a module of its own so that
// the library does not inherit its dependencies.
//
// The definition is not part of the project. The tests read the file that SPOTIFY_OPENAPI names, by
// default ../shared/spec/openapi.yml beside the repository, and skip if the file does not exist:
//
//	SPOTIFY_OPENAPI=/path/to/openapi.yml go test -v ./...
//
// TestFaultsAttempts compares four makers of requests: the services, Client.Do, a request written
// by hand over Client.HTTPClient, and github.com/zmb3/spotify/v2 over it. It counts the attempts of
// each operation under each fault and, with -v, prints the table. It needs no definition.
//
// Spotify and its definition differ in places. Each difference is an entry with a reason in one of
// the exceptions tables; an entry that matches nothing any more fails its test.
package conformance

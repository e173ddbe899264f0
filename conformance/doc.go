// Package conformance holds the library to the OpenAPI definition of the Spotify Web API: what the services send (TestOperations), what they read
// (TestDecode), and what the fake answers (TestFidelity). There is nothing in it to import; it is a module of its own so that its dependencies stay here.
//
// The definition is not part of the project. The tests read the file that SPOTIFY_OPENAPI names, ../shared/spec/openapi.yml beside the
// repository if it names none, and skip where there is no such file:
//
//	SPOTIFY_OPENAPI=/path/to/openapi.yml go test -v ./...
//
// It also compares four makers of requests with each other: the services, Client.Do, a request written by hand over Client.HTTPClient, and
// github.com/zmb3/spotify/v2 over it. TestFaultsAttempts counts the attempts of each operation under each fault and, with -v, prints the table. These tests need no
// definition.
//
// Spotify and its definition disagree here and there. Each such place is an entry in one of the exceptions tables, with its reason, and an entry that
// nothing runs into any more fails its test.
package conformance

// Package clients runs other people's clients of the Spotify Web API against the fake: every public
// method of each, once on each of the three surfaces that the fake has. It has nothing to import;
// it is a module of its own so that nobody inherits the clients.
//
// The tests have the build tag clients. They need node and npm, and the OpenAPI definition from
// which a client is generated, which is not part of the project (SPOTIFY_OPENAPI, by default
// ../../../shared/spec/openapi.yml):
//
//	npm ci --prefix node
//	go test -tags clients .
//
// A call passes, or gets the error that its surface has for the operation, or is the client's own
// fault: an entry with a reason in exceptions_test.go, which fails the test if it matches nothing
// any more. Every other outcome is the fake's fault and fails the test.
//
// The tables of docs/fake.md are written by the tests (-update), which fail if they are stale.
package clients

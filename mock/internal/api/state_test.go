package api_test

import (
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
)

// Each user has a library of their own.
func TestUsersByToken(t *testing.T) {
	tr := mock.New(t, mock.WithStrictTokens(), mock.WithCatalogue(cast()))
	bruno, some, new, idle := tr.TokenOf(
		"bruno",
	), tr.TokenOf(
		"bruno",
		"user-follow-read",
	), tr.TokenOf(
		"newcomer",
	), tr.TokenOf(
		"bruno",
	)
	path := "/me/library/contains?uris=" + albumURI
	tell(
		t,
		tr,
		as(bruno),
		step{"PUT /me/library?uris=" + albumURI, "", 200, nothing},
		step{"GET " + path, "", 200, says("=[true]")},
	)
	tell(
		t,
		tr,
		as(some),
		step{"GET " + path, "", 403, says("scope")},
		step{"GET /me/library/contains?uris=" + artistURI, "", 200, says("=[false]")},
	)
	tell(
		t,
		tr,
		as(new),
		step{"GET " + path, "", 200, says("=[false]")},
		step{"PUT /me/library?uris=spotify:user:bruno", "", 200, nothing},
	)
	tr.ExpireTokens()
	for _, token := range []string{bruno, idle} {
		tell(t, tr, as(token), step{"GET " + path, "", 401, says("expired")})
	}
	tell(t, tr, as(tr.TokenOf("bruno")), step{"GET " + path, "", 200, says("=[true]")})
}

package auth

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// Every response of the token endpoint becomes a token that a header can carry, or an error that is
// safe to log.
func FuzzReadToken(f *testing.F) {
	f.Add(200, "", []byte(`{"access_token":"abc","expires_in":3600,"refresh_token":"r","scope":"streaming"}`))
	f.Add(400, "1.5", []byte(`{"error":"invalid_grant","error_description":"Refresh token revoked"}`))
	f.Add(503, "Sat, 01 Jan 2000 00:00:05 GMT", []byte(`{"error":{"status":503,"message":"x"}}`))
	f.Add(200, "-1e999", []byte(`{"access_token":"a","expires_in":"1e308","error":null}`))
	f.Add(302, "", []byte("<html>"))
	f.Fuzz(func(t *testing.T, status int, retryAfter string, body []byte) {
		resp := &http.Response{
			StatusCode: status,
			Header:     http.Header{"Retry-After": {retryAfter}},
			Body:       io.NopCloser(bytes.NewReader(body)),
		}
		token, err := readToken(resp, nil)
		if (token == nil) == (err == nil) {
			t.Fatalf("%v and %v", token, err)
		}
		if err == nil {
			if life := time.Until(token.Expiry); CheckToken(token.AccessToken) != nil ||
				!token.Expiry.IsZero() && (life < -time.Minute || life > 366*24*time.Hour) {
				t.Errorf("%q until %v", token.AccessToken, token.Expiry)
			}
			newCachedToken(token)
			return
		}
		refused, ok := err.(*Error)
		if !ok || refused.RetryAfter < 0 || len(err.Error()) > 1000 ||
			bytes.ContainsAny([]byte(err.Error()), "\r\n\x1b") {
			t.Errorf("%q", err)
		}
	})
}

// Every data decodes to a StoredToken or to an error that contains nothing of it, and a StoredToken
// survives encoding and decoding.
func FuzzStoredToken(f *testing.F) {
	whole, err := StoredToken{
		ClientID:     "id",
		AccessToken:  "a",
		RefreshToken: "r",
		Expiry:       time.Unix(1e9, 5),
		Scopes:       AllScopes(),
		AuthorizedAt: time.Unix(1e9, 0),
		Generation:   7,
	}.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte(`{"expiry":"9999-12-31T23:59:59+24:00","generation":18446744073709551616}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second StoredToken
		if err := first.UnmarshalBinary(data); err != nil {
			if len(err.Error()) > 100 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		again, err := first.MarshalBinary()
		if err != nil {
			return // a time that JSON can read and not write
		}
		if err := second.UnmarshalBinary(again); err != nil || second.AccessToken != first.AccessToken ||
			second.RefreshToken != first.RefreshToken ||
			!second.Expiry.Equal(first.Expiry) ||
			!second.AuthorizedAt.Equal(first.AuthorizedAt) ||
			second.Scopes.String() != first.Scopes.String() ||
			second.Generation != first.Generation {
			t.Errorf("%v became %v: %v", first, second, err)
		}
		_ = first.usable()
		_ = first.ExpiresSoon(time.Hour)
		newCachedToken(&oauth2.Token{Expiry: first.Expiry})
	})
}

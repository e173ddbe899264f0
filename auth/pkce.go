package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// PKCE is the flow of an app that cannot keep a secret, such as one that runs on its users' machines: instead of a secret it shows that it is the
// one that began the login, with method S256, always.
//
// https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow, RFC 7636.
type PKCE struct{ *Login }

// NewPKCE returns the flow of the client of c, which needs ClientID and RedirectURL; a ClientSecret is not used. Nothing is sent, and the store not read,
// before there is a need. Errors match ErrInvalidArgument, and ErrCredentials where the id is missing.
func NewPKCE(c Config) (*PKCE, error) {
	l, err := newLogin(c, true)
	if err != nil {
		return nil, err
	}
	return &PKCE{l}, nil
}

// verifier is a login's secret, 256 bits that only who has the key can tell. As it follows from the state there is nothing to keep between the login's
// beginning and its end, and nothing of it leaves the program before that.
func (l *Login) verifier(state string) string {
	return base64.RawURLEncoding.EncodeToString(l.mac("verifier", state))
}

// mac is a keyed hash for one purpose.
func (l *Login) mac(purpose, text string) []byte {
	h := hmac.New(sha256.New, l.config.CookieKey)
	h.Write([]byte(purpose + "\x00" + text))
	return h.Sum(nil)
}

func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}

// NewState returns a state for one login: 256 random bits, fit for a URL.
func NewState() string { return base64.RawURLEncoding.EncodeToString(newKey()) }

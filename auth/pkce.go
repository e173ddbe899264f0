package auth

import "encoding/base64"

// PKCE is the flow of an app that cannot keep a client secret, such as a program on its users'
// machines. A code verifier, always with method S256, takes the place of the secret.
//
// https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow, RFC 7636.
type PKCE struct{ *Login }

// NewPKCE returns the flow for the app in c, which needs ClientID and RedirectURL; ClientSecret is
// ignored. It sends no request and does not read the store.
//
// Errors match ErrInvalidArgument, and ErrCredentials too if the id is missing or malformed.
func NewPKCE(c Config) (*PKCE, error) {
	l, err := newLogin(c, true)
	if err != nil {
		return nil, err
	}
	return &PKCE{l}, nil
}

// verifier returns the code verifier of a login: 256 bits, an HMAC of the state under
// Config.CookieKey. It is computed again for the exchange, so that nothing has to be stored between
// the start and the end of a login.
func (l *Login) verifier(state string) string {
	return base64.RawURLEncoding.EncodeToString(l.mac("verifier", state))
}

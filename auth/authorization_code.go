package auth

// AuthorizationCode is the flow of a web app: the user logs in, and the app exchanges the
// authorization code for tokens with its client secret.
//
// https://developer.spotify.com/documentation/web-api/tutorials/code-flow, RFC 6749 section 4.1.
type AuthorizationCode struct{ *Login }

// NewAuthorizationCode returns the flow for the app in c, which needs ClientID, ClientSecret and
// RedirectURL. It sends no request and does not read the store.
//
// Errors match ErrInvalidArgument, and ErrCredentials too if the id or the secret is missing or
// malformed.
func NewAuthorizationCode(c Config) (*AuthorizationCode, error) {
	l, err := newLogin(c, false)
	if err != nil {
		return nil, err
	}
	return &AuthorizationCode{l}, nil
}

package auth

// AuthorizationCode is the flow of a web app: a user logs in, and the app exchanges the code it gets for tokens with its secret.
//
// https://developer.spotify.com/documentation/web-api/tutorials/code-flow, RFC 6749 section 4.1.
type AuthorizationCode struct{ *Login }

// NewAuthorizationCode returns the flow of the client of c, which needs ClientID, ClientSecret and RedirectURL. Nothing is sent, and the store not
// read, before there is a need. Errors match ErrInvalidArgument, and ErrCredentials where the id or the secret is missing.
func NewAuthorizationCode(c Config) (*AuthorizationCode, error) {
	l, err := newLogin(c, false)
	if err != nil {
		return nil, err
	}
	return &AuthorizationCode{l}, nil
}

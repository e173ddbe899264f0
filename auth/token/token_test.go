package token_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth/token"
	"github.com/seed-2147f1a9/spotify/internal/argument"
)

func TestCheckToken(t *testing.T) {
	for accessToken, valid := range map[string]bool{
		"BQ-._~+/=": true, "!": true, "~": true,
		"": false, " ": false, "a b": false, "a\tb": false, "a\r\nX-Evil: b": false, "é": false, "a\x00": false,
		"\x7f": false,
	} {
		err := token.CheckToken(accessToken)
		if (err == nil) != valid {
			t.Errorf("CheckToken(%q): %v", accessToken, err)
		}
		if err != nil && (!errors.Is(err, token.ErrCredentials) || !errors.Is(err, argument.ErrInvalid)) {
			t.Errorf("CheckToken(%q): %v does not match ErrCredentials and ErrInvalid", accessToken, err)
		}
		if err != nil && strings.Contains(err.Error(), "X-Evil") {
			t.Errorf("CheckToken(%q): the error contains the token: %v", accessToken, err)
		}
	}
}

func TestStatic(t *testing.T) {
	source := token.Static(" \"access-token\"\n")
	first, err := source.Token(t.Context())
	if err != nil || first.AccessToken != "access-token" || first.TokenType != "Bearer" || !first.Expiry.IsZero() {
		t.Errorf("Token: %v, %v", first, err)
	}
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x", source, source, source, source, source, source),
		slog.AnyValue(source).Resolve().String(),
	} {
		if strings.Contains(text, "access-token") || !strings.Contains(text, "[redacted]") {
			t.Errorf("the source prints as %s", text)
		}
	}
	if found, err := token.Static("two words").Token(t.Context()); !errors.Is(err, token.ErrCredentials) ||
		found != nil {
		t.Errorf("Token of a malformed token: %v, %v, want ErrCredentials", found, err)
	}
}

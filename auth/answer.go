package auth

// answer.go reads what the token endpoint answered: a token, one of two shapes of error, or something that is neither.

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/transport"
)

// answerLimit is counted after decompression; a token's answer is under 1 KiB.
const answerLimit = 64 << 10

// answer is RFC 6749's, sections 5.1 and 5.2. Error is a string there; Spotify sends an object where its API gateway answers.
type answer struct {
	AccessToken  string          `json:"access_token"`
	TokenType    string          `json:"token_type"`
	RefreshToken string          `json:"refresh_token"`
	Scope        string          `json:"scope"`
	ExpiresIn    json.RawMessage `json:"expires_in"`
	Error        json.RawMessage `json:"error"`
	Description  string          `json:"error_description"`
}

// readToken returns the token, or an *Error without the secrets. It does not close the body.
func readToken(resp *http.Response, secrets *redact.Secrets) (*oauth2.Token, error) {
	refused := &Error{Status: resp.StatusCode, RetryAfter: transport.RetryAfter(resp.Header)}
	plain, err := transport.Decompress(resp.Header, resp.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the token endpoint's response: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(plain, answerLimit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the token endpoint's answer: %w", err)
	}
	var a answer
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		refused.Description = "a redirect, which is not followed: it would carry the credentials along"
		return nil, refused
	case len(body) == 0:
		refused.Description = "an empty answer"
		return nil, refused
	case len(body) > answerLimit:
		refused.Description = fmt.Sprintf("an answer of more than %d KiB", answerLimit>>10)
		return nil, refused
	case json.Unmarshal(body, &a) != nil:
		refused.Description = "an answer that is not JSON" + contentType(resp.Header)
		return nil, refused
	}
	refused.Code, refused.Description = a.refusal(secrets)
	if resp.StatusCode != http.StatusOK || refused.Code != "" || refused.Description != "" {
		return nil, refused
	}
	if CheckToken(a.AccessToken) != nil {
		refused.Description = "an answer without a usable access token"
		return nil, refused
	}
	token := &oauth2.Token{AccessToken: a.AccessToken, TokenType: a.TokenType, RefreshToken: a.RefreshToken}
	if life := a.lifetime(); life > 0 {
		token.Expiry = wallNow().Add(life)
	}
	return token.WithExtra(map[string]any{"scope": a.Scope}), nil
}

// refusal removes the secrets before it cuts the texts: half of a secret would not be found.
func (a *answer) refusal(secrets *redact.Secrets) (code, description string) {
	var object struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(a.Error, &code) != nil && json.Unmarshal(a.Error, &object) == nil {
		return "", printable(secrets.Remove(object.Message))
	}
	return printable(secrets.Remove(code)), printable(secrets.Remove(a.Description))
}

// lifetime takes what a number can look like (3600, 3.6e3, "3600"); zero if there is none or it makes no sense: such a token is used until the API refuses it.
func (a *answer) lifetime() time.Duration {
	const year = 365 * 24 * 60 * 60
	seconds, err := strconv.ParseFloat(strings.Trim(string(a.ExpiresIn), `"`), 64)
	if err != nil || !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, year) * float64(time.Second))
}

// printable makes a peer's text fit for a log line.
func printable(s string) string { return redact.Text(s, 200) }

func contentType(h http.Header) string {
	if kind, _, err := mime.ParseMediaType(h.Get("Content-Type")); err == nil {
		return " but " + printable(kind)
	}
	return ""
}

// wallNow is the time without its monotonic reading: a token expires by the wall clock, also while the machine sleeps.
func wallNow() time.Time { return time.Now().Round(0) }

package record

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/seed-2147f1a9/spotify/internal/redact"
)

const redacted = "REDACTED" // valid in URLs, forms, headers and JSON

var (
	// Members named "code", "token" or "state" are not secret in the JSON of the Web API.
	secretMembers = regexp.MustCompile(
		`("(?:access_token|refresh_token|id_token|client_secret|code_verifier|password)"\s*:\s*)"((?:[^"\\]|\\.)*)"`,
	)
	emailAddress = regexp.MustCompile(`[\w.%+-]+@[\w-]+(?:\.[\w-]+)+`)
)

// censor collects the secrets it has seen and redacts them wherever they occur again.
type censor struct {
	emails bool

	mu   sync.Mutex
	seen []string
}

// set applies the options that are not nil.
func (c *censor) set(opts []Option) {
	for _, opt := range opts {
		if opt != nil {
			opt.apply(c)
		}
	}
}

// learn remembers a secret of at least 8 characters: a shorter one could occur anywhere.
func (c *censor) learn(secret string) {
	const least = 8
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(secret) >= least && secret != redacted && !slices.Contains(c.seen, secret) {
		c.seen = append(c.seen, secret)
	}
}

// text redacts the collected secrets, also in their URL-escaped form, and email addresses if asked
// to.
func (c *censor) text(s string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, secret := range c.seen {
		s = strings.ReplaceAll(s, secret, redacted)
		s = strings.ReplaceAll(s, url.QueryEscape(secret), redacted)
	}
	if c.emails {
		s = emailAddress.ReplaceAllString(s, redacted+"@example.com")
	}
	return s
}

// header returns a copy without secrets.
func (c *censor) header(h http.Header) http.Header {
	for _, name := range redact.Headers() {
		for _, value := range h[name] {
			c.credentials(value)
		}
	}
	clean := h.Clone()
	for name, values := range clean {
		for i, value := range values {
			switch {
			case redact.IsSecretHeader(name):
				values[i] = redacted
			case name == "Location" || name == "Referer" || name == "Content-Location":
				values[i] = c.url(value)
			default:
				values[i] = c.text(value)
			}
		}
	}
	return clean
}

// credentials learns the secret in an Authorization header or a cookie.
func (c *censor) credentials(value string) {
	scheme, rest, _ := strings.Cut(value, " ")
	if strings.EqualFold(scheme, "Bearer") {
		c.learn(rest)
	}
	if pair, err := base64.StdEncoding.DecodeString(rest); strings.EqualFold(scheme, "Basic") && err == nil {
		_, secret, _ := strings.Cut(string(pair), ":")
		c.learn(secret)
	}
}

// url redacts secret parameters and the user information.
func (c *censor) url(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return c.text(address)
	}
	if u.User != nil {
		u.User = url.User(redacted)
	}
	u.RawQuery = c.form(u.RawQuery)
	return c.text(u.String())
}

// form redacts secret fields and keeps the order.
func (c *censor) form(encoded string) string {
	if encoded == "" {
		return ""
	}
	fields := strings.Split(encoded, "&")
	for i, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		if plain, err := url.QueryUnescape(name); err == nil && plain != "state" && redact.IsSecretName(plain) {
			if secret, err := url.QueryUnescape(value); err == nil {
				c.learn(secret)
			}
			fields[i] = name + "=" + redacted
		}
	}
	return strings.Join(fields, "&")
}

// body redacts the secret fields of a form or the secret members of JSON.
func (c *censor) body(data []byte, contentType string) []byte {
	if len(data) == 0 {
		return nil
	}
	s := string(data)
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		return []byte(c.text(c.form(s)))
	}
	for _, found := range secretMembers.FindAllStringSubmatch(s, -1) {
		c.learn(found[2])
	}
	return []byte(c.text(secretMembers.ReplaceAllString(s, `${1}"`+redacted+`"`)))
}

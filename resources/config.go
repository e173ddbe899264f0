package resources

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/transport"
)

// DefaultBaseURL is the base URL of Spotify's Web API.
const DefaultBaseURL = "https://api.spotify.com/v1"

const (
	// defaultMaxBody is Config.MaxBody if zero.
	defaultMaxBody = 8 << 20
	// defaultWindow is Config.Window if zero.
	defaultWindow = 8
	// defaultConcurrency is Config.Concurrency if zero.
	defaultConcurrency = 64
)

// Config configures the services. The zero value is ready to use.
type Config struct {
	// BaseURL is the prefix of every path, DefaultBaseURL if empty. Its scheme is https, or http
	// for a loopback address.
	BaseURL string
	// Market is sent with every call that takes a market and is given none: an ISO 3166-1 alpha-2
	// code or "from_token". If empty, those calls send no market.
	Market string
	// Language is the Accept-Language header of every request (RFC 9110 section 12.5.4): names are
	// returned in this language where Spotify has them. If empty, no header is sent.
	Language string
	// UserAgent is the User-Agent header of every request. If empty, it names this library.
	UserAgent string
	// UserAgentSuffix is added to UserAgent after a space, to name the program: "party-wall/1.4".
	UserAgentSuffix string
	// ExtendedQuota says that the app has extended quota
	// (https://developer.spotify.com/documentation/web-api/concepts/quota-modes): GetMany uses the
	// batch operations, and iterators use the largest pages. If Spotify refuses one of them, the
	// services use single requests and smaller pages from then on.
	ExtendedQuota bool
	// MaxBody is the largest response body that is read, in bytes after decompression; 8 MiB if
	// zero. A negative value is an error.
	MaxBody int64
	// Window is the largest number of pages that an iterator keeps in flight, 8 if zero. A negative
	// value is an error.
	Window int
	// Concurrency is the largest number of requests that GetMany keeps in flight, 64 if zero. A
	// negative value is an error. A limiter in the pipeline may allow fewer.
	Concurrency int
}

// WithDefaults returns the configuration with its zero fields set to their defaults. It returns an
// *ArgumentError that names the first invalid field.
func (c Config) WithDefaults() (Config, error) {
	c, _, err := c.checked()
	return c, err
}

// checked is WithDefaults, and returns the parsed base URL as well.
func (c Config) checked() (Config, *url.URL, error) {
	c.BaseURL = strings.TrimSuffix(cmp.Or(argument.Pasted(c.BaseURL), DefaultBaseURL), "/")
	c.Market = argument.Pasted(c.Market)
	c.UserAgent = cmp.Or(c.UserAgent, "spotify-go (+https://github.com/seed-2147f1a9/spotify)")
	suffix := c.UserAgentSuffix
	if suffix != "" {
		c.UserAgent, c.UserAgentSuffix = c.UserAgent+" "+suffix, ""
	}
	c.MaxBody = cmp.Or(c.MaxBody, defaultMaxBody)
	c.Window = cmp.Or(c.Window, defaultWindow)
	c.Concurrency = cmp.Or(c.Concurrency, defaultConcurrency)
	base, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || base.Hostname() == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" ||
		strings.ContainsAny(c.BaseURL, "{}"):
		return c, nil, argument.Errorf("BaseURL", withoutUser(c.BaseURL),
			"an address such as %s, without user, query and fragment", DefaultBaseURL)
	case base.Scheme != "https" && (base.Scheme != "http" || !transport.IsLoopback(base)):
		return c, nil, argument.Errorf("BaseURL", c.BaseURL, "https, or http on a loopback address")
	case c.MaxBody < 0:
		return c, nil, argument.Errorf("MaxBody", c.MaxBody, "1 or more bytes, or 0 for 8 MiB")
	case c.Window < 0:
		return c, nil, argument.Errorf("Window", c.Window, "1 or more pages, or 0 for %d", defaultWindow)
	case c.Concurrency < 0:
		return c, nil, argument.Errorf("Concurrency", c.Concurrency,
			"1 or more requests, or 0 for %d", defaultConcurrency)
	}
	for _, header := range []struct{ name, value string }{
		{"Language", c.Language}, {"UserAgentSuffix", suffix}, {"UserAgent", c.UserAgent},
	} {
		if strings.ContainsFunc(header.value, isControl) {
			return c, nil, argument.Errorf(header.name, header.value, "text without control characters")
		}
	}
	return c, base, checkMarket(c.Market)
}

// withoutUser hides the user and password of an address.
func withoutUser(raw string) string {
	if before, after, ok := strings.Cut(raw, "@"); ok && strings.Contains(before, "//") {
		return before[:strings.Index(before, "//")+2] + "[redacted]@" + after
	}
	return raw
}

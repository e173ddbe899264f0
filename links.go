package spotify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/redact"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// shortHosts are the hosts of short links. open.spotify.com has them below /s/.
var shortHosts = []string{"spotify.link", "spotify.app.link"}

// mostHops is the number of requests for one short link at most: spotify.link may redirect to
// spotify.app.link, which leads to the item.
const mostHops = 3

// ResolveLink returns the URI of the item that a link leads to, such as "spotify:track:…", which
// every method takes as an id. Short links, which Spotify's mobile apps make (spotify.link,
// spotify.app.link, open.spotify.com/s/), take a GET request without a token, and up to 3 if they
// redirect to each other; no other address is requested. A URI, or a link that has the id in it, is
// converted without a request. WithTimeout bounds each request. Any other text is an
// *ArgumentError.
func (c *Client) ResolveLink(ctx context.Context, link string) (string, error) {
	if kind, id, err := resources.ParseURI(link); err == nil {
		return resources.URI(kind, id), nil
	}
	address := shortLink(argument.Pasted(link))
	if address == nil {
		return "", fmt.Errorf("spotify: ResolveLink: %w", argument.Errorf("link", link,
			"a Spotify URI, an open.spotify.com link or a spotify.link short link"))
	}
	for range mostHops {
		target, err := c.hop(ctx, address)
		if err != nil {
			return "", fmt.Errorf("spotify: ResolveLink: %s: %w", address.Host, err)
		}
		if kind, id, err := resources.ParseURI(target); err == nil {
			return resources.URI(kind, id), nil
		}
		if address = shortLink(target); address == nil {
			return "", fmt.Errorf("spotify: ResolveLink: the short link leads to %q: want an open.spotify.com link",
				redact.Text(target, 200))
		}
	}
	return "", fmt.Errorf("spotify: ResolveLink: more than %d redirects", mostHops)
}

// shortLink returns the address of a short link, with https, and nil for any other text.
func shortLink(link string) *url.URL {
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Port() != "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	host, path := strings.ToLower(u.Host), strings.Trim(u.Path, "/")
	if slices.Contains(shortHosts, host) && path != "" ||
		host == "open.spotify.com" && strings.HasPrefix(path, "s/") {
		u.Scheme, u.Host = "https", host
		return u
	}
	return nil
}

// pageLink finds the address that a page of spotify.app.link opens, which has no HTTP redirect for
// some programs.
var pageLink = regexp.MustCompile(`https://open\.spotify\.com/[A-Za-z0-9/_-]+`)

// hop returns the address that a short link leads to.
func (c *Client) hop(ctx context.Context, address *url.URL) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return "", err
	}
	resp, err := c.chain.RoundTrip(req) // Gate sends it past the pipeline, without a token
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		transport.Drain(resp)
		if location, err := resp.Location(); err == nil && resp.StatusCode < 400 {
			return location.String(), nil
		}
		return "", fmt.Errorf("%d %s: want a redirect", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	page, err := io.ReadAll(io.LimitReader(resp.Body, 256<<10))
	if err != nil {
		return "", err
	}
	for _, found := range pageLink.FindAllString(string(page), -1) {
		if _, _, err := resources.ParseURI(found); err == nil {
			return found, nil
		}
	}
	return "", errors.New("a page without an open.spotify.com link: want a redirect")
}

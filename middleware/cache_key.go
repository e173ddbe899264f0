package middleware

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/transport"
)

// cacheKey is the URL and the user of a request. The user is kept as a digest, so that no token or
// cookie is stored in clear.
type cacheKey struct {
	url      string
	identity [sha256.Size]byte
}

func keyOf(req *http.Request, identity func(*http.Request) string) cacheKey {
	var key cacheKey
	if req.URL != nil {
		u := *req.URL
		u.User, u.Fragment, u.RawFragment = nil, "", ""
		key.url = u.String()
	}
	user := ""
	if identity != nil {
		user = identity(req)
	}
	token := transport.CallFrom(req.Context()).Token
	authorization, cookies := req.Header["Authorization"], req.Header["Cookie"]
	if user == "" && token == "" && authorization == nil && cookies == nil { // the client's one user
		return key
	}
	h := sha256.New()
	digest(h, user)
	digest(h, string(token))
	digest(h, authorization...)
	digest(h, cookies...)
	h.Sum(key.identity[:0])
	return key
}

// digest adds a list of strings to h. It adds all lengths too, so that different sequences of lists
// have different digests.
func digest(h hash.Hash, values ...string) {
	data := binary.AppendUvarint(nil, uint64(len(values)))
	for _, v := range values {
		data = binary.AppendUvarint(data, uint64(len(v)))
		data = append(data, v...)
	}
	_, _ = h.Write(data)
}

// isCacheable reports whether Cache may serve a request: a GET without a body, and without a header
// by which the caller does its own caching.
func isCacheable(req *http.Request) bool {
	if req.Method != "" && req.Method != http.MethodGet {
		return false
	}
	if req.Body != nil && req.Body != http.NoBody {
		return false
	}
	if req.URL == nil || req.URL.User != nil || req.Host != "" && req.Host != req.URL.Host {
		return false
	}
	for name := range req.Header {
		switch canonical := textproto.CanonicalMIMEHeaderKey(name); canonical {
		case "Cache-Control", "Pragma", "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since",
			"If-Unmodified-Since":
			return false
		case "Authorization", "Cookie":
			if name != canonical {
				return false // keyOf looks for the canonical spelling only
			}
		}
	}
	return true
}

// varyNames returns the request headers that a response depends on (RFC 9110 section 12.5.5),
// sorted, or false for Vary: *.
func varyNames(resp http.Header) (names []string, ok bool) {
	for _, line := range resp.Values("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			switch name = textproto.TrimString(name); name {
			case "":
			case "*":
				return nil, false
			default:
				names = append(names, textproto.CanonicalMIMEHeaderKey(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), true
}

// digestHeaders returns a digest of the named headers of a request, some of which may be secret.
func digestHeaders(req http.Header, names []string) [sha256.Size]byte {
	if len(names) == 0 {
		return [sha256.Size]byte{}
	}
	h := sha256.New()
	digest(h, names...)
	for _, name := range names {
		var values []string
		for _, v := range req[name] {
			values = append(values, textproto.TrimString(v))
		}
		digest(h, values...)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

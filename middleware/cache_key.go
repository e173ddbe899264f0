package middleware

// cachekey.go says which requests the cache may answer, and with whose answers: those of one user never reach another.

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

// cacheKey is where answers are kept. The identity is a digest: no token or cookie is stored in clear.
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
	named := ""
	if identity != nil {
		named = identity(req)
	}
	token := transport.CallFrom(req.Context()).Token
	authorization, cookies := req.Header["Authorization"], req.Header["Cookie"]
	if named == "" && token == "" && authorization == nil && cookies == nil { // the one user of the client
		return key
	}
	h := sha256.New()
	digest(h, named)
	digest(h, string(token))
	digest(h, authorization...)
	digest(h, cookies...)
	h.Sum(key.identity[:0])
	return key
}

// digest adds a list so that no two lists of lists look the same.
func digest(h hash.Hash, values ...string) {
	number := binary.AppendUvarint(nil, uint64(len(values)))
	for _, v := range values {
		number = binary.AppendUvarint(number, uint64(len(v)))
		number = append(number, v...)
	}
	_, _ = h.Write(number)
}

func isSafe(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

// cacheable reports whether a request is one that Cache looks at, and not one whose sender sees to caching itself.
func cacheable(req *http.Request) bool {
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
		switch usual := textproto.CanonicalMIMEHeaderKey(name); usual {
		case "Cache-Control", "Pragma", "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since":
			return false
		case "Authorization", "Cookie":
			if name != usual {
				return false // oddly written, so that keyOf would not see it
			}
		}
	}
	return true
}

// varied returns the request headers that an answer depends on (RFC 9110 section 12.5.5), sorted, or false for one that depends on more than that.
func varied(resp http.Header) (names []string, ok bool) {
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

// variant is a digest of a request's values of the headers that an answer depends on: some of them are secret.
func variant(req http.Header, names []string) [sha256.Size]byte {
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

package transport

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// naming is a middleware that notes when a request passes it on its way out and back.
func naming(name string, trail *[]string) Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			*trail = append(*trail, name+" out")
			defer func() { *trail = append(*trail, name+" back") }()
			return next.RoundTrip(req)
		})
	}
}

func TestChain(t *testing.T) {
	var trail []string
	a, b := naming("a", &trail), naming("b", &trail)
	for name, c := range map[string]struct {
		middlewares []Middleware
		want        string
	}{
		"the first is outermost": {[]Middleware{a, b}, "a out, b out, base, b back, a back"},
		"nil is left out":        {[]Middleware{nil, a, nil, b, nil}, "a out, b out, base, b back, a back"},
		"one twice":              {[]Middleware{a, a}, "a out, a out, base, a back, a back"},
		"none":                   {nil, "base"},
	} {
		t.Run(name, func(t *testing.T) {
			trail = nil
			failed := errors.New("the base's own")
			chain := Chain(RoundTripperFunc(func(*http.Request) (*http.Response, error) {
				trail = append(trail, "base")
				return nil, failed
			}), c.middlewares...)
			if _, err := chain.RoundTrip(httptest.NewRequest(http.MethodGet, "/", nil)); err != failed {
				t.Errorf("got %v", err)
			}
			if got := strings.Join(trail, ", "); got != c.want {
				t.Errorf("went %s, want %s", got, c.want)
			}
		})
	}
}

func TestChainWithoutABase(t *testing.T) {
	base, ok := Chain(nil).(*http.Transport)
	if !ok || base.TLSClientConfig == nil || base == http.DefaultTransport {
		t.Errorf("got %T, want one of NewBase", base)
	}
}

package transport

import (
	"errors"
	"net/http"
	"testing"
)

func TestCheckRedirect(t *testing.T) {
	for name, c := range map[string]struct {
		first string
		n     int
		last  bool // the 3xx is the response
		fails bool
	}{
		"none":         {"GET", 0, false, false},
		"GET":          {"GET", 1, false, false},
		"HEAD":         {"HEAD", 9, false, false},
		"no method":    {"", 1, false, false},
		"a loop":       {"GET", 10, false, true},
		"PUT":          {"PUT", 1, true, false},
		"POST":         {"POST", 1, true, false},
		"a later POST": {"DELETE", 3, true, false},
	} {
		via := make([]*http.Request, c.n)
		for i := range via {
			via[i] = &http.Request{Method: http.MethodGet}
		}
		if c.n > 0 {
			via[0].Method = c.first
		}
		err := CheckRedirect(&http.Request{Method: http.MethodGet}, via)
		if last := errors.Is(err, http.ErrUseLastResponse); last != c.last || !last && (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package auth_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
)

const goodState = "0123456789abcdefghijklmnopqrstuvwxyz"

func TestParseCallback(t *testing.T) {
	l := open(t, "code", online(t, noConfig).config())
	for name, c := range map[string]struct {
		query string
		is    error
		code  string // of the CallbackError
		want  string // in its text
	}{
		"as it should be":  {query: "code=abc&state=" + goodState},
		"in another order": {query: "state=" + goodState + "&code=abc&extra=1"},
		"no state":         {query: "code=abc", is: auth.ErrState, want: "state is missing"},
		"empty state":      {query: "code=abc&state=", is: auth.ErrState, want: "belongs to another login"},
		"another state": {
			query: "code=abc&state=" + strings.ToUpper(goodState), is: auth.ErrState, want: "belongs to another login",
		},
		"truncated state": {query: "code=abc&state=" + goodState[:35], is: auth.ErrState, want: "belongs to another login"},
		"no code":         {query: "state=" + goodState, want: "neither a code nor an error"},
		"empty code":      {query: "code=&state=" + goodState, want: "neither a code nor an error"},
		"two codes":       {query: "code=abc&code=abd&state=" + goodState, want: "parameter code more than once"},
		"two states": {
			query: "code=abc&state=" + goodState + "&state=" + goodState, want: "parameter state more than once",
		},
		"two errors":      {query: "error=a&error=b&state=" + goodState, want: "parameter error more than once"},
		"malformed query": {query: "code=%zz&state=" + goodState, want: "malformed"},
		"declined": {
			query: "error=access_denied&state=" + goodState, is: auth.ErrDenied, code: "access_denied", want: "declined",
		},
		"declined, forged": {query: "error=access_denied", is: auth.ErrState, want: "belongs to another login"},
		"wrong scope":      {query: "error=invalid_scope&state=" + goodState, code: "invalid_scope", want: "check ClientID"},
		"error and code": {
			query: "error=server_error&code=abc&state=" + goodState, code: "server_error", want: "server_error",
		},
		"a script": {
			query: "error=%3Cscript%3Ealert(1)%3C/script%3E&state=" + goodState, code: "an unknown error", want: "unknown error",
		},
	} {
		for _, base := range []string{redirectURL, "/callback", "https://other.example/x"} {
			code, err := l.ParseCallback(base+"?"+c.query, goodState)
			if c.want == "" {
				if err != nil || code == (auth.Code{}) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			failed, ok := errors.AsType[*auth.CallbackError](err)
			if !ok || failed.Code != c.code || !strings.Contains(err.Error(), c.want) || code != (auth.Code{}) {
				t.Errorf("%s: got %v, want ...%s...", name, err, c.want)
			}
			for _, sentinel := range []error{auth.ErrState, auth.ErrDenied} {
				if errors.Is(err, sentinel) != (sentinel == c.is) {
					t.Errorf("%s: errors.Is(%v, %v) is %v", name, err, sentinel, sentinel != c.is)
				}
			}
			if strings.ContainsAny(err.Error(), "<>\n") {
				t.Errorf("%s: the error reflects the callback: %v", name, err)
			}
		}
	}
	for what, err := range map[string]error{
		"not a URL":         second(l.ParseCallback("http://a b/%", goodState)),
		"no state to match": second(l.ParseCallback("/?code=abc&state=", "")),
		"a guessable state": second(l.ParseCallback("/?code=abc&state=1", "1")),
	} {
		if !errors.Is(err, auth.ErrInvalidArgument) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Every callback is parsed or refused, and only the state of the login is accepted.
func FuzzParseCallback(f *testing.F) {
	l := open(f, "code", online(f, noConfig).config())
	f.Add("/?code=abc&state=" + goodState)
	f.Add("/?error=access_denied&state=" + goodState + "&state=x")
	f.Add("//evil?%63ode=a;state=b#code=1")
	f.Fuzz(func(t *testing.T, callback string) {
		code, err := l.ParseCallback(callback, goodState)
		if (err == nil) == (code == auth.Code{}) {
			t.Fatalf("%v and %v", code, err)
		}
		if u, parsed := url.Parse(callback); err == nil && (parsed != nil || u.Query().Get("state") != goodState) {
			t.Fatalf("accepted %q", callback)
		}
	})
}

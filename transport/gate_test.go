package transport

import (
	"net/http"
	"net/url"
	"testing"
)

func parse(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestGate(t *testing.T) {
	const home, outside = "home", "outside"
	base := parse(t, "https://api.example.com/v1")
	var went string
	to := func(where string) http.RoundTripper {
		return RoundTripperFunc(func(*http.Request) (*http.Response, error) { went = where; return nil, ErrNotReplayable })
	}
	gate := Gate(base, to(outside))(to(home))
	base.Host = "evil.example" // the gate has its own copy
	for raw, want := range map[string]string{
		"https://api.example.com/v1/albums":     home,
		"https://api.example.com:443/elsewhere": home,
		"HTTPS://API.example.COM/v1":            home,
		"https://evil.example/v1":               outside,
		"http://api.example.com/v1":             outside,
		"https://api.example.com:8443/v1":       outside,
		"https://api.example.com@evil.example/": outside,
		"//api.example.com/v1":                  outside,
		"/v1/albums":                            outside,
	} {
		went = ""
		_, _ = gate.RoundTrip(&http.Request{URL: parse(t, raw)})
		if went != want {
			t.Errorf("%s went %q, want %q", raw, went, want)
		}
	}
	if _, _ = gate.RoundTrip(&http.Request{}); went != outside {
		t.Error("a request without a URL went home")
	}
}

func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"https://api.example.com/v1", "https://api.example.com/v2?x=y#z", true},
		{"https://api.example.com", "https://api.example.com:443", true},
		{"http://127.0.0.1", "http://127.0.0.1:80/x", true},
		{"https://api.example.com", "HTTPS://Api.Example.Com", true},
		{"http://[::1]:8080", "http://[::1]:8080/x", true},
		{"https://api.example.com:", "https://api.example.com", true}, // an empty port is the default one
		{"https://api.example.com", "http://api.example.com", false},
		{"https://api.example.com", "http://api.example.com:443", false},
		{"https://api.example.com", "https://api.example.com:444", false},
		{"https://api.example.com", "https://x.api.example.com", false},
		{"https://api.example.com", "https://example.com", false},
		{"https://api.example.com", "https://api.example.com.evil.example", false},
		// the same host to DNS, another one to TLS and cookies
		{"https://api.example.com", "https://api.example.com.", false},
		{"https://api.example.com", "https://api-example.com", false},
		{"https://api.example.com", "https://api.example.com@evil.example", false},
		{"https://api.example.com", "https://evil.example@api.example.com", false},
		{"https://api.example.com", "https://api.example.com%2eevil.example", false},
		{"https://api.example.com", "https://аpi.example.com", false}, // a Cyrillic а
		{"https://api.example.com", "//api.example.com", false},
		{"https://api.example.com", "https:///v1", false},
		{"https:///v1", "https:///v1", false},
		{"https:", "https:", false},
		{"", "", false},
		{"http://127.0.0.1", "http://127.1", false},
		{"http://127.0.0.1:8080", "http://localhost:8080", false},
		{"http://[::1]", "http://[::1%25eth0]", false},
	} {
		a, err := url.Parse(c.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := url.Parse(c.b)
		if err != nil {
			continue // what is no URL is never sent
		}
		if SameOrigin(a, b) != c.same || SameOrigin(b, a) != c.same {
			t.Errorf("%q and %q: the same origin is %v", c.a, c.b, !c.same)
		}
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost:8080": true, "127.0.0.1": true, "127.0.0.1:99": true, "127.255.3.4": true,
		"[::1]": true, "[::1]:8080": true,
		"127.0.0.1.evil.example": false, "127.evil.example": false, "localhost.evil.example": false,
		"localhost.": false, "evil-localhost": false,
		"128.0.0.1": false, "0.0.0.0": false, "[::]": false, "127.0.1": false, "127.1": false,
		"127.0.0.0001": false, "127.0.0.": false, "127.0.0.1.1": false,
		"127.0.0.x": false, "127.300.0.1": false, "127.0.0.01": false, "10.0.0.1": false,
		"[::ffff:10.0.0.1]": false, "[fe80::1]": false, "": false, "127.0.0.1@evil.example": false,
		"2130706433": false,
	} {
		if got := IsLoopback(parse(t, "http://"+host+"/")); got != want {
			t.Errorf("%s: %v, want %v", host, got, want)
		}
	}
}

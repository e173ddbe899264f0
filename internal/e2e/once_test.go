package e2e_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
)

// countedBody counts the bytes that are read.
type countedBody struct {
	io.Reader
	bytes, ends, closes atomic.Int32
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.bytes.Add(int32(n))
	if err == io.EOF {
		b.ends.Add(1)
	}
	return n, err
}

func (b *countedBody) Close() error {
	b.closes.Add(1)
	return nil
}

// TestOne429IsReadOnce: the body of a 429 is read once for the limiter, Refresh, Retry, Stats and
// the error.
func TestOne429IsReadOnce(t *testing.T) {
	const body = `{"error":{"status":429,"message":"API rate limit exceeded"}}`
	synctest.Test(t, func(t *testing.T) {
		counted := &countedBody{Reader: strings.NewReader(body)}
		base := responding(response{status: 429, stream: counted, header: []string{"Retry-After", "7200"}})
		var captured spotify.Captured
		ctx := spotify.WithCall(t.Context(), spotify.Capture(&captured))
		_, err := over(t, base).Albums.Get(ctx, albumID, nil)
		var e *spotify.Error
		if !errors.As(err, &e) || e.RetryAfter.Hours() != 2 || e.Message != "API rate limit exceeded" ||
			string(captured.Body) != body {
			t.Errorf("got %v, captured %s", err, captured.Body)
		}
		if counted.bytes.Load() != int32(len(body)) || counted.ends.Load() != 1 || base.count() != 1 ||
			counted.closes.Load() == 0 {
			t.Errorf("%d of %d bytes were read, to the end %d times", counted.bytes.Load(), len(body), counted.ends.Load())
		}
		// HTTPClient returns the same body.
		counted = &countedBody{Reader: strings.NewReader(body)}
		status, got, err := send(
			t,
			over(t, responding(response{status: 429, stream: counted, header: []string{"Retry-After", "7200"}})),
			"GET",
			"/me",
			"",
		)
		if status != 429 || got != body || err != nil || counted.bytes.Load() != int32(len(body)) {
			t.Errorf("HTTPClient: %d, %q, %v, %d bytes were read", status, got, err, counted.bytes.Load())
		}
	})
}

// TestRetryAfterIsParsedInOnePlace: one function parses Retry-After, and the pipeline calls it
// once. The token endpoint, which is outside the pipeline, and a pipeline without Classify call the
// same function.
func TestRetryAfterIsParsedInOnePlace(t *testing.T) {
	const root = "../.."
	calls := map[string]int{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if n := strings.Count(
			string(source),
			"RetryAfter(resp.Header)",
		) + strings.Count(string(source), `Get("Retry-After")`); n > 0 {
			calls[filepath.ToSlash(path[len(root)+1:])] = n
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"transport/retryafter.go": 1,
		"middleware/classify.go":  1,
		"errors.go":               1,
		"auth/token_endpoint.go":  1,
	}
	for path, n := range calls {
		if !strings.Contains(path, "examples/") && !strings.HasPrefix(path, "bench/") && want[path] != n {
			t.Errorf("%s reads Retry-After in %d places, want %d", path, n, want[path])
		}
	}
}

// TestChainWithoutClassify: a pipeline without Classify gets the same classification.
func TestChainWithoutClassify(t *testing.T) {
	resp, err := responding(
		response{status: 429, body: `{"error":{"status":429,"message":"slow down"}}`, header: []string{"Retry-After", "3"}},
	).
		RoundTrip(&http.Request{URL: mustParse(t, "https://api.spotify.com/v1/me")})
	if err != nil {
		t.Fatal(err)
	}
	var e *spotify.Error
	if !errors.As(spotify.DecodeError(resp), &e) || e.RetryAfter.Seconds() != 3 || e.Message != "slow down" {
		t.Errorf("got %+v", e)
	}
	if call := spotify.Describe(
		&http.Request{Method: "PUT", URL: mustParse(t, "https://gateway.example/spotify/v1/me/player/pause")},
	); call == nil ||
		call.Route != "/me/player/pause" ||
		call.Returns {
		t.Errorf("described as %+v", call)
	}
	if call := spotify.Describe(
		&http.Request{Method: "PUT", URL: mustParse(t, "https://gateway.example/other")},
	); call != nil {
		t.Errorf("described as %+v", call)
	}
	if class := spotify.Classify(
		&http.Response{StatusCode: 429},
		[]byte(`{"error":{"status":429,"reason":"QUOTA_EXCEEDED"}}`),
	); !class.Exhausted ||
		class.Status != 429 {
		t.Errorf("classified as %+v", class)
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

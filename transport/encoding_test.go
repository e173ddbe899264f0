package transport

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func gzipped(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.Bytes()
}

// Content-Encoding is a list (RFC 9110 section 8.4), which may come in several lines.
func TestFaultsContentEncodings(t *testing.T) {
	once := gzipped("text")
	for name, c := range map[string]struct {
		lines []string
		body  []byte
		want  string // of the body, or of the error
	}{
		"none":               {nil, []byte("text"), "text"},
		"identity":           {[]string{"identity"}, []byte("text"), "text"},
		"gzip":               {[]string{"gzip"}, once, "text"},
		"GZIP":               {[]string{" GZIP "}, once, "text"},
		"x-gzip":             {[]string{"x-gzip"}, once, "text"},
		"with identity":      {[]string{"identity, gzip"}, once, "text"},
		"in lines":           {[]string{"identity", "gzip"}, once, "text"},
		"twice":              {[]string{"gzip, gzip"}, gzipped(string(once)), `unsupported Content-Encoding "gzip, gzip"`},
		"twice, in lines":    {[]string{"gzip", "gzip"}, gzipped(string(once)), `unsupported Content-Encoding "gzip, gzip"`},
		"brotli, after gzip": {[]string{"gzip", "br"}, []byte("?"), `unsupported Content-Encoding "gzip, br"`},
		"an empty line":      {[]string{"", "gzip"}, once, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{"Content-Encoding": c.lines}
			r, err := Decompress(h, bytes.NewReader(c.body))
			if err != nil {
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %s", err, c.want)
				}
				return
			}
			if got, err := io.ReadAll(r); err != nil || string(got) != c.want {
				t.Errorf("got %q, %v, want %s", got, err, c.want)
			}
		})
	}
}

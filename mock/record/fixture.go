package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"
)

// fixture is one recorded request with its response: a JSON file that people can read, compare and
// change.
type fixture struct {
	Request  fixedRequest  `json:"request"`
	Response fixedResponse `json:"response"`

	file string
}

type fixedRequest struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header,omitempty"`
	fixedBody
}

type fixedResponse struct {
	Status int         `json:"status"`
	Header http.Header `json:"header,omitempty"`
	fixedBody
}

// fixedBody holds a body in the most readable lossless form. At most one field is set.
type fixedBody struct {
	JSON   json.RawMessage `json:"json,omitempty"`
	Text   string          `json:"text,omitempty"`
	Base64 []byte          `json:"base64,omitempty"`
}

func newFixedBody(data []byte) fixedBody {
	switch {
	case len(data) == 0:
		return fixedBody{}
	case json.Valid(data):
		return fixedBody{JSON: data}
	case utf8.Valid(data):
		return fixedBody{Text: string(data)}
	}
	return fixedBody{Base64: data}
}

func (b *fixedBody) bytes() []byte {
	if len(b.JSON) > 0 {
		var compact bytes.Buffer
		if json.Compact(&compact, b.JSON) == nil {
			return compact.Bytes()
		}
	}
	if b.Text != "" {
		return []byte(b.Text)
	}
	return b.Base64
}

// key returns the text that equal requests share: method, URL with a sorted query, and body in a
// canonical form.
func (r *fixedRequest) key() string {
	address := r.URL
	if u, err := url.Parse(r.URL); err == nil {
		u.RawQuery = u.Query().Encode()
		address = u.String()
	}
	body := r.bytes()
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var tree any
	switch {
	case kind == "application/x-www-form-urlencoded":
		if form, err := url.ParseQuery(string(body)); err == nil {
			body = []byte(form.Encode())
		}
	case json.Unmarshal(body, &tree) == nil:
		body, _ = json.Marshal(tree) // what was decoded can be encoded
	}
	return r.Method + " " + address + "\n" + string(body)
}

func (r *fixedRequest) String() string { return r.Method + " " + r.URL }

var unfit = regexp.MustCompile(`[^A-Za-z0-9._]+`)

// save writes the nth fixture.
func (f *fixture) save(dir string, n int) error {
	name := ""
	if u, err := url.Parse(f.Request.URL); err == nil {
		name = strings.Trim(unfit.ReplaceAllString(strings.TrimPrefix(u.Path, route.BasePath), "-"), "-")
	}
	if len(name) > 60 {
		name = name[:60]
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(f); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d-%s-%s.json", n, f.Request.Method, name)), buf.Bytes(), 0o644)
}

// load reads the fixtures of a directory in order.
func load(dir string) ([]*fixture, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json")) // sorted
	if err != nil {
		return nil, err
	}
	var list []*fixture
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f := &fixture{file: filepath.Base(name)}
		if err := json.Unmarshal(data, f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if f.Request.Method == "" || f.Request.URL == "" || f.Response.Status < 100 || f.Response.Status > 599 {
			return nil, fmt.Errorf(
				"%s: a fixture has a request with a method and a URL, and a response with a status from 100 to 599",
				name,
			)
		}
		list = append(list, f)
	}
	return list, nil
}

// refill returns a copy of a request whose body is data.
func refill(req *http.Request, data []byte) *http.Request {
	again := req.WithContext(req.Context())
	if req.Body != nil && req.Body != http.NoBody {
		again.Body = io.NopCloser(bytes.NewReader(data))
	}
	return again
}

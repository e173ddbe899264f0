package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const source = "../../resources"

// TestFileIsUpToDate generates the file and compares it with resources/unmarshal.go.
func TestFileIsUpToDate(t *testing.T) {
	want, err := generate(source)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(source, generated))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("resources/unmarshal.go is stale: run go generate ./...")
	}
}

func TestScan(t *testing.T) {
	models, err := scan(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"Album", "Image", "Playable", "PrivateUser", "Segment", "SearchResult", "LinkedTrack",
		"Disallows",
	} {
		if m, ok := models[name]; !ok || m.parameters != "" {
			t.Errorf("%s%s is not in the models", name, m.parameters)
		}
	}
	if models["Page"].parameters != "[T]" || models["CursorPage"].parameters != "[T]" {
		t.Errorf("pages are %+v and %+v", models["Page"], models["CursorPage"])
	}
	for _, name := range []string{"CreatePlaylistParams", "Operation", "Config", "StatusError", "Date", "Raw"} {
		if _, ok := models[name]; ok {
			t.Errorf("%s is not a model", name)
		}
	}
	if len(models) < 60 {
		t.Errorf("only %d models", len(models))
	}
	if _, err := scan(t.TempDir()); err == nil {
		t.Error("scanning a directory without source returns no error")
	}
}

// TestMarshalJSONOfEmbeddingModels: a model that embeds another one has a generated MarshalJSON,
// unless it has a handwritten one.
func TestMarshalJSONOfEmbeddingModels(t *testing.T) {
	const one = "type One struct { ID string `json:\"id\"` }\n"
	const two = "type Two struct { One; Name string `json:\"name\"` }\n"
	for name, c := range map[string]struct {
		source string
		writes []string
		err    string
	}{
		"no embedding": {one, nil, ""},
		"embedding":    {one + two, []string{"Two"}, ""},
		"without names": {
			one + "type Two struct { One }\nfunc (t *Two) MarshalJSON() ([]byte, error) { return nil, nil }\n",
			nil, "",
		},
		"of an unknown type": {"type Two struct { other; Name string `json:\"name\"` }\n", nil, ""},
		"twice":              {one + two + "type Three struct { Two; B bool `json:\"b\"` }\n", nil, "Three embeds Two"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("package resources\n"+c.source), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := generate(dir)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %q", name, err, c.err)
			}
			continue
		}
		if err != nil || bytes.Count(text, []byte(") MarshalJSON()")) != len(c.writes) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
		for _, writes := range c.writes {
			if !bytes.Contains(text, []byte("func (v "+writes+") MarshalJSON()")) {
				t.Errorf("%s: %s has no MarshalJSON\n%s", name, writes, text)
			}
		}
	}
}

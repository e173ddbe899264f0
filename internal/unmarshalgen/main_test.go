package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

const source = "../../resources"

// Every model has an UnmarshalJSON, and no other type.
func TestTheFileIsWhatTheSourceSays(t *testing.T) {
	want, err := generate(source)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(source, "unmarshal.go"))
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
	for _, name := range []string{"Album", "Image", "Playable", "PrivateUser", "Segment", "SearchResult", "LinkedTrack", "Disallows"} {
		if parameters, ok := models[name]; !ok || parameters != "" {
			t.Errorf("%s%s is no model", name, parameters)
		}
	}
	if models["Page"] != "[T]" || models["CursorPage"] != "[T]" {
		t.Errorf("pages are %q and %q", models["Page"], models["CursorPage"])
	}
	for _, name := range []string{"CreatePlaylistParams", "Operation", "Config", "StatusError", "Date", "Raw"} {
		if _, ok := models[name]; ok {
			t.Errorf("%s is a model", name)
		}
	}
	if len(models) < 60 {
		t.Errorf("only %d models", len(models))
	}
	if _, err := scan(t.TempDir()); err == nil {
		t.Error("a directory without source has models")
	}
}

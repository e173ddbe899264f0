package main

import (
	"bytes"
	"os"
	"testing"
)

// The whole program, with the fake.
func TestOutput(t *testing.T) {
	t.Setenv("SPOTIFY_CLIENT_ID", "")
	want, err := os.ReadFile("output.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := run(t.Context(), &got, "2024-10-01"); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("got:\n%swant:\n%s", &got, want)
	}
}

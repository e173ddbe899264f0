package main

import (
	"net/http"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// A user logs in, the next run uses the stored login, and -logout removes it.
func TestLogin(t *testing.T) {
	dir := t.TempDir()
	first := exampletest.Start(t, dir, "-show-url")
	resp, err := http.Get(exampletest.Agree(t, first.Until("Log in at ")))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	output, status := first.End()
	if status != 0 {
		t.Fatalf("exit status %d:\n%s", status, output)
	}
	output += exampletest.Run(t, dir) + exampletest.Run(t, dir, "-logout")
	exampletest.Golden(t, output, `http://\S+`) // the login's address is random
}

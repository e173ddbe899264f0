package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

func TestOutput(t *testing.T) { exampletest.Golden(t, exampletest.Run(t, t.TempDir())) }

// The generated client is that of openapi.yaml and of the generator's version in go.mod.
func TestGenerated(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "client.gen.go")
	cmd := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen",
		"-config", "oapi-codegen.yaml", "-o", fresh, "openapi.yaml")
	cmd.Dir = "webapi"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("webapi/client.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("webapi/client.gen.go is stale: run go generate ./othersdks/webapi in examples/apps")
	}
}

//go:build clients

package clients

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// definition is the OpenAPI definition of the Web API, which is not part of the project.
var definition = cmp.Or(os.Getenv("SPOTIFY_OPENAPI"), "../../../shared/spec/openapi.yml")

// generatedClient is the client that oapi-codegen generates from the definition.
func generatedClient() *client {
	c := &client{
		name: "oapi-codegen", version: moduleVersion("github.com/oapi-codegen/oapi-codegen/v2"),
		page: "https://github.com/oapi-codegen/oapi-codegen",
	}
	if _, err := os.Stat(definition); err != nil {
		c.absent = "no OpenAPI definition at " + definition + ": set SPOTIFY_OPENAPI to its path"
	}
	var once sync.Once
	var driver string
	c.run = func(t *testing.T, r *recorder, stories bool) {
		once.Do(func() { driver = buildGenerated(t) })
		if driver == "" {
			t.Fatal("the client was not generated")
		}
		runDriver(t, r, stories, driver)
	}
	return c
}

// buildGenerated generates the client and builds its driver. Nothing is written into the project.
func buildGenerated(t *testing.T) string {
	folder := filepath.Dir(program)
	code := filepath.Join(folder, "client.gen.go")
	run(t, "go", "tool", "oapi-codegen", "-generate", "client,types", "-package", "main", "-o", code, definition)
	here, err := filepath.Abs("oapi")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(here, "client.gen.go"): code},
	})
	if err != nil {
		t.Fatal(err)
	}
	replacements := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(replacements, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	driver := filepath.Join(folder, "oapi")
	run(t, "go", "build", "-tags", "generated", "-overlay", replacements, "-o", driver, "./oapi")
	return driver
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

//go:build clients

package clients

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// nodePackage is a client on node: its package, its page, and the driver in folder node.
func nodePackage(name, page, driver string) *client {
	return &client{
		name: name, version: nodeVersion(name), page: page,
		run: func(t *testing.T, r *recorder, stories bool) {
			runDriver(t, r, stories, "node", "--no-deprecation", filepath.Join("node", driver))
		},
	}
}

// nodeVersion returns the version of a package that is installed.
func nodeVersion(name string) string {
	text, err := os.ReadFile(filepath.Join("node", "node_modules", name, "package.json"))
	var manifest struct{ Version string }
	if err != nil || json.Unmarshal(text, &manifest) != nil {
		return ""
	}
	return manifest.Version
}

// runDriver runs a program that makes a client's calls through the recorder.
func runDriver(t *testing.T, r *recorder, stories bool, name string, args ...string) {
	t.Helper()
	arguments, err := json.Marshal(ids)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(),
		"SPOTIFY_BASE_URL="+r.url+"/v1", "SPOTIFY_ACCOUNTS_URL="+r.url,
		"CLIENTS_CONTROL="+r.url+"/-", "CLIENTS_IDS="+string(arguments))
	if stories {
		cmd.Env = append(cmd.Env, "CLIENTS_STORIES=1")
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	if out.Len() > 0 {
		t.Logf("%s: %s", args, out.String())
	}
	if err != nil {
		t.Fatalf("%s: %v", args, err)
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
)

func testingPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The clients in other languages in docs/testing.md run against the program.
func TestClientsOfTheDocs(t *testing.T) {
	p := start(t)
	blocks := regexp.MustCompile("(?s)```(sh|js|python)\n(.*?)```").FindAllStringSubmatch(testingPage(t), -1)
	ran := 0
	for _, block := range blocks {
		language, code := block[1], block[2]
		if strings.HasPrefix(code, "go run ") {
			continue
		}
		interpreter, file := map[string][]string{
			"sh": {"sh", "-e"}, "js": {"node"}, "python": {"python3"},
		}[language], map[string]string{"sh": "client.sh", "js": "client.mjs", "python": "client.py"}[language]
		t.Run(language, func(t *testing.T) {
			needed := interpreter[0]
			if language == "sh" {
				needed = "curl"
			}
			if _, err := exec.LookPath(needed); err != nil {
				t.Skipf("there is no %s on this machine", needed)
			}
			code = strings.ReplaceAll(code, "http://127.0.0.1:8899/v1", p.facts["Web API"])
			code = strings.ReplaceAll(code, "http://127.0.0.1:8899", strings.TrimSuffix(p.facts["Web API"], "/v1"))
			path := filepath.Join(t.TempDir(), file)
			if err := os.WriteFile(path, []byte(code), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), interpreter[0], append(interpreter[1:], path)...).CombinedOutput()
			if err != nil || len(strings.TrimSpace(string(out))) == 0 {
				t.Errorf("%v: %s\n%s", err, out, code)
			}
		})
		ran++
	}
	if ran != 3 {
		t.Errorf("%d clients are in the docs, want curl, JavaScript and Python", ran)
	}
}

// The table of faults in docs/testing.md has every fault, with its flag and an example of both that
// the program accepts.
func TestFaultsOfTheDocs(t *testing.T) {
	page := testingPage(t)
	var c config
	fields := map[string]bool{}
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.Contains(cells[3], "`-") {
			continue
		}
		if err := c.parse(strings.Fields(strings.Trim(cells[3], " `"))); err != nil {
			t.Errorf("%s: %v", cells[3], err)
		}
		for _, m := range regexp.MustCompile(`([A-Z]\w+): `).FindAllStringSubmatch(cells[2], -1) {
			fields[m[1]] = true
			if !strings.Contains(cells[3], "-"+flagName(m[1])) {
				t.Errorf("the row of %s lacks -%s", m[1], flagName(m[1]))
			}
		}
	}
	kind := reflect.TypeFor[mock.Faults]()
	for i := range kind.NumField() {
		if name := kind.Field(i).Name; !fields[name] {
			t.Errorf("docs/testing.md has no example of the fault %s", name)
		}
	}
}

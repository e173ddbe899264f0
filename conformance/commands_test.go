package conformance

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// command is a shell command in a page: a line of a block, or code in a sentence.
type command struct {
	page  string
	line  int
	text  string
	block int // the number of its block in the page; 0 for code in a sentence
}

func (c command) String() string { return fmt.Sprintf("%s:%d: %s", c.page, c.line, c.text) }

// TestCommands checks every shell command in the pages: the packages, test functions, flags, make
// targets, parts of .ci/run and folders that it names exist.
func TestCommands(t *testing.T) {
	all := commands(t)
	if len(all) < 30 {
		t.Fatalf("only %d commands are found", len(all))
	}
	modules := modulesOf(t, repository)
	dir, block := ".", ""
	for _, c := range all {
		if at := fmt.Sprint(c.page, c.block); at != block {
			dir, block = ".", at
		}
		// A command in a sentence may be meant for the folder of a nested module that the sentence
		// names; a block says cd.
		dirs := []string{dir}
		if c.block == 0 {
			dirs = modules
		}
		var errs []error
		for _, from := range dirs {
			ends, err := check(from, c.text)
			if err == nil {
				errs = nil
				if c.block > 0 {
					dir = ends
				}
				break
			}
			errs = append(errs, err)
		}
		if len(errs) > 0 {
			t.Errorf("%v: %v", c, errs[0])
		}
	}
	t.Logf("%d commands are checked", len(all))
}

// TestCheckFindsMistakes proves the check that TestCommands makes.
func TestCheckFindsMistakes(t *testing.T) {
	for _, right := range []string{
		"go test ./...", "go test ./... -run Faults -v", "cd bench && go run . -quick", "make bench", ".ci/run tests docs",
		"go run ./examples/quickstart # a comment", "go get " + library + "@latest", "go doc " + library + "/resources",
		"go run " + library + "/mock/fakespotify", "SPOTIFY_BASE_URL=http://127.0.0.1:1/v1 go run ./examples/quickstart",
		"go test ./middleware -run TestDrawScenarios -scenario.draw=../docs", "cd examples/apps && go run ./observed -for 1s",
		"(cd bench && go run .)", "go -C bench run .", "cd conformance/clients && npm ci --prefix node",
		"node --require ./conformance/clients/node/redirect.js program.js",
	} {
		if _, err := check(".", right); err != nil {
			t.Errorf("%s: %v", right, err)
		}
	}
	for _, wrong := range []string{
		"go test ./nothing", "go test ./... -run NoSuchTest", "cd nothing && go run .", "go run ./middleware",
		"go run ./examples/quickstart -nothing", "cd examples/apps && go run ./observed -nothing 1s",
		"make nothing", ".ci/run nothing", ".ci/nothing", "go nothing", "go -C nothing run .",
		"go get " + library + "/nothing", "go get " + library + "@v0.0.0", "go doc " + library + "/nothing",
		"go test ./middleware -nothing", "git clone https://example.com/other ../spotify", "nothing",
		"npm ci --prefix node", "node --require ./redirect.js program.js",
	} {
		if _, err := check(".", wrong); err == nil {
			t.Errorf("%s: no mistake is found", wrong)
		}
	}
}

// TestReadmeCommands runs the README's commands in an order that a newcomer may follow: those to
// use a clone, in an empty module with the README's program, and the quickstart.
func TestReadmeCommands(t *testing.T) {
	var clone []command
	quickstart := false
	for _, c := range commands(t) {
		quickstart = quickstart || c.page == "README.md" && strings.HasPrefix(c.text, "go run ./examples/quickstart")
		if c.page == "README.md" && c.block > 0 && len(clone) == 0 && strings.HasPrefix(c.text, "git clone ") ||
			len(clone) > 0 && c.page == clone[0].page && c.block == clone[0].block {
			clone = append(clone, c)
		}
	}
	if !quickstart {
		t.Error("the README has no quickstart")
	}
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	where := strings.Fields(string(cache))
	env := append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SPOTIFY_") }),
		"GOPROXY=file://"+filepath.ToSlash(where[0])+"/cache/download,"+where[1], "GOSUMDB=off", "GOFLAGS=", "GOWORK=off")
	run := func(dir, text string) string {
		t.Helper()
		words := strings.Fields(text)
		cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", text, err, out)
		}
		return string(out)
	}

	app := filepath.Join(t.TempDir(), "app")
	if err := os.Mkdir(app, 0o700); err != nil {
		t.Fatal(err)
	}
	run(app, "go mod init example.com/app")
	if len(clone) == 0 { // a released version, which is fetched over the network
		run(app, "go mod edit -replace "+library+"="+filepath.ToSlash(root))
		run(app, "go get "+library)
	}
	for _, c := range clone {
		run(app, strings.Replace(c.text, "https://"+library, root, 1))
	}
	var program string
	for _, s := range snippetsOf(t, "../README.md") {
		if strings.HasPrefix(s.code, "package main") {
			program = s.code
		}
	}
	if err := os.WriteFile(filepath.Join(app, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	run(app, "go build .")

	if out := run(root, "go run ./examples/quickstart"); !strings.Contains(out, "Harbour Lights") {
		t.Errorf("the quickstart prints %q", out)
	}
}

const (
	repository = ".."
	library    = "github.com/seed-2147f1a9/spotify"
)

// commands returns the commands of all pages.
func commands(t *testing.T) (all []command) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", ".github/*.md", "examples/*.md", "examples/*/*.md"} {
		pages, err := filepath.Glob(filepath.Join(repository, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.ToSlash(strings.TrimPrefix(page, repository+string(filepath.Separator)))
			all = append(all, commandsIn(name, string(text))...)
		}
	}
	return all
}

// inSentence matches code in a sentence that is a command.
var inSentence = regexp.MustCompile("`((?:go|make|cd|git|curl|\\.ci/[a-z]+|[A-Z_]+=\\S+) [^`]+)`")

func commandsIn(page, text string) (all []command) {
	fence, block, before := "", 0, ""
	for i, line := range strings.Split(text, "\n") {
		switch {
		case fence == "" && strings.HasPrefix(line, "```"):
			if fence = strings.TrimPrefix(line, "```"); fence == "" {
				fence = "text"
			}
			block++
		case line == "```":
			fence = ""
		case fence == "":
			for _, found := range inSentence.FindAllStringSubmatch(line, -1) {
				if found[1] != "go get" && !strings.Contains(found[1], "…") {
					all = append(all, command{page, i + 1, found[1], 0})
				}
			}
		case fence == "sh" || fence == "bash" || fence == "console" ||
			fence == "text" && regexp.MustCompile(`^(go|make|cd|git|curl) `).MatchString(line):
			line = before + strings.TrimPrefix(line, "$ ")
			if before = ""; strings.HasSuffix(line, `\`) {
				before = strings.TrimSuffix(line, `\`)
			} else if line != "" && !strings.HasPrefix(line, "#") {
				all = append(all, command{page, i + 1, line, block})
			}
		}
	}
	return all
}

// check checks a line of commands that is run in a folder of the repository, and returns the folder
// in which it ends.
func check(dir, line string) (string, error) {
	line, _, _ = strings.Cut(line, " #")
	if inner, ok := strings.CutPrefix(line, "("); ok { // a subshell, whose cd ends with it
		_, err := check(dir, strings.TrimSuffix(strings.TrimSpace(inner), ")"))
		return dir, err
	}
	for _, text := range regexp.MustCompile(`&&|\|\||[|;&]`).Split(withoutQuotes(line), -1) {
		words := strings.Fields(text)
		for len(words) > 0 && regexp.MustCompile(`^[A-Z_]+=`).MatchString(words[0]) { // the environment
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		if words[0] == "cd" {
			dir = filepath.Join(dir, words[1])
			if !isDir(dir) {
				return "", fmt.Errorf("no folder %s", dir)
			}
			continue
		}
		if err := checkOne(dir, words); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// withoutQuotes removes quotes, and what separates commands from within them.
func withoutQuotes(line string) string {
	return regexp.MustCompile(`'[^']*'|"[^"]*"`).ReplaceAllStringFunc(line, func(quoted string) string {
		return strings.NewReplacer("|", ".", "&", ".", ";", ".", " ", ".").Replace(quoted[1 : len(quoted)-1])
	})
}

func checkOne(dir string, words []string) error {
	args := words[1:]
	switch words[0] {
	case "go":
		return checkGo(dir, args)
	case "make":
		for _, target := range args {
			if !contains("Makefile", `(?m)^`+regexp.QuoteMeta(target)+`:`) {
				return fmt.Errorf("the Makefile has no target %s", target)
			}
		}
		return nil
	case ".ci/run", ".ci/release":
		for _, part := range args {
			if !strings.HasPrefix(part, "-") && !contains(words[0], `(?m)^`+regexp.QuoteMeta(part)+`\(\)`) {
				return fmt.Errorf("%s has no part %s", words[0], part)
			}
		}
		return nil
	case "git":
		if len(args) > 1 && args[0] == "clone" && args[1] != "https://"+library {
			return fmt.Errorf("%s is not the address of the repository", args[1])
		}
		return nil
	case "node":
		return checkArgument(args, "--require", func(file string) bool { return exists(dir, file) })
	case "npm":
		return checkArgument(args, "--prefix", func(folder string) bool { return exists(dir, folder, "package-lock.json") })
	case "curl", "export":
		return nil
	}
	return fmt.Errorf("%s is not a command that this test knows", words[0])
}

// checkArgument checks the argument that follows a flag.
func checkArgument(args []string, flag string, right func(string) bool) error {
	for i, arg := range args {
		if arg == flag && (i+1 == len(args) || !right(args[i+1])) {
			return fmt.Errorf("%v: no such file or folder", args[i:])
		}
	}
	return nil
}

// exists reports whether the repository has a file or folder.
func exists(path ...string) bool {
	_, err := os.Stat(filepath.Join(repository, filepath.Join(path...)))
	return err == nil
}

// checkGo checks the arguments of the go command.
func checkGo(dir string, args []string) error {
	if len(args) > 2 && args[0] == "-C" {
		if dir = filepath.Join(dir, args[1]); !isDir(dir) {
			return fmt.Errorf("no folder %s", dir)
		}
		args = args[2:]
	}
	verb, args := args[0], args[1:]
	var packages, flags []string // flags of go test, or those of the program of go run
	takesValue := regexp.MustCompile(`^-(run|bench|count|tags|fuzz|fuzztime|timeout|o|replace|require|cpuprofile)$`)
	for i := 0; i < len(args); i++ {
		switch isFlag := strings.HasPrefix(args[i], "-"); {
		case verb == "run" && len(packages) > 0: // for the program
			if isFlag {
				flags = append(flags, args[i])
			}
		case verb != "test" && isFlag, args[i] == "-args":
			if takesValue.MatchString(args[i]) {
				i++
			}
		case isFlag && takesValue.MatchString(args[i]) && i+1 < len(args):
			flags = append(flags, args[i]+"="+args[i+1])
			i++
		case isFlag:
			flags = append(flags, args[i])
		default:
			packages = append(packages, args[i])
		}
	}
	switch verb {
	case "mod", "env", "version", "work":
		return nil
	case "get", "install":
		return checkVersions(packages)
	case "generate", "build", "vet", "doc":
		return checkPackages(dir, packages)
	case "run":
		return checkRun(dir, packages, flags)
	case "test":
		if len(packages) == 0 {
			packages = []string{"."}
		}
		if err := checkPackages(dir, packages); err != nil {
			return err
		}
		for _, flag := range flags {
			if err := checkTestFlag(dir, packages, flag); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("go %s is not a command that this test knows", verb)
}

// checkVersions checks arguments of go get: packages of this repository, with the newest version of
// the changelog, latest, or none.
func checkVersions(packages []string) error {
	for _, pkg := range packages {
		path, version, _ := strings.Cut(pkg, "@")
		if strings.HasPrefix(path, library) {
			if err := checkPackages(".", []string{path}); err != nil {
				return err
			}
			heading := `(?m)^## \[` + regexp.QuoteMeta(strings.TrimPrefix(version, "v")) + `\]`
			if version != "" && version != "latest" && !contains("CHANGELOG.md", heading) {
				return fmt.Errorf("CHANGELOG.md has no version %s", version)
			}
		}
	}
	return nil
}

// checkPackages checks that packages exist.
func checkPackages(dir string, packages []string) error {
	for _, pkg := range packages {
		if len(goFiles(folder(dir, pkg), strings.HasSuffix(pkg, "..."))) == 0 {
			return fmt.Errorf("no package %s in %s", pkg, dir)
		}
	}
	return nil
}

// checkRun checks that a program exists and has the flags.
func checkRun(dir string, packages, flags []string) error {
	if len(packages) == 0 {
		return fmt.Errorf("go run without a program")
	}
	path, _, _ := strings.Cut(packages[0], "@")
	if strings.HasPrefix(path, library) || strings.HasPrefix(path, ".") {
		program := folder(dir, path)
		files := slices.DeleteFunc(goFiles(program, false), func(f string) bool { return strings.HasSuffix(f, "_test.go") })
		if len(files) == 0 || !contains(files[0], `(?m)^package main$`) {
			return fmt.Errorf("no program in %s", program)
		}
		for _, flag := range flags {
			name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
			if !slices.ContainsFunc(files, func(f string) bool { return contains(f, `"`+regexp.QuoteMeta(name)+`"`) }) {
				return fmt.Errorf("%s has no flag -%s", program, name)
			}
		}
	}
	return nil
}

// checkTestFlag checks a flag of go test: the tests that it names exist, and a flag that is not
// go's own is defined in the tests of the packages.
func checkTestFlag(dir string, packages []string, flag string) error {
	name, value, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
	switch name {
	case "v", "count", "race", "short", "tags", "timeout", "fuzztime", "cpuprofile", "benchmem":
		return nil
	}
	var tests []byte
	for _, pkg := range packages {
		for _, file := range goFiles(folder(dir, pkg), strings.HasSuffix(pkg, "...")) {
			if strings.HasSuffix(file, "_test.go") {
				source, err := os.ReadFile(filepath.Join(repository, file))
				if err != nil {
					return err
				}
				tests = append(tests, source...)
			}
		}
	}
	var found bool
	switch name {
	case "run", "bench", "fuzz":
		wanted, err := regexp.Compile(value)
		if err != nil {
			return err
		}
		found = value == "^$" // none, on purpose
		functions := regexp.MustCompile(`(?m)^func ((?:Test|Example|Fuzz|Benchmark)\w*)`)
		for _, function := range functions.FindAllSubmatch(tests, -1) {
			found = found || (name == "bench") == bytes.HasPrefix(function[1], []byte("Benchmark")) && wanted.Match(function[1])
		}
	default:
		found = bytes.Contains(tests, []byte(`"`+name+`"`))
	}
	if !found {
		return fmt.Errorf("the tests of %s have nothing for %s", strings.Join(packages, " "), flag)
	}
	return nil
}

// folder returns the folder of a package or a pattern of packages.
func folder(dir, pkg string) string {
	if own, ok := strings.CutPrefix(pkg, library); ok {
		dir, pkg = ".", "."+own
	}
	return filepath.Join(dir, strings.TrimSuffix(strings.TrimSuffix(pkg, "..."), "/"))
}

// goFiles returns the Go files of a folder, with those of the folders in it on request.
func goFiles(dir string, all bool) (files []string) {
	root := filepath.Join(repository, dir)
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // a folder that does not exist has no files
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata" || !all && path != root):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go"):
			relative, _ := filepath.Rel(repository, path)
			files = append(files, relative)
		}
		return nil
	})
	return files
}

func isDir(dir string) bool {
	info, err := os.Stat(filepath.Join(repository, dir))
	return err == nil && info.IsDir()
}

// contains reports whether a file of the repository matches a pattern.
func contains(file, pattern string) bool {
	text, err := os.ReadFile(filepath.Join(repository, file))
	matched, bad := regexp.Match(pattern, text)
	return err == nil && bad == nil && matched
}

// modulesOf returns the folders of all modules, the library's first.
func modulesOf(t *testing.T, root string) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "go.mod" {
			dir, _ := filepath.Rel(root, filepath.Dir(path))
			dirs = append(dirs, dir)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(dirs, func(a, b string) int { return len(a) - len(b) })
	return dirs
}

package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
)

// module is the path below which the snippets are packages. They exist in an overlay alone.
const module = "github.com/seed-2147f1a9/spotify/conformance/"

// givenVars are the variables that a snippet uses without declaring them.
const givenVars = `
	ctx          = context.Background()
	client       *spotify.Client
	id, secret   string
	err          error
	user         *auth.Login
	store        auth.TokenStore
	config       auth.Config
	source       oauth2.TokenSource
	refreshToken string
	authorizedAt time.Time
	callbackURL  string
	mux          = http.NewServeMux()
	session      = map[string]string{}
	mine         transport.Middleware
	httpClient   = http.DefaultClient
	logger       *slog.Logger
	observer     middleware.Observer
	base         http.RoundTripper
`

// imports are the packages that snippets use, by name.
var imports = map[string]string{
	"atomic": "sync/atomic", "context": "context", "errors": "errors", "fmt": "fmt", "http": "net/http", "log": "log",
	"os": "os", "regexp": "regexp", "slices": "slices", "slog": "log/slog", "strings": "strings", "sync": "sync",
	"synctest": "testing/synctest", "testing": "testing", "time": "time", "url": "net/url",
	"httpmock": "github.com/jarcoal/httpmock", "oauth2": "golang.org/x/oauth2", "zmb3": "github.com/zmb3/spotify/v2",
	"spotify": "github.com/seed-2147f1a9/spotify",
}

func init() {
	for _, dir := range []string{
		"auth", "auth/storetest", "auth/token", "middleware", "middleware/limitertest", "middleware/usage",
		"middleware/usage/usagetest", "mock", "mock/catalogue", "mock/record", "resources", "transport",
		"transport/transporttest",
	} {
		imports[filepath.Base(dir)] = "github.com/seed-2147f1a9/spotify/" + dir
	}
}

// elsewhere matches names of modules that this one does not require; blocks that use them are not
// compiled here.
var elsewhere = regexp.MustCompile(`\b(spotifyredis|otelspotify|promspotify)\.`)

// told matches the comment of a line that prints, if it begins like output: with a digit or [.
var told = regexp.MustCompile(`(?m)^\s*fmt\.Print\w*\(.*\) +// ([\d\[].*)$`)

// snippet is one block of Go in a page. A test belongs to the package of the declarations right
// before it.
type snippet struct {
	page  string
	line  int
	code  string
	dir   string // of its package
	kind  string // program, test, declarations or statements
	runs  bool   // statements that need the given client at most, and print
	loud  bool   // runs, and a print is not below an if
	files map[string]string
}

// TestSnippets compiles every block of Go in the README and docs, and runs the programs, the tests,
// and the statements that print and need a client at most, against the fake.
func TestSnippets(t *testing.T) {
	var snippets []*snippet
	for _, pattern := range []string{"../*.md", "../docs/*.md"} {
		pages, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			snippets = append(snippets, snippetsOf(t, page)...)
		}
	}
	if len(snippets) < 15 {
		t.Fatalf("only %d blocks are found", len(snippets))
	}
	overlay := map[string]string{}
	tmp := t.TempDir()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	write := func(dir, name, content string) {
		real := filepath.Join(tmp, dir+"_"+name)
		if err := os.WriteFile(real, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(here, dir, name)] = real
	}
	var build, tests, programs, running []string
	byDir := map[string]*snippet{}
	for i, s := range snippets {
		s.dir = fmt.Sprintf("snippet%d", i)
		byDir[s.dir] = s
		s.wrap(t)
		if i > 0 && s.kind == "test" && snippets[i-1].kind == "declarations" && snippets[i-1].page == s.page {
			s.files["declared.go"] = snippets[i-1].declarations(s.dir)
		}
		for name, content := range s.files {
			write(s.dir, name, content)
		}
		switch {
		case s.kind == "test":
			tests = append(tests, "./"+s.dir)
		case s.kind == "program":
			programs = append(programs, s.dir)
			fallthrough
		default:
			build = append(build, "./"+s.dir)
		}
		if s.runs {
			running = append(running, s.dir)
		}
	}
	write("runner", "main.go", runner(byDir, running))
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(tmp, "overlay.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(env []string, command string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "go", append([]string{command, "-overlay=" + file}, args...)...)
		cmd.Env = append(os.Environ(), env...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", command, err, out)
		}
		return string(out)
	}
	run(nil, "build", build...)
	// go test and its vet would change into the package's folder.
	run(nil, "test", append([]string{"-vet=off", "-c", "-o", tmp + string(filepath.Separator)}, tests...)...)
	for _, dir := range tests {
		binary := filepath.Join(tmp, filepath.Base(dir)+".test")
		if out, err := exec.CommandContext(t.Context(), binary, "-test.v").CombinedOutput(); err != nil ||
			!bytes.Contains(out, []byte("--- PASS")) {
			s := byDir[filepath.Base(dir)]
			t.Errorf("%s:%d: %v\n%s", s.page, s.line, err, out)
		}
	}

	printed := run(nil, "run", "./runner")
	for _, dir := range running {
		_, output, found := strings.Cut(printed, "== "+dir+"\n")
		output, _, _ = strings.Cut(output, "== ")
		s := byDir[dir]
		if !found || s.loud && strings.TrimSpace(output) == "" {
			t.Errorf("%s:%d prints nothing", s.page, s.line)
		}
		for _, comment := range told.FindAllStringSubmatch(s.code, -1) {
			if !strings.Contains(output, comment[1]) {
				t.Errorf("%s:%d does not print %q but\n%s", s.page, s.line, comment[1], output)
			}
		}
	}

	fake := mock.NewServer(t)
	fake.On("GET", "/albums/{id}").Respond(200, map[string]any{"id": "1", "type": "album", "name": "Global Warming"})
	for _, dir := range programs {
		out := run([]string{
			"SPOTIFY_BASE_URL=" + fake.BaseURL, "SPOTIFY_ACCOUNTS_URL=" + fake.URL,
			"SPOTIFY_CLIENT_ID=id", "SPOTIFY_CLIENT_SECRET=secret",
		}, "run", "./"+dir)
		if s := byDir[dir]; strings.Contains(s.code, "fmt.Print") && strings.TrimSpace(out) == "" {
			t.Errorf("%s:%d prints nothing", s.page, s.line)
		}
	}
	t.Logf("%d blocks compile; %d programs, %d tests and %d blocks of statements run",
		len(snippets), len(programs), len(tests), len(running))
}

// snippetsOf returns the blocks of Go in a page.
func snippetsOf(t *testing.T, page string) []*snippet {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var found []*snippet
	var block *snippet
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case block == nil && line == "```go":
			block = &snippet{page: strings.TrimPrefix(page, "../"), line: i + 2}
		case block != nil && line == "```":
			if elsewhere.MatchString(block.code) {
				t.Logf("%s:%d is not compiled: it uses another module", block.page, block.line)
			} else {
				found = append(found, block)
			}
			block = nil
		case block != nil:
			block.code += line + "\n"
		}
	}
	return found
}

// position returns the comment that gives the code its line in the page.
func (s *snippet) position() string { return fmt.Sprintf("//line %s:%d\n", s.page, s.line) }

// declarations returns a file of a package that has the code of declarations.
func (s *snippet) declarations(pkg string) string {
	return "package " + pkg + "\n" + importing(s.code) + s.position() + s.code
}

// wrap makes a package of a snippet.
func (s *snippet) wrap(t *testing.T) {
	position := s.position()
	s.files = map[string]string{}
	switch {
	case strings.HasPrefix(s.code, "package "):
		s.kind = "program"
		s.files["main.go"] = position + s.code
	case regexp.MustCompile(`(?m)^(func|type|import) `).MatchString(s.code):
		s.kind = "declarations"
		name := "code.go"
		if strings.Contains(s.code, "*testing.T") {
			s.kind, name = "test", "code_test.go"
		}
		code := s.code
		// Statements may follow the last declaration.
		if end := strings.LastIndex(code, "\n}\n") + len("\n}\n"); s.kind == "declarations" &&
			strings.TrimSpace(code[end:]) != "" {
			function := "func _() error {\n" + code[end:]
			parsed, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+function+"return nil\n}\n", 0)
			if err != nil {
				t.Fatalf("%s:%d: %v", s.page, s.line, err)
			}
			for _, name := range declared(parsed) {
				function += "_ = " + name + "\n"
			}
			code = code[:end] + function + "return nil\n}\n"
		}
		s.files[name] = "package " + s.dir + "\n" + importing(code) + position + code
	default:
		s.kind = "statements"
		body := s.code
		if expr, err := parser.ParseExpr(body); err == nil {
			if _, isCall := expr.(*ast.CallExpr); !isCall {
				body = "_ = " + body
			}
		}
		function := "func snippet() error {\n" + position + body
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, "", "package p\n"+function+"\nreturn nil\n}\n", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range declared(parsed) {
			function += "_ = " + name + "\n"
		}
		s.files["code.go"] = "package " + s.dir + "\n" + importing(function) + function + "return nil\n}\n"
		s.files["given.go"] = "package " + s.dir + "\n" + importing(givenVars+" spotify.") + "var (" + givenVars + ")\n\n" +
			"// Run runs the snippet.\nfunc Run(c *spotify.Client, arg string) error { client, id = c, arg; return snippet() }\n"
		s.runs = strings.Contains(s.code, "fmt.Print") &&
			!regexp.MustCompile(`\b(user|store|config|source|secret|mux|session|mine)\b`).MatchString(withoutText(s.code))
		s.loud = s.runs && loud(parsed)
	}
}

// importing returns the imports of what a piece of code uses.
func importing(code string) string {
	var lines []string
	for name, path := range imports {
		if regexp.MustCompile(`(^|[^\w."])` + name + `\.[A-Za-z]`).MatchString(withoutText(code)) {
			lines = append(lines, fmt.Sprintf("import %s %q\n", name, path))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// withoutText returns code without comments and the content of texts.
func withoutText(code string) string {
	code = regexp.MustCompile(`"(\\.|[^"\\\n])*"`).ReplaceAllString(code, `""`)
	return regexp.MustCompile(`//.*`).ReplaceAllString(code, "")
}

// declared returns the variables that the outermost block of the only function declares.
func declared(file *ast.File) []string {
	var names []string
	for _, statement := range file.Decls[0].(*ast.FuncDecl).Body.List {
		switch statement := statement.(type) {
		case *ast.AssignStmt:
			for _, left := range statement.Lhs {
				if name, ok := left.(*ast.Ident); ok && statement.Tok == token.DEFINE && name.Name != "_" {
					names = append(names, name.Name)
				}
			}
		case *ast.DeclStmt:
			for _, spec := range statement.Decl.(*ast.GenDecl).Specs {
				if value, ok := spec.(*ast.ValueSpec); ok {
					for _, name := range value.Names {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// loud reports whether code prints outside of an if.
func loud(file *ast.File) bool {
	prints := false
	ast.Inspect(file, func(n ast.Node) bool {
		if _, ok := n.(*ast.IfStmt); ok {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok {
			var text bytes.Buffer
			if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
				fmt.Fprintf(&text, "%v.%s", selector.X, selector.Sel.Name)
			}
			prints = prints || strings.HasPrefix(text.String(), "fmt.Print")
		}
		return true
	})
	return prints
}

// serverOfSnippets are the first lines of the runner: the clients that snippets make call a fake.
const serverOfSnippets = `
	fake := mock.NewServer(nil)
	defer fake.Close()
	fake.On("GET", "/albums/4aawyAB9vmqN3uQ7FjRGTy").Respond(200, map[string]any{
		"id": "4aawyAB9vmqN3uQ7FjRGTy", "type": "album", "name": "Global Warming",
		"artists": []map[string]any{{"name": "Pitbull"}},
	}).Header("Cache-Control", "max-age=7200")
	for name, value := range map[string]string{
		"SPOTIFY_BASE_URL": fake.BaseURL, "SPOTIFY_ACCOUNTS_URL": fake.URL,
		"SPOTIFY_CLIENT_ID": "id", "SPOTIFY_CLIENT_SECRET": "secret",
	} {
		if err := os.Setenv(name, value); err != nil {
			log.Fatal(err)
		}
	}
`

// runner returns a program that runs statements with a client of the fake.
func runner(snippets map[string]*snippet, dirs []string) string {
	var b strings.Builder
	b.WriteString("package main\n")
	b.WriteString(importing("fmt.P log.F mock.N os.S"))
	for _, dir := range dirs {
		fmt.Fprintf(&b, "import %q\n", module+dir)
	}
	b.WriteString("func main() {\n\tclient, _ := mock.NewClient(nil)\n\tdefer client.Close()\n" + serverOfSnippets)
	for _, dir := range dirs {
		s, id := snippets[dir], "AlbumID"
		if strings.Contains(s.code, "Playlists.") {
			id = "PlaylistID"
		}
		fmt.Fprintf(&b, "\tfmt.Println(\"== %s\")\n\tif err := %s.Run(client, mock.%s); err != nil {\n", dir, dir, id)
		fmt.Fprintf(&b, "\t\tlog.Fatal(\"%s:%d: \", err)\n\t}\n", s.page, s.line)
	}
	b.WriteString("}\n")
	return b.String()
}

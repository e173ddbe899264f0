package testutil

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// Secrets are texts to search for, long enough not to occur by chance.
type Secrets []string

// PrintedBy returns a secret that appears when a value is formatted, logged or encoded, alone or
// inside another value; "" if none does.
func (s Secrets) PrintedBy(v any) string { return s.in(printings(v)) }

// FormattedBy returns a secret that appears when a value is formatted or logged; "" if none does.
// It is for types that hide secrets from logs and not from an encoder.
func (s Secrets) FormattedBy(v any) string { return s.in(formats(v)) }

// HeldBy returns a secret that an error prints or holds in any field, exported or not; "" if it
// holds none.
func (s Secrets) HeldBy(err error) string { return s.in(printings(err) + textsIn(err)) }

// InFieldsOf returns a secret that a value holds in any field, exported or not; "" if it holds
// none.
func (s Secrets) InFieldsOf(v any) string { return s.in(textsIn(v)) }

func textsIn(v any) string {
	var b strings.Builder
	stringsIn(reflect.ValueOf(v), map[visit]bool{}, func(text string) { b.WriteString(text + "\n") })
	return b.String()
}

// in returns a secret that occurs in a text, as it is or encoded. It reads the text once, for any
// number of secrets.
func (s Secrets) in(text string) string {
	const key = 6
	type form struct{ text, secret string }
	forms := map[string][]form{}
	for _, secret := range s {
		for _, text := range []string{
			secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), url.QueryEscape(secret),
			strings.Trim(fmt.Sprintf("%d", []byte(secret)), "[]"), strings.Trim(fmt.Sprintf("%o", []byte(secret)), "[]"),
		} {
			if len(text) < key {
				panic("testutil: the secret " + secret + " is too short to be looked for")
			}
			forms[text[:key]] = append(forms[text[:key]], form{text, secret})
		}
	}
	for i := 0; i+key <= len(text); i++ {
		for _, f := range forms[text[i:i+key]] {
			if strings.HasPrefix(text[i:], f.text) {
				return f.secret
			}
		}
	}
	return ""
}

// printings returns a value in every form that a log may contain.
func printings(v any) string {
	var b bytes.Buffer
	b.WriteString(formats(v))
	inside := struct{ V any }{v}
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("logged", "inside", inside)
	}
	for _, encoded := range []any{v, inside, pointerTo(v)} {
		if data, err := json.Marshal(encoded); err == nil {
			b.Write(data)
		}
	}
	return b.String()
}

// formats returns a value formatted with every verb of fmt, and as an attribute of a log.
func formats(v any) string {
	var b bytes.Buffer
	inside := struct{ V any }{v}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%o"} {
		for _, shown := range []any{v, []any{v}, inside, pointerTo(v)} {
			fmt.Fprintf(&b, verb+"\n", shown)
		}
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("logged", "value", v, "group", slog.GroupValue(slog.Any("inner", v)))
	}
	return b.String()
}

// pointerTo returns a pointer to a copy of v: a pointer can have other methods.
func pointerTo(v any) any {
	if v == nil {
		return nil
	}
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	return p.Interface()
}

type visit struct {
	at  unsafe.Pointer
	typ reflect.Type
}

// stringsIn returns every string that is reachable from a value.
func stringsIn(v reflect.Value, seen map[visit]bool, found func(string)) {
	switch v.Kind() {
	case reflect.String:
		found(v.String())
	case reflect.Interface:
		stringsIn(v.Elem(), seen, found)
	case reflect.Pointer:
		if here := (visit{v.UnsafePointer(), v.Type()}); !v.IsNil() && !seen[here] {
			seen[here] = true
			stringsIn(v.Elem(), seen, found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			stringsIn(v.Field(i), seen, found)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			text := make([]byte, v.Len())
			for i := range text {
				text[i] = byte(v.Index(i).Uint())
			}
			found(string(text))
			return
		}
		for i := range v.Len() {
			stringsIn(v.Index(i), seen, found)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			stringsIn(it.Key(), seen, found)
			stringsIn(it.Value(), seen, found)
		}
	}
}

// CheckTypes checks that values has each exported type that a directory's Go files declare, and
// that no value, all full of secrets, prints one.
func (s Secrets) CheckTypes(t testing.TB, dir fs.FS, values map[string][]any) {
	t.Helper()
	for _, name := range ExportedTypes(t, dir) {
		if values[name] == nil {
			t.Errorf("type %s has no value in the test", name)
		}
		for _, v := range values[name] {
			if found := s.PrintedBy(v); found != "" {
				t.Errorf("%s prints %q", name, found)
			}
		}
	}
}

// ExportedTypes returns the names of the exported types that the Go files of a directory declare,
// tests aside, so that a test cannot miss a new one.
func ExportedTypes(t testing.TB, dir fs.FS) []string {
	t.Helper()
	files, err := fs.Glob(dir, "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := fs.ReadFile(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				names = append(names, spec.Name.Name)
			}
			_, inside := n.(*ast.FuncDecl)
			return !inside
		})
	}
	slices.Sort(names)
	return slices.Compact(names)
}

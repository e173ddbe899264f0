package conformance

// These tests encode and decode every exported model with every JSON package of the standard
// library, also values that no response of the fake has.

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/seed-2147f1a9/spotify/resources"
)

var packageOfModels = reflect.TypeFor[resources.Services]().PkgPath()

// modelTypes returns the models: every struct with an UnmarshalJSON that the services' methods take
// or return.
func modelTypes(t *testing.T) []reflect.Type {
	t.Helper()
	found := map[reflect.Type]bool{}
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			visit(typ.Elem())
		case reflect.Func: // an iterator's yield, a method
			for in := range typ.Ins() {
				visit(in)
			}
			for out := range typ.Outs() {
				visit(out)
			}
		case reflect.Struct:
			if typ.PkgPath() != packageOfModels {
				return
			}
			if reflect.PointerTo(typ).Implements(reflect.TypeFor[json.Unmarshaler]()) {
				found[typ] = true
			}
			for field := range typ.Fields() {
				visit(field.Type)
			}
		}
	}
	for service := range reflect.TypeFor[resources.Services]().Fields() {
		if service.IsExported() {
			for method := range service.Type.Methods() {
				visit(method.Type)
			}
		}
	}
	declared := declaredModels(t)
	for typ := range found {
		name, _, _ := strings.Cut(typ.Name(), "[")
		delete(declared, name)
	}
	for name := range declared {
		t.Errorf("%s has an UnmarshalJSON, and no method takes or returns one", name)
	}
	return slices.SortedFunc(
		maps.Keys(found),
		func(a, b reflect.Type) int { return strings.Compare(a.String(), b.String()) },
	)
}

// declaredModels returns the names of the structs for which package resources declares
// UnmarshalJSON.
func declaredModels(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../resources/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source of package resources: %v", err)
	}
	declared := map[string]bool{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "UnmarshalJSON" || strings.HasSuffix(file, "_test.go") {
				continue
			}
			receiver := method.Recv.List[0].Type.(*ast.StarExpr).X
			if generic, ok := receiver.(*ast.IndexExpr); ok {
				receiver = generic.X
			}
			declared[receiver.(*ast.Ident).Name] = true
		}
	}
	delete(declared, reflect.TypeFor[resources.Raw]().Name())
	if len(declared) < 60 {
		t.Fatalf("only %d models", len(declared))
	}
	return declared
}

// documents makes JSON of a model that has every member: false for every boolean, and no other zero
// value.
type documents struct {
	lists   int  // how many elements every list has
	episode bool // an episode in place of a track
	unknown bool // with a member that no model knows in every object
}

func (d documents) of(typ reflect.Type) any {
	switch {
	case typ == reflect.TypeFor[time.Time]():
		return "2024-02-29T01:02:03Z"
	case typ == reflect.TypeFor[resources.Playable]():
		return d.playable()
	}
	switch typ.Kind() {
	case reflect.Bool:
		return false
	case reflect.String:
		return "x"
	case reflect.Pointer:
		return d.of(typ.Elem())
	case reflect.Slice:
		list := []any{}
		for range d.lists {
			list = append(list, d.of(typ.Elem()))
		}
		return list
	case reflect.Struct:
		object := map[string]any{}
		d.members(typ, object)
		if d.unknown {
			object[unheardOf] = map[string]any{"id": 1.0, "items": []any{"x", false}}
		}
		return object
	}
	return 7.0
}

func (d documents) members(typ reflect.Type, object map[string]any) {
	for field := range typ.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case field.Anonymous && name == "":
			d.members(field.Type, object)
		default:
			object[name] = d.of(field.Type)
		}
	}
}

// playable returns a track or an episode with its type.
func (d documents) playable() any {
	model, kind := reflect.TypeFor[resources.Track](), resources.KindTrack
	if d.episode {
		model, kind = reflect.TypeFor[resources.Episode](), resources.KindEpisode
	}
	object := d.of(model).(map[string]any)
	object["type"] = string(kind)
	return object
}

// decodedModel returns the model that encoding/json decodes from a document.
func decodedModel(t *testing.T, typ reflect.Type, document any) (value any, text []byte) {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return again(t, typ, text), text
}

// again returns the model that encoding/json decodes from a text.
func again(t *testing.T, typ reflect.Type, text []byte) any {
	t.Helper()
	out := reflect.New(typ)
	if err := json.Unmarshal(text, out.Interface()); err != nil {
		t.Fatal(err)
	}
	return out.Elem().Interface()
}

// TestFaultsFalseOfEveryModel: encoding a model keeps an explicit false of every boolean, every
// other value, and empty lists.
func TestFaultsFalseOfEveryModel(t *testing.T) {
	for _, typ := range modelTypes(t) {
		for _, d := range []documents{{lists: 0}, {lists: 2}, {lists: 1, episode: true}} {
			sent := d.of(typ)
			value, _ := decodedModel(t, typ, sent)
			for name, encode := range encoders {
				text, err := encode(value)
				var written any
				if err == nil {
					err = json.Unmarshal(text, &written)
				}
				if err != nil {
					t.Fatalf("%s, %s: %v", typ, name, err)
				}
				for _, lost := range missing("", sent, written) {
					t.Errorf("%s, %s: %s was sent and is not encoded: %s", typ, name, lost, text)
				}
			}
		}
	}
}

// TestFaultsUnknownMemberOfEveryModel: an unknown member changes no decoded value, at any depth.
// Raw keeps it, and so do entries of an unknown type.
func TestFaultsUnknownMemberOfEveryModel(t *testing.T) {
	for _, typ := range modelTypes(t) {
		want, _ := decodedModel(t, typ, documents{lists: 1}.of(typ))
		got, text := decodedModel(t, typ, documents{lists: 1, unknown: true}.of(typ))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s is %+v, want %+v", typ, text, got, want)
		}
		own := struct{ Model, Extra resources.Raw }{}
		if err := json.Unmarshal([]byte(`{"model":`+string(text)+`}`), &own); err != nil ||
			string(own.Model) != string(text) {
			t.Errorf("%s, raw: %s, want %s; %v", typ, own.Model, text, err)
		}
	}
	const hologram = `{"type":"hologram","lit":false,"parts":[],"something_new":{"deep":[null,1.50]}}`
	for _, outer := range []any{
		new(resources.PlaylistItem), new(resources.CurrentlyPlaying), new(resources.PlaybackState),
	} {
		if err := json.Unmarshal([]byte(`{"item":`+hologram+`}`), outer); err != nil {
			t.Fatal(err)
		}
		for name, encode := range encoders {
			if text, err := encode(outer); err != nil || !strings.Contains(string(text), hologram) {
				t.Errorf("%T, %s: %s, %v", outer, name, text, err)
			}
		}
	}
}

// TestFaultsEncodersOfEveryModel: every model, empty or full, is encoded by encoding/json and
// encoding/json/v2, and decoded by both to the same value.
func TestFaultsEncodersOfEveryModel(t *testing.T) {
	for _, typ := range modelTypes(t) {
		full, _ := decodedModel(t, typ, documents{lists: 2}.of(typ))
		empty, _ := decodedModel(t, typ, map[string]any{})
		if text, err := jsonv2.Marshal(full); err != nil || !reflect.DeepEqual(again(t, typ, text), full) {
			t.Errorf("%s, encoding/json/v2 without options: %s, %v", typ, text, err)
		}
		for _, value := range []any{full, empty, reflect.Zero(typ).Interface()} {
			for encoder, encode := range encoders {
				text, err := encode(value)
				if err != nil {
					t.Fatalf("%s, %s: %v", typ, encoder, err)
				}
				for decoder, decode := range v2decoders {
					out := reflect.New(typ)
					if err := decode(text, out.Interface()); err != nil || !reflect.DeepEqual(out.Elem().Interface(), value) {
						t.Errorf("%s, %s, %s: %s is %+v, want %+v; %v", typ, encoder, decoder, text, out.Elem(), value, err)
					}
				}
			}
		}
	}
}

// v2decoders are the decoders and version 2 of encoding/json, which calls a model's UnmarshalJSON.
var v2decoders = map[string]func([]byte, any) error{
	"encoding/json":    unmarshal,
	"Decode":           resources.Decode,
	"encoding/json/v2": func(data []byte, out any) error { return jsonv2.Unmarshal(data, out) },
}

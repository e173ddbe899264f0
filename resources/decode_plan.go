package resources

import (
	"encoding"
	stdjson "encoding/json"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// plan describes how a Go type is decoded. There is one plan for each type.
type plan struct {
	typ        reflect.Type
	form       form
	size       int64 // of one value, with 1/8 for the allocator
	elem       *plan
	empty      reflect.Value // an empty slice that is not nil
	dropsNulls bool
	first      guess             // the member that objects usually begin with
	fields     map[string]*field // by name, and by name in lower case after a NUL
}

// form is the kind of a Go type for the decoder.
type form uint8

const (
	formForeign form = iota // decoded by its own method or by the JSON library
	formString
	formInt
	formUint
	formFloat
	formBool
	formTime
	formStruct
	formSlice
	formArray
	formPointer
	formMap
	formAny
	formRaw
	formSelf
)

// selfDecoder is a type of this package that decodes objects by itself, because its form depends on
// their members.
type selfDecoder interface{ decodeFrom(*reader) error }

func scalarForm(f form) bool { return f >= formString && f <= formTime }

// field is a field of a struct. Its tag may have, besides the JSON name:
//
//	also:"tracks"  a former name, which is used if the newer one is missing or empty
//	nulls:"items"  for a number: the nulls that were dropped from the list with that name
//	bare:"true"    the members of this struct may also be members of the outer struct
type field struct {
	plan   *plan
	index  []int
	nulls  []int // the field that counts dropped nulls, nil for none
	former bool  // whether this is the former name of a field
	newer  bool  // whether it has a former name
	quoted string
	next   guess // the member that usually follows this one
}

// guess is the field that is likely to be next, because most objects of a type have their members
// in the same order.
type guess struct{ atomic.Pointer[field] }

// in returns the field in a value of its struct. It allocates the embedded structs that it passes.
func (f *field) in(v reflect.Value) reflect.Value {
	for i, x := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v
}

// field returns the field with a quoted name, or else one with the name in another case. likely is
// the first field to try.
func (p *plan) field(r *reader, quoted []byte, likely *guess) *field {
	if f := likely.Load(); f != nil && f.quoted == string(quoted) {
		return f
	}
	f := p.named(r, quoted)
	if f != nil && f.quoted == string(quoted) {
		likely.Store(f)
	}
	return f
}

// named is field without a guess.
func (p *plan) named(r *reader, quoted []byte) *field {
	name := r.unquote(quoted)
	if f := p.fields[string(name)]; f != nil {
		return f
	}
	var room [64]byte
	if len(name) > len(room) {
		return nil
	}
	small := room[:len(name)]
	changed := false
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c, changed = c+'a'-'A', true
		}
		small[i] = c
	}
	if !changed {
		return p.fields["\x00"+string(small)] // the type's name has upper case, this one has not
	}
	if f := p.fields[string(small)]; f != nil {
		return f
	}
	return p.fields["\x00"+string(small)]
}

var (
	plans    sync.Map // reflect.Type to *plan
	planning sync.Mutex

	stringPlan  = planOf(reflect.TypeFor[string]())
	stringsType = reflect.TypeFor[[]string]()
	anyMap      = planOf(reflect.TypeFor[map[string]any]())
	anyList     = planOf(reflect.TypeFor[[]any]())
)

// planOf returns the plan for a type.
func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	planning.Lock()
	defer planning.Unlock()
	made := map[reflect.Type]*plan{}
	p := makePlan(t, made)
	for t, p := range made { // only now, because a type may contain itself
		plans.Store(t, p)
	}
	return p
}

// here is this package. Its types have an UnmarshalJSON, which the decoder does not call.
var here = reflect.TypeFor[plan]().PkgPath()

// makePlan returns the plan for a type, and adds it and those that it needs to made.
func makePlan(t reflect.Type, made map[reflect.Type]*plan) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	if p := made[t]; p != nil {
		return p
	}
	p := &plan{typ: t, form: formOf(t), size: int64(t.Size() + t.Size()/8)}
	made[t] = p
	switch p.form {
	case formPointer, formSlice, formArray, formMap:
		p.elem = makePlan(t.Elem(), made)
	case formStruct:
		p.fields = map[string]*field{}
		p.collect(t, nil, made)
	}
	if p.form == formSlice {
		p.empty = reflect.MakeSlice(t, 0, 0)
		switch p.elem.form {
		case formStruct, formString, formSelf, formSlice, formMap:
			p.dropsNulls = true
		}
	}
	return p
}

// formOf returns the form of a type.
func formOf(t reflect.Type) form {
	switch t {
	case reflect.TypeFor[time.Time]():
		return formTime
	case reflect.TypeFor[Raw]():
		return formRaw
	}
	switch {
	case t.PkgPath() == here && reflect.PointerTo(t).Implements(reflect.TypeFor[selfDecoder]()):
		return formSelf
	case t.PkgPath() != here && decodesItself(reflect.PointerTo(t)):
		return formForeign
	}
	switch t.Kind() {
	case reflect.String:
		return formString
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return formInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return formUint
	case reflect.Float32, reflect.Float64:
		return formFloat
	case reflect.Bool:
		return formBool
	case reflect.Struct:
		return formStruct
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 { // base64
			return formForeign
		}
		return formSlice
	case reflect.Array:
		return formArray
	case reflect.Pointer:
		return formPointer
	case reflect.Map:
		if t.Key().Kind() == reflect.String && !decodesItself(reflect.PointerTo(t.Key())) {
			return formMap
		}
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return formAny
		}
	}
	return formForeign
}

// decodesItself reports whether a type has a decoding method that a JSON library calls.
func decodesItself(t reflect.Type) bool {
	if t.Implements(reflect.TypeFor[stdjson.Unmarshaler]()) ||
		t.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return true
	}
	_, streams := t.MethodByName("UnmarshalJSONFrom")
	return streams
}

// collect adds the fields of a struct, its own before those of embedded structs. prefix is the
// struct's index in the outer struct.
func (p *plan) collect(t reflect.Type, prefix []int, made map[reflect.Type]*plan) {
	var embedded, bare []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		f.Index = append(append([]int(nil), prefix...), i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Tag.Get("json") == "-":
			continue
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct &&
			(f.IsExported() || f.Type.Kind() == reflect.Struct):
			embedded = append(embedded, f)
			continue
		case !f.IsExported():
			continue
		}
		if name == "" {
			name = f.Name
		}
		former := f.Tag.Get("also")
		own := &field{
			plan: makePlan(f.Type, made), index: f.Index, newer: former != "", nulls: countOf(t, prefix, name),
		}
		p.add(name, own)
		if former != "" {
			p.add(former, &field{plan: own.plan, index: f.Index, former: true})
		}
		if f.Tag.Get("bare") != "" {
			bare = append(bare, f)
		}
	}
	for _, f := range append(embedded, bare...) {
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		p.collect(inner, f.Index, made)
	}
}

// countOf returns the index of the field that counts the nulls dropped from a list, nil for none.
func countOf(t reflect.Type, prefix []int, name string) []int {
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("nulls") == name {
			return append(append([]int(nil), prefix...), i)
		}
	}
	return nil
}

// add adds a field, unless there is one with the name.
func (p *plan) add(name string, f *field) {
	small := strings.ToLower(name)
	if p.fields[name] == nil {
		p.fields[name], f.quoted = f, `"`+name+`"`
	}
	if small != name && p.fields["\x00"+small] == nil {
		p.fields["\x00"+small] = f
	}
}

package resources

//go:generate go run ../internal/unmarshalgen -source . -to unmarshal.go

// The decoder is used for the responses, by Decode and by the UnmarshalJSON of every model. In one
// pass it also accepts JSON that the API has been seen to send against its reference: whole numbers
// as floats, numbers as strings, objects instead of strings and numbers, names in another case,
// null anywhere.

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/redact"
)

const (
	// deepest is the number of levels of objects and lists that are decoded. The API's have up to
	// 8.
	deepest = 64
	// expansion is the number of bytes that decoding may allocate for each byte of Config.MaxBody.
	expansion = 12
	// pageful is the number of items on the usual full page.
	pageful = 50
)

// Decode decodes JSON that the API has sent, such as a capture, into out, a pointer. It stores the
// value that a call would have returned. out may point to a model, or to a type of your own that
// contains models. encoding/json decodes models to the same values, except for a null in a list
// that is not a model's, such as a []Track: it makes a zero value of it.
//
// A type with an UnmarshalJSON is decoded by that method. This includes a struct that embeds a
// model, so that it is decoded and encoded as the model alone: give the field a name instead.
// Members that a model has no field for are left out: decode into Raw, or into a type of your own,
// to see them.
func Decode(data []byte, out any) error {
	if err := checkOut(out); err != nil {
		return err
	}
	return decode(context.Background(), data, target{out: out}, budget(data))
}

// checkOut returns an error unless out is a pointer that is not nil.
func checkOut(out any) error {
	if v := reflect.ValueOf(out); v.Kind() != reflect.Pointer || v.IsNil() {
		return argument.Errorf("out", reflect.TypeOf(out), "a pointer that is not nil")
	}
	return nil
}

// unmarshal is the UnmarshalJSON of every model. It replaces the whole value.
func unmarshal(data []byte, v any) error {
	reflect.ValueOf(v).Elem().SetZero()
	return decode(context.Background(), data, target{out: v}, budget(data))
}

// budget returns the number of bytes that decoding may allocate if there is no Config.
func budget(data []byte) int64 { return expansion * max(int64(len(data)), defaultMaxBody) }

// target is the destination of decode.
type target struct {
	member   string // the member that holds the value, "" if the text is the value
	out      any    // a pointer
	expected bool   // whether the value must have a member that its type knows
}

// decode decodes JSON text. It allocates at most limit bytes, and ends at most 100 ms after ctx.
func decode(ctx context.Context, data []byte, to target, limit int64) error {
	v := reflect.ValueOf(to.out).Elem()
	p := planOf(v.Type())
	return readAll(ctx, data, limit, func(r *reader) error {
		if to.member == "" || r.peek() != jsonObject {
			r.noting = to.expected && p.form == formStruct && p.typ.PkgPath() == here && r.peek() == jsonObject
			err := r.whole(v, p)
			if err == nil && r.noting && !r.known {
				err = fmt.Errorf("%w: an object with the members [%s]",
					ErrUnexpected, redact.Text(strings.Join(r.unknown, " "), 200))
			}
			return err
		}
		found := false
		err := r.members(func(name []byte) error {
			if strings.EqualFold(string(r.unquote(name)), to.member) {
				found = true
				return r.value(v, p)
			}
			return r.skip()
		})
		if err == nil && to.expected && !found {
			err = fmt.Errorf("%w: an object without %q", ErrUnexpected, to.member)
		}
		return err
	})
}

// whole reads the value of a whole text. A value of another kind than that of the type is an error.
func (r *reader) whole(v reflect.Value, p *plan) error {
	want := map[form]jsonKind{
		formStruct: jsonObject, formMap: jsonObject, formSlice: jsonArray, formArray: jsonArray,
	}[p.form]
	if p.form == formPointer {
		want = 0
	}
	if kind := r.peek(); want != 0 && kind != want && kind != jsonNull {
		raw, err := r.raw()
		switch {
		case err != nil:
			return err
		case len(raw) > 20:
			return r.fail(fmt.Errorf("want %s, not %.20s…", want, raw))
		}
		return r.fail(fmt.Errorf("want %s, not %s", want, raw))
	}
	return r.value(v, p)
}

// members reads an object. For each member it calls each with the quoted name, and each reads the
// value.
func (r *reader) members(each func(name []byte) error) error {
	if err := r.open(); err != nil {
		return err
	}
	for {
		more, err := r.more()
		if err != nil {
			return err
		}
		if !more {
			return r.shut()
		}
		name, err := r.scalar()
		if err != nil {
			return err
		}
		if err := each(name); err != nil {
			return err
		}
	}
}

// value reads the next value into v. A value of another kind than v does not change v.
func (r *reader) value(v reflect.Value, p *plan) error {
	switch kind := r.peek(); p.form {
	case formString:
		if kind == jsonString {
			quoted, err := r.scalar()
			if err != nil {
				return err
			}
			s, err := r.text(quoted)
			v.SetString(s)
			return err
		}
		return r.oddly(v, p, kind)
	case formStruct:
		if kind == jsonObject {
			return r.structure(v, p)
		}
		return r.skip()
	case formInt:
		if kind == jsonNumber {
			digits, err := r.scalar()
			if err != nil {
				return err
			}
			if n, ok := parseDigits(digits); ok && !v.OverflowInt(n) {
				v.SetInt(n)
				return nil
			}
			setNumber(v, parseNumber(digits))
			return nil
		}
		return r.oddly(v, p, kind)
	case formBool:
		switch kind {
		case jsonTrue, jsonFalse:
			v.SetBool(kind == jsonTrue)
			_, err := r.scalar()
			return err
		}
		return r.oddly(v, p, kind)
	case formSlice:
		if kind == jsonArray {
			if p.typ == stringsType {
				return r.strings(v.Addr().Interface().(*[]string))
			}
			_, err := r.slice(v, p, 1)
			return err
		}
		return r.skip()
	case formPointer:
		return r.pointer(v, p, kind)
	case formSelf:
		if kind == jsonObject {
			return v.Addr().Interface().(selfDecoder).decodeFrom(r)
		}
		return r.skip() // null, and the flag "track": true
	case formRaw:
		raw, err := r.raw()
		if err != nil {
			return err
		}
		v.SetBytes(append([]byte(nil), raw...))
		return r.charge(int64(len(raw)))
	case formTime:
		if kind == jsonString {
			quoted, err := r.scalar()
			if err != nil {
				return err
			}
			t := v.Addr().Interface().(*time.Time)
			if b := r.unquote(quoted); t.UnmarshalText(b) != nil {
				*t = parseMoment(string(b))
			}
			return nil
		}
		return r.oddly(v, p, kind)
	case formFloat, formUint:
		return r.oddly(v, p, kind)
	case formMap:
		if kind == jsonObject {
			return r.mapping(v, p)
		}
		return r.skip()
	case formArray:
		if kind == jsonArray {
			return r.array(v, p)
		}
		return r.skip()
	case formAny:
		return r.anything(v)
	}
	raw, err := r.raw()
	if err == nil {
		err = decodeForeign(raw, v.Addr().Interface())
	}
	return err
}

// structure reads an object into a struct.
func (r *reader) structure(v reflect.Value, p *plan) error {
	if err := r.open(); err != nil {
		return err
	}
	likely := &p.first
	for {
		more, err := r.more()
		if err != nil {
			return err
		}
		if !more {
			return r.shut()
		}
		name, err := r.scalar()
		if err != nil {
			return err
		}
		f := p.field(r, name, likely)
		if r.noting && r.depth == 1 {
			r.note(f, name)
		}
		if f == nil {
			if err := r.skip(); err != nil {
				return err
			}
			continue
		}
		likely = &f.next
		if err := r.field(v, f); err != nil {
			return err
		}
	}
}

// note records whether the outermost object has a member that its type knows, and the names of the
// first 20 members that it does not know.
func (r *reader) note(f *field, name []byte) {
	switch {
	case f != nil:
		r.known = true
	case len(r.unknown) < 20:
		r.unknown = append(r.unknown, string(r.unquote(name)))
	}
}

// field reads a member into the field of a struct.
func (r *reader) field(v reflect.Value, f *field) error {
	to := f.in(v)
	switch {
	case f.nulls != nil && r.peek() == jsonArray:
		dropped, err := r.slice(to, f.plan, pageful)
		v.FieldByIndex(f.nulls).SetInt(int64(dropped))
		return err
	case f.former && !to.IsZero(): // the newer name has a value
		return r.skip()
	case f.newer && r.peek() != jsonNull && !to.IsZero():
		to.SetZero()
	}
	return r.value(to, f.plan)
}

// slice reads a list into a slice and returns the number of nulls that it has dropped: Spotify
// sends null for an item that no longer exists. In lists of pointers, numbers and booleans, whose
// elements are identified by their index, a null stays as nil, zero or false. After the first
// element the slice gets room for as many elements of that length as the text can have, at most for
// likely.
func (r *reader) slice(v reflect.Value, p *plan, likely int) (dropped int, err error) {
	if err := r.open(); err != nil {
		return 0, err
	}
	v.Set(p.empty)
	begin := r.dec.InputOffset()
	for n := 0; ; {
		more, err := r.more()
		if err != nil {
			return 0, err
		}
		if !more {
			if v.Cap() > 2*n {
				if err := r.grow(v, p, 0); err != nil {
					return 0, err
				}
			}
			return dropped, r.shut()
		}
		if p.dropsNulls && r.peek() == jsonNull {
			if err := r.skip(); err != nil {
				return 0, err
			}
			dropped++
			continue
		}
		if n == v.Cap() {
			room := 2 * max(n, 1)
			switch n {
			case 0:
				room = 1
			case 1:
				fitting := (len(r.data) - int(begin)) / int(r.dec.InputOffset()-begin)
				room = max(room, min(fitting, likely))
			}
			err = r.grow(v, p, room-n)
		}
		if err != nil {
			return 0, err
		}
		n++
		v.SetLen(n)
		if err := r.value(v.Index(n-1), p.elem); err != nil {
			return 0, err
		}
	}
}

// strings is slice for []string, the most frequent type.
func (r *reader) strings(to *[]string) error {
	if err := r.open(); err != nil {
		return err
	}
	all := []string{}
	for {
		more, err := r.more()
		if err != nil {
			return err
		}
		if !more {
			*to = all
			return r.shut()
		}
		if r.peek() == jsonNull {
			if err := r.skip(); err != nil {
				return err
			}
			continue
		}
		if len(all) == cap(all) {
			room := 2 * max(len(all), 2)
			if err := r.charge(int64(room) * stringPlan.size); err != nil {
				return err
			}
			all = append(make([]string, 0, room), all...)
		}
		all = append(all, "")
		if r.peek() != jsonString {
			err = r.value(reflect.ValueOf(&all[len(all)-1]).Elem(), stringPlan)
		} else if quoted, failed := r.scalar(); failed != nil {
			err = failed
		} else {
			all[len(all)-1], err = r.text(quoted)
		}
		if err != nil {
			return err
		}
	}
}

// grow makes room for more elements in a slice. If more is 0, it removes the room that is not used.
func (r *reader) grow(v reflect.Value, p *plan, more int) error {
	n := v.Len()
	if err := r.charge(int64(n+more) * p.elem.size); err != nil {
		return err
	}
	if more > 0 && n < 256 {
		v.Grow(more) // cheaper than a copy, but makes much more room for long slices
		return nil
	}
	exact := reflect.MakeSlice(p.typ, n, n+more)
	reflect.Copy(exact, v)
	v.Set(exact)
	return nil
}

// pointer reads a value that may be missing. A value of another kind is missing.
func (r *reader) pointer(v reflect.Value, p *plan, kind jsonKind) error {
	if kind == jsonNull || p.elem.form == formStruct && kind != jsonObject ||
		p.elem.form == formSlice && kind != jsonArray {
		return r.skip()
	}
	if err := r.charge(p.elem.size); err != nil {
		return err
	}
	target := v
	if v.IsNil() {
		target = reflect.New(p.elem.typ)
	}
	to := target.Elem()
	if scalarForm(p.elem.form) {
		ok, err := r.found(to, p.elem)
		if err != nil || !ok {
			return err
		}
	} else if err := r.value(to, p.elem); err != nil {
		return err
	}
	v.Set(target)
	return nil
}

// found reads a scalar into v and reports whether the value was one.
func (r *reader) found(v reflect.Value, p *plan) (bool, error) {
	kind := r.peek()
	start := r.dec.InputOffset()
	if err := r.value(v, p); err != nil {
		return false, err
	}
	switch p.form {
	case formBool:
		if kind == jsonString {
			_, err := strconv.ParseBool(string(r.unquote(r.since(start))))
			return err == nil, nil
		}
		return kind == jsonTrue || kind == jsonFalse || kind == jsonNumber, nil
	case formInt, formUint, formFloat:
		return kind == jsonNumber || !v.IsZero(), nil
	}
	return true, nil
}

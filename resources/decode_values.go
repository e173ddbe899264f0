package resources

// The functions in this file decode values of unusual forms, and types that only a caller's own
// structs have.

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// oddly reads a number, a string, a boolean or a time from a value of another kind.
func (r *reader) oddly(v reflect.Value, p *plan, kind jsonKind) error {
	if kind == jsonNull {
		return r.skip()
	}
	raw, inner, err := r.innermost(kind, p.form)
	if err != nil {
		return err
	}
	switch p.form {
	case formString:
		s := string(raw)
		if len(inner) > 0 && inner[0] == '"' {
			s = string(r.unquote(inner))
		}
		v.SetString(strings.ToValidUTF8(s, "\uFFFD"))
		return r.charge(int64(len(s)))
	case formBool:
		truth, _ := strconv.ParseBool(string(r.bare(inner)))
		v.SetBool(truth || parseNumber(r.bare(inner)) != 0)
	case formTime:
		v.Set(reflect.ValueOf(parseMoment(string(r.bare(inner)))))
	default:
		setNumber(v, parseNumber(r.bare(inner)))
	}
	return nil
}

// bare returns the unquoted text of a string, and other scalars unchanged.
func (r *reader) bare(scalar []byte) []byte {
	if len(scalar) > 0 && scalar[0] == '"' {
		return r.unquote(scalar)
	}
	return scalar
}

// innermost reads a value and returns its text, and the scalar in it: the value itself, or a member
// of an object: for a string its name, {"name":"Penguin"}, and for a number its first number that
// is not zero, {"totalMilliseconds":640}.
func (r *reader) innermost(kind jsonKind, want form) (raw, inner []byte, err error) {
	start := r.dec.InputOffset()
	switch kind {
	case jsonObject:
		err = r.members(func(name []byte) error {
			named := strings.EqualFold(string(r.unquote(name)), "name")
			kind := r.peek()
			value, err := r.raw()
			switch {
			case len(inner) > 0:
			case want == formString && named && kind == jsonString && len(value) > 2:
				inner = value
			case want != formString && kind != jsonObject && kind != jsonArray && parseNumber(r.bare(value)) != 0:
				inner = value
			}
			return err
		})
		return r.since(start), inner, err
	case jsonArray:
		raw, err = r.raw()
		return raw, nil, err
	}
	raw, err = r.raw()
	return raw, raw, err
}

// mapping reads an object into a map.
func (r *reader) mapping(v reflect.Value, p *plan) error {
	const header, group, key = 64, 8, 32 // about the sizes of a map, its first slots and a key
	if v.IsNil() {
		v.Set(reflect.MakeMap(p.typ))
	}
	if err := r.charge(header + p.elem.size); err != nil {
		return err
	}
	elem := reflect.New(p.elem.typ).Elem()
	first := true
	return r.members(func(name []byte) error {
		text, err := r.text(name)
		if err != nil {
			return err
		}
		size := 3 * (key + p.elem.size) // growing maps hold up to three times as much
		if first {
			size, first = size+group*(key+p.elem.size), false
		}
		if err := r.charge(size); err != nil {
			return err
		}
		elem.SetZero()
		if err := r.value(elem, p.elem); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(text).Convert(p.typ.Key()), elem)
		return nil
	})
}

// array reads a list into an array. It skips the elements that do not fit.
func (r *reader) array(v reflect.Value, p *plan) error {
	if err := r.open(); err != nil {
		return err
	}
	for i := 0; ; i++ {
		more, err := r.more()
		switch {
		case err != nil:
		case !more:
			return r.shut()
		case i < v.Len():
			err = r.value(v.Index(i), p.elem)
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
}

// anything reads a value into an interface, as encoding/json does.
func (r *reader) anything(v reflect.Value) error {
	switch r.peek() {
	case jsonObject:
		if err := r.charge(64); err != nil {
			return err
		}
		m := reflect.New(anyMap.typ).Elem()
		if err := r.mapping(m, anyMap); err != nil {
			return err
		}
		v.Set(m)
		return nil
	case jsonArray:
		if err := r.charge(64); err != nil {
			return err
		}
		l := reflect.New(anyList.typ).Elem()
		if _, err := r.slice(l, anyList, 1); err != nil {
			return err
		}
		v.Set(l)
		return nil
	case jsonString:
		quoted, err := r.scalar()
		if err != nil {
			return err
		}
		s, err := r.text(quoted)
		v.Set(reflect.ValueOf(s))
		return err
	case jsonNumber:
		digits, err := r.scalar()
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(parseNumber(digits)))
		return r.charge(8)
	case jsonTrue, jsonFalse:
		v.Set(reflect.ValueOf(r.peek() == jsonTrue))
	case jsonNull:
		v.SetZero()
	}
	return r.skip()
}

// parseDigits parses a whole number of at most 18 digits.
func parseDigits(b []byte) (int64, bool) {
	digits, negative := b, len(b) > 0 && b[0] == '-'
	if negative {
		digits = b[1:]
	}
	if len(digits) > 18 {
		return 0, false
	}
	var n int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// parseNumber parses a number in any notation. It returns 0 for other text, and the nearest float64
// for a number that is out of range.
func parseNumber(b []byte) float64 {
	if len(b) > 1000 {
		return 0
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(string(b)), 64)
	switch {
	case err == nil && !math.IsNaN(f) && !math.IsInf(f, 0):
		return f
	case !errors.Is(err, strconv.ErrRange):
		return 0
	}
	return max(-math.MaxFloat64, min(f, math.MaxFloat64))
}

// setNumber stores a number in a field of any numeric type. It rounds toward zero, and stores the
// nearest number for one that is out of the type's range.
func setNumber(v reflect.Value, f float64) {
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		v.SetFloat(f)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		most := math.Ldexp(1, v.Type().Bits())
		switch {
		case f >= most:
			v.SetUint(math.MaxUint64 >> (64 - v.Type().Bits()))
		case f > 0:
			v.SetUint(uint64(f))
		default:
			v.SetUint(0)
		}
	default:
		bits := v.Type().Bits()
		most := math.Ldexp(1, bits-1)
		switch {
		case f >= most:
			v.SetInt(math.MaxInt64 >> (64 - bits))
		case f <= -most:
			v.SetInt(math.MinInt64 >> (64 - bits))
		default:
			v.SetInt(int64(f))
		}
	}
}

// parseMoment parses a time: RFC 3339, a date, or milliseconds since 1970. It returns the zero time
// for other text.
func parseMoment(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	if ms := parseNumber([]byte(text)); ms > 0 && ms < math.MaxInt64 {
		return time.UnixMilli(int64(ms)).UTC()
	}
	return time.Time{}
}

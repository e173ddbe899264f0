package resources

// json.go is the only file that knows the JSON library.

import (
	"bytes"
	std "encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Raw is JSON text that was kept as it came.
type Raw = jsontext.Value

// lenient takes what the API has been seen to send and its reference does not allow: names in another case, names twice, broken UTF-8, and scalars of the wrong type.
var lenient = json.JoinOptions(sloppy, json.WithUnmarshalers(json.UnmarshalFromFunc(decodeScalar)))

var sloppy = json.JoinOptions(json.MatchCaseInsensitiveNames(true), unchecked)

// unchecked does not look for names twice and broken UTF-8, which costs time and would change nothing: both are taken in the end.
var unchecked = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// decode reads JSON into out, or only what its member of that name holds: strictly first, which is fast and nearly always enough, and leniently where that fails.
func decode(data []byte, name string, out any) error {
	if name == "" {
		return decodeWhole(data, out, out)
	}
	one := &member{name: name, value: out}
	if err := decodeWhole(data, one, out); err != nil {
		return err
	}
	if !one.found {
		return fmt.Errorf("%w: an object without %q", ErrUnexpected, name)
	}
	return nil
}

// decodeWhole reads JSON into whole, of which out is what has to be forgotten between two tries.
func decodeWhole(data []byte, whole, out any) error {
	if json.Unmarshal(data, whole, unchecked) == nil {
		return nil
	}
	reset(out)
	return json.Unmarshal(data, whole, lenient)
}

// decodeLeniently reads JSON into a caller's own type as encoding/json would, which need not spell every name as it comes.
func decodeLeniently(data []byte, out any) error { return json.Unmarshal(data, out, lenient) }

// reset forgets what a failed try has left behind, so that nothing of it is mistaken for the answer.
func reset(out any) { reflect.ValueOf(out).Elem().SetZero() }

// encode writes a request body.
func encode(v any) ([]byte, error) { return json.Marshal(v) }

// mend makes strict JSON of what is only nearly so: without broken UTF-8, and with each name once.
func mend(raw Raw) (Raw, error) {
	dec := std.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return std.Marshal(v)
}

// pointer returns where in the JSON an error of decode happened.
func pointer(err error) string {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return string(semantic.JSONPointer)
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return string(syntactic.JSONPointer)
	}
	return ""
}

// decodeScalar reads a number, text or truth value whatever it came as, drops what cannot be the object or list that is expected in its place,
// and leaves everything else to the library.
func decodeScalar(dec *jsontext.Decoder, out any) error {
	v := reflect.ValueOf(out).Elem()
	kind := dec.PeekKind()
	if kind == 'n' || fits(v, kind) {
		return errors.ErrUnsupported
	}
	if _, own := out.(json.UnmarshalerFrom); own || dec.StackDepth() == 0 {
		return errors.ErrUnsupported
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if _, ok := out.(*time.Time); ok {
		v.Set(reflect.ValueOf(moment(raw)))
		return nil
	}
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		v.SetInt(toInt(number(raw)))
	case reflect.Float64:
		v.SetFloat(number(raw))
	case reflect.String:
		v.SetString(text(raw))
	case reflect.Bool:
		truth, _ := strconv.ParseBool(text(raw))
		v.SetBool(truth || number(raw) != 0)
	}
	return nil
}

// fits reports whether JSON of a kind needs no help to become a Go value of a kind.
func fits(v reflect.Value, kind jsontext.Kind) bool {
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		return false
	case reflect.TypeFor[Raw]():
		return true
	}
	switch v.Kind() {
	case reflect.String:
		return kind == '"'
	case reflect.Bool:
		return kind == 't' || kind == 'f'
	case reflect.Struct, reflect.Map:
		return kind == '{'
	case reflect.Slice:
		return kind == '['
	case reflect.Int, reflect.Int64, reflect.Float64:
		return false
	}
	return true
}

// number finds the number in a value: 49000000, 4.9E7, 640.0, "640", or the first number in an object such as {"totalMilliseconds": 640}.
func number(raw jsontext.Value) float64 {
	switch raw.Kind() {
	case '0':
		f, _ := strconv.ParseFloat(string(raw), 64) // what is out of range is infinite, which JSON cannot say
		return max(-math.MaxFloat64, min(f, math.MaxFloat64))
	case '"':
		f, err := strconv.ParseFloat(strings.TrimSpace(text(raw)), 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return 0
		}
		return f
	case '{':
		var members map[string]jsontext.Value
		if json.Unmarshal(raw, &members, sloppy) == nil {
			for _, name := range slices.Sorted(maps.Keys(members)) {
				if f := number(members[name]); f != 0 {
					return f
				}
			}
		}
	}
	return 0
}

// text finds the text in a value: the name in an object such as {"name": "Penguin"}, and otherwise the JSON itself, so that nothing is lost.
func text(raw jsontext.Value) string {
	switch raw.Kind() {
	case '"':
		var s string
		if json.Unmarshal(raw, &s, sloppy) == nil {
			return s
		}
	case '{':
		var named struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(raw, &named, sloppy) == nil && named.Name != "" {
			return named.Name
		}
	}
	return string(raw)
}

// moment finds the time in a value: RFC 3339, a bare date, or milliseconds since 1970. What is none of them is the zero time.
func moment(raw jsontext.Value) time.Time {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text(raw)); err == nil {
			return t
		}
	}
	if ms := toInt(number(raw)); ms > 0 {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}

// toInt rounds toward zero and keeps to what an int64 can hold.
func toInt(f float64) int64 {
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

// decoder is what a model reads itself from, where its JSON comes in more than one shape.
type decoder = jsontext.Decoder

// readNext reads the next value, strictly or leniently as the decoder does.
func readNext(dec *decoder, out any) error { return json.UnmarshalDecode(dec, out) }

// readAgain reads a value that the decoder has given out, strictly or leniently as the decoder does.
func readAgain(dec *decoder, raw Raw, out any) error { return json.Unmarshal(raw, out, dec.Options()) }

// member reads one member of an object, and skips the others.
type member struct {
	name  string
	value any
	found bool
}

// UnmarshalJSONFrom reads the member; an answer that is no object is taken for the value itself.
func (m *member) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if m.found = dec.PeekKind() != '{'; m.found {
		return json.UnmarshalDecode(dec, m.value)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if strings.EqualFold(name.String(), m.name) {
			m.found = true
			err = json.UnmarshalDecode(dec, m.value)
		} else {
			err = dec.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// elements is a list as the API sends it, with null in place of what is gone; reading it drops the nulls and counts them.
type elements[T any] struct {
	items   []T
	dropped int
}

// UnmarshalJSONFrom reads a list, or null for none.
func (e *elements[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '[' {
		return json.UnmarshalDecode(dec, &e.items)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	e.items, e.dropped = []T{}, 0
	begin := dec.InputOffset()
	for dec.PeekKind() != ']' {
		if dec.PeekKind() == 'n' {
			if err := dec.SkipValue(); err != nil {
				return err
			}
			e.dropped++
			continue
		}
		e.items = append(e.items, *new(T))
		if err := json.UnmarshalDecode(dec, &e.items[len(e.items)-1]); err != nil {
			return err
		}
		if len(e.items) == 1 { // what follows is probably like it: room for that is made once, for a page at most
			e.items = slices.Grow(e.items, min(len(dec.UnreadBuffer())/int(dec.InputOffset()-begin), 49))
		}
	}
	if cap(e.items) > 2*len(e.items) {
		e.items = slices.Clone(e.items)
	}
	_, err := dec.ReadToken()
	return err
}

// UnmarshalJSONFrom reads a page without the null elements among its items.
func (p *Page[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var raw struct {
		Href     string      `json:"href"`
		Items    elements[T] `json:"items"`
		Limit    int         `json:"limit"`
		Offset   int         `json:"offset"`
		Total    int         `json:"total"`
		Next     string      `json:"next"`
		Previous string      `json:"previous"`
	}
	if err := json.UnmarshalDecode(dec, &raw); err != nil {
		return err
	}
	*p = Page[T]{raw.Href, raw.Items.items, raw.Limit, raw.Offset, raw.Total, raw.Next, raw.Previous, raw.Items.dropped}
	return nil
}

// UnmarshalJSONFrom reads a page without the null elements among its items.
func (p *CursorPage[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var raw struct {
		Href    string      `json:"href"`
		Items   elements[T] `json:"items"`
		Limit   int         `json:"limit"`
		Next    string      `json:"next"`
		Cursors Cursors     `json:"cursors"`
		Total   int         `json:"total"`
	}
	if err := json.UnmarshalDecode(dec, &raw); err != nil {
		return err
	}
	*p = CursorPage[T]{raw.Href, raw.Items.items, raw.Limit, raw.Next, raw.Cursors, raw.Total, raw.Items.dropped}
	return nil
}

// UnmarshalJSONFrom reads a saved audiobook, and also an audiobook in place of one: the reference has had both.
func (s *SavedAudiobook) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var raw struct {
		AddedAt time.Time  `json:"added_at"`
		Saved   *Audiobook `json:"audiobook"`
		Audiobook
	}
	if err := json.UnmarshalDecode(dec, &raw); err != nil {
		return err
	}
	if raw.Saved == nil {
		raw.Saved = &raw.Audiobook
	}
	*s = SavedAudiobook{raw.AddedAt, *raw.Saved}
	return nil
}

package resources

// Only this file imports the JSON library. It reads JSON token by token for the decoder, and
// encodes request bodies.

import (
	"bytes"
	"context"
	"encoding/binary"
	std "encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// unchecked accepts duplicate names and invalid UTF-8, which the API has been seen to send.
var unchecked = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// foreign has the options for types that decode themselves, or that the decoder does not know.
var foreign = json.JoinOptions(unchecked, json.MatchCaseInsensitiveNames(true))

// encode returns v as JSON.
func encode(v any) ([]byte, error) { return json.Marshal(v) }

// marshal is the MarshalJSON of every model that has one. It does not escape HTML, because the
// encoder that calls MarshalJSON does (encoding/json), or does not (its version 2).
func marshal(v any) ([]byte, error) {
	var text bytes.Buffer
	enc := std.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// Raw is JSON text as Spotify has sent it. Encoders may escape its strings in another way, which
// has the same meaning: encoding/json writes \u003c for <.
type Raw []byte

// MarshalJSON returns the text, and null for an empty one. It replaces invalid UTF-8 by U+FFFD, and
// removes all but the last of duplicate names.
func (r Raw) MarshalJSON() ([]byte, error) {
	if len(r) == 0 {
		return []byte("null"), nil
	}
	if jsontext.Value(r).IsValid() {
		return r, nil
	}
	dec := std.NewDecoder(bytes.NewReader(r))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return std.Marshal(v)
}

// UnmarshalJSON stores a copy of the text.
func (r *Raw) UnmarshalJSON(data []byte) error {
	*r = bytes.Clone(data)
	return nil
}

// String returns the text.
func (r Raw) String() string { return string(r) }

// The kinds of JSON values.
const (
	jsonNull   = jsontext.KindNull
	jsonFalse  = jsontext.KindFalse
	jsonTrue   = jsontext.KindTrue
	jsonString = jsontext.KindString
	jsonNumber = jsontext.KindNumber
	jsonObject = jsontext.KindBeginObject
	jsonArray  = jsontext.KindBeginArray
)

type jsonKind = jsontext.Kind

// reader reads one JSON text. It limits the bytes that decoding allocates, the depth, and, by its
// context, the time.
type reader struct {
	dec   jsontext.Decoder
	input bytes.Buffer
	data  []byte
	ctx   context.Context
	left  int64 // bytes that decoding may still allocate
	limit int64 // the value of left at the start
	steps uint  // tokens read; ctx is checked every 512
	depth int
	long  bool // whether the text is long enough for a string that is too long
	// noting says that note records the members of the outermost object: known is whether the type
	// has one of them, and unknown are some of those that it has not.
	noting, known bool
	unknown       []string
	texts         [512]string // the last short strings, because most of them repeat
	plain         []byte      // a buffer for a string without its escapes
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// readAll calls read with a reader for a JSON text. Text after the first value is an error.
func readAll(ctx context.Context, data []byte, limit int64, read func(*reader) error) error {
	r := readers.Get().(*reader)
	defer readers.Put(r)
	r.input = *bytes.NewBuffer(data)
	r.dec.Reset(&r.input, unchecked)
	r.data, r.ctx, r.left, r.limit, r.depth = data, ctx, limit, limit, 0
	r.long, r.noting, r.known, r.unknown = len(data) > longestText, false, false, nil
	err := read(r)
	if err == nil {
		switch _, err = r.dec.ReadToken(); {
		case errors.Is(err, io.EOF):
			err = nil
		case err == nil:
			err = r.fail(errors.New("more follows the value"))
		}
	}
	if err != nil { // the library's errors have a position only until the reader is reset
		err = r.located(err)
	}
	r.input, r.data, r.ctx, r.unknown = bytes.Buffer{}, nil, nil, nil
	if cap(r.plain) > 64<<10 {
		r.plain = nil // do not keep a large buffer in the pool
	}
	return err
}

// decodeError is an error in JSON text, with its place (RFC 6901).
type decodeError struct {
	pointer string
	err     error
}

func (e *decodeError) Error() string { return e.err.Error() }

func (e *decodeError) Unwrap() error { return e.err }

// pointer returns the place of an error of decode in the JSON text, or "".
func pointer(err error) string {
	located, ok := errors.AsType[*decodeError](err)
	if !ok {
		return ""
	}
	return located.pointer
}

// fail returns err with the reader's place.
func (r *reader) fail(err error) error { return &decodeError{string(r.dec.StackPointer()), err} }

// located returns an error of the library with its place.
func (r *reader) located(err error) error {
	if _, ok := errors.AsType[*decodeError](err); ok {
		return err
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return &decodeError{string(syntactic.JSONPointer), err}
	}
	return r.fail(err)
}

// peek returns the kind of the next token.
func (r *reader) peek() jsonKind { return r.dec.PeekKind() }

// scalar reads the next value, which is neither an object nor a list, and returns its text, which
// is valid until the next read.
func (r *reader) scalar() ([]byte, error) {
	if r.long {
		if err := r.bound(); err != nil {
			return nil, err
		}
	}
	return r.dec.ReadValue()
}

// token reads the next token.
func (r *reader) token() error {
	if r.long {
		if err := r.bound(); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// longestText is the largest number of bytes in one JSON string. Reading it takes about 20 ms, in
// which ctx is not checked.
const longestText = 1 << 19

// bound returns an error for a string that is too long, before it is read.
func (r *reader) bound() error {
	rest := r.data[r.dec.InputOffset():]
	if len(rest) <= longestText || r.dec.PeekKind() != jsonString {
		return nil
	}
	rest = rest[bytes.IndexByte(rest, '"')+1:]
	for at := 0; at < longestText; at++ {
		quote := bytes.IndexByte(rest[at:min(longestText, len(rest))], '"')
		if quote < 0 {
			break
		}
		at += quote
		escapes := 0
		for escapes < at && rest[at-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			if at > 32<<10 && r.ctx.Err() != nil { // it takes as long as 512 tokens
				return context.Cause(r.ctx)
			}
			return nil
		}
	}
	return r.fail(fmt.Errorf("%w: want strings of at most %d bytes", ErrTooLarge, longestText))
}

// open reads the first token of an object or a list.
func (r *reader) open() error {
	if r.depth++; r.depth > deepest {
		return r.fail(fmt.Errorf("%w: want at most %d levels", ErrTooLarge, deepest))
	}
	_, err := r.dec.ReadToken()
	return err
}

// shut reads the last token of an object or a list.
func (r *reader) shut() error {
	r.depth--
	_, err := r.dec.ReadToken()
	return err
}

// more reports whether the object or list has another member or element. The error is that of ctx.
func (r *reader) more() (bool, error) {
	if err := r.tick(); err != nil {
		return false, err
	}
	kind := r.dec.PeekKind()
	return kind != jsontext.KindEndObject && kind != jsontext.KindEndArray, nil
}

// tick returns the error of ctx, which it checks every 512 calls.
func (r *reader) tick() error {
	if r.steps++; r.steps%512 == 0 && r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	return nil
}

// skip skips the next value, at any depth, without recursion.
func (r *reader) skip() error {
	if kind := r.peek(); kind != jsonObject && kind != jsonArray {
		_, err := r.scalar()
		return err
	}
	depth := r.dec.StackDepth()
	for {
		if err := r.token(); err != nil {
			return err
		}
		if r.dec.StackDepth() <= depth {
			return nil
		}
		if err := r.tick(); err != nil {
			return err
		}
	}
}

// since returns the text from an offset to the reader's place, without leading separators.
func (r *reader) since(offset int64) []byte {
	return bytes.TrimLeft(r.data[offset:r.dec.InputOffset()], " \t\r\n,:")
}

// raw reads the next value and returns its text.
func (r *reader) raw() ([]byte, error) {
	start := r.dec.InputOffset()
	if err := r.skip(); err != nil {
		return nil, err
	}
	return r.since(start), nil
}

// charge subtracts bytes from the number that decoding may allocate.
func (r *reader) charge(bytes int64) error {
	if r.left -= bytes; r.left < 0 {
		return r.fail(fmt.Errorf("%w: decoded, it takes more than %d bytes", ErrTooLarge, r.limit))
	}
	return nil
}

// unquote returns the text of a JSON string, which is valid until the next call.
func (r *reader) unquote(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return inner
	}
	room := len(inner)
	for _, c := range inner {
		if c >= utf8.RuneSelf {
			room += 2 // an invalid byte is replaced by U+FFFD, which has three
		}
	}
	if room > cap(r.plain) {
		r.left -= int64(room)
		r.plain = make([]byte, 0, room)
	}
	r.plain, _ = jsontext.AppendUnquote(r.plain[:0], quoted) // the error is about invalid UTF-8, which is replaced
	return r.plain
}

// text is unquote for a string that stays valid.
func (r *reader) text(quoted []byte) (string, error) {
	inner := quoted[1 : len(quoted)-1]
	if len(inner) < 2 || len(inner) > 128 {
		s := string(r.unquote(quoted))
		return s, r.charge(int64(len(s)))
	}
	known := &r.texts[hash(inner)]
	if *known == string(inner) { // only strings without escapes are stored
		return *known, nil
	}
	b := r.unquote(quoted)
	s := string(b)
	if len(b) == len(inner) && &b[0] == &inner[0] {
		*known = s
	}
	return s, r.charge(int64(len(s)))
}

// hash returns a number below 512 for a text of at least two bytes. It uses only the ends of the
// text, in which most texts differ.
func hash(b []byte) uint64 {
	var first, last uint64
	switch {
	case len(b) >= 8:
		first, last = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[len(b)-8:])
	case len(b) >= 4:
		first, last = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[len(b)-4:]))
	default:
		first, last = uint64(binary.LittleEndian.Uint16(b)), uint64(binary.LittleEndian.Uint16(b[len(b)-2:]))
	}
	const odd = 0x9e3779b97f4a7c15
	return ((first*odd ^ last) * odd) >> 55 // the highest bits are mixed best
}

// decodeForeign decodes a value into a type that decodes itself.
func decodeForeign(raw []byte, out any) error { return json.Unmarshal(raw, out, foreign) }

package api

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// appendList appends items separated by commas, null for those that are nil.
func appendList(b []byte, items [][]byte) []byte {
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		if item == nil {
			item = []byte("null")
		}
		b = append(b, item...)
	}
	return b
}

// array returns a JSON array of items.
func array(items [][]byte) []byte {
	return append(appendList([]byte{'['}, items), ']')
}

// field is a member of a JSON object.
type field struct {
	name  string
	value []byte // JSON
}

// object returns a JSON object.
func object(fields ...field) []byte {
	b := []byte{'{'}
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, f.name...)
		b = append(b, '"', ':')
		b = append(b, f.value...)
	}
	return append(b, '}')
}

// encode returns v as JSON, with <, > and & as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("mock: %T does not become JSON: %v", v, err)) // never for the types of this package
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// quote returns a string as JSON.
func quote(s string) []byte { return encode(s) }

func pointer[T any](v T) *T { return &v }

// nonNil returns a list that is encoded as [] and not as null if it is empty.
func nonNil[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}

// timestamp is the layout of times in JSON.
const timestamp = "2006-01-02T15:04:05Z"

package api

import (
	"strings"
	"testing"
)

func TestFields(t *testing.T) {
	const body = `{"a":1,"b":{"c":2,"d":[{"e":3,"f":4},null,{"e":5}]},"g":12345678901234567890}`
	for fields, want := range map[string]string{
		"":                             `=`,
		"a":                            `{"a":1}`,
		"a, g":                         `{"a":1,"g":12345678901234567890}`,
		"b.c":                          `{"b":{"c":2}}`,
		"b.d.e":                        `{"b":{"d":[{"e":3},null,{"e":5}]}}`,
		"b(c,d(f))":                    `{"b":{"c":2,"d":[{"f":4},null,{}]}}`,
		"b.d(!e)":                      `{"b":{"d":[{"f":4},null,{}]}}`,
		"!b":                           `{"a":1,"g":12345678901234567890}`,
		"!b,!g":                        `{"a":1}`,
		"a,b(!d)":                      `{"a":1,"b":{"c":2}}`,
		"b(!c,d)":                      `{"b":{"d":[{"e":3,"f":4},null,{"e":5}]}}`,
		"b.c,b.d.e":                    `{"b":{"c":2,"d":[{"e":3},null,{"e":5}]}}`,
		"b,b.c":                        `{"b":{"c":2,"d":[{"e":3,"f":4},null,{"e":5}]}}`,
		"b.c,b":                        `{"b":{"c":2,"d":[{"e":3,"f":4},null,{"e":5}]}}`,
		"nothing":                      `{}`,
		"a.b.c":                        `{"a":1}`,
		"b(c":                          "",
		"b)":                           "",
		"b(c))":                        "",
		",":                            "",
		"a,":                           "",
		"b.":                           "",
		"!":                            "",
		"b.d(!e!f)":                    "",
		"a b":                          "",
		"a(" + "(((((((":               "",
		"\"a\"":                        "",
		strings.Repeat("a.", 60) + "a": "",
		strings.Repeat("a(", 60) + "a" + strings.Repeat(")", 60): "",
	} {
		sel, ok := parseFields(fields)
		switch {
		case !ok && want != "", ok && want == "":
			t.Errorf("%s: %v", fields, ok)
		case want == "=" && string(sel.of([]byte(body))) != body, ok && want != "=" && string(sel.of([]byte(body))) != want:
			t.Errorf("%s: %s, want %s", fields, sel.of([]byte(body)), want)
		}
	}
}

func FuzzFields(f *testing.F) {
	for _, seed := range []string{"items(added_by.id,track(name,href)),total", "!a", "a.b(c,!d)", "a((", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, fields string) {
		if sel, ok := parseFields(fields); ok {
			sel.of([]byte(`{"a":{"b":[{"c":1},null]},"items":[{"total":1}]}`))
		}
	})
}

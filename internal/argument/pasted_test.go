package argument

import "testing"

func TestPasted(t *testing.T) {
	for given, want := range map[string]string{
		"":                      "",
		" ":                     "",
		`"`:                     `"`,
		`""`:                    "",
		"abc":                   "abc",
		" abc\r\n":              "abc",
		`"abc"`:                 "abc",
		` "' abc '" `:           "abc",
		"<https://x/>":          "https://x/",
		"“abc”":                 "abc",
		"\u00a0\u200babc\ufeff": "abc",
		"\u2066abc\u2069":       "abc",
		`"abc`:                  `"abc`,
		`abc"`:                  `abc"`,
		`"abc'`:                 `"abc'`,
		`a "b" c`:               `a "b" c`,
		"a\nb":                  "a\nb",
		"\xff":                  "\xff",
	} {
		if got := Pasted(given); got != want {
			t.Errorf("Pasted(%q) = %q, want %q", given, got, want)
		}
	}
}

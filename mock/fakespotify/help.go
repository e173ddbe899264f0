package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

const about = `Fakespotify is a fake Spotify on a loopback socket: the whole Web API and the Accounts service,
with state, rate limits and faults, for tests of programs in any language, in a browser too (CORS).
It needs no network and no credentials.

	fakespotify [flags]

It prints its addresses, ids and tokens, then a line for each call, and exits on an interrupt or
SIGTERM. Point the program under test at http://127.0.0.1:8899/v1 in place of
https://api.spotify.com/v1, and at http://127.0.0.1:8899 in place of https://accounts.spotify.com,
and send any bearer token:

	curl -H 'Authorization: Bearer any' http://127.0.0.1:8899/v1/me

A limit of 10 calls in 30 seconds, and a flaky network with the same faults in every run:

	fakespotify -rate-limit 10
	fakespotify -chaos 7 -error-rate 0.1
`

const helpWidth = 100

// printHelp prints all flags by group.
func printHelp(out io.Writer) {
	fs, groups := new(config).define()
	fmt.Fprint(out, about)
	for _, g := range groups {
		fmt.Fprintf(out, "\n%s\n\n", strings.ToUpper(g.title))
		fmt.Fprint(out, wrap(g.text, ""))
		for _, name := range g.flags {
			f := fs.Lookup(name)
			value, text := flag.UnquoteUsage(f)
			fmt.Fprintf(out, "\n  -%s\n", strings.TrimSpace(name+" "+value))
			if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "0s" &&
				!strings.HasPrefix(f.DefValue, "-1") {
				text += " The default is " + f.DefValue + "."
			}
			fmt.Fprint(out, wrap(strings.ToUpper(text[:1])+text[1:], "      "))
		}
	}
}

// wrap breaks each line of a text at helpWidth, and indents it: the lines after the first one,
// which are examples, by four columns more. A line that begins with a tab belongs to the line
// before it.
func wrap(text, indent string) string {
	var out strings.Builder
	for i, line := range strings.Split(strings.ReplaceAll(text, "\n\t", " "), "\n") {
		if i == 1 {
			indent += "    "
		}
		width := 0
		for _, word := range strings.Fields(line) {
			switch {
			case width == 0:
				out.WriteString(indent)
				width = len(indent)
			case width+1+len(word) > helpWidth:
				out.WriteString("\n" + indent)
				width = len(indent)
			default:
				out.WriteByte(' ')
				width++
			}
			out.WriteString(word)
			width += len(word)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

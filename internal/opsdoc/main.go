// Command opsdoc writes docs/operations.md, the table of all operations, each with the methods that
// call it, and the list of methods in AGENTS.md. It finds the methods in the source of package
// resources.
//
//	go run ./internal/opsdoc -source resources -table internal/operations/table.go \
//		-to docs/operations.md -agents AGENTS.md
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/excerpt"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

func main() {
	source := flag.String("source", ".", "the directory of package resources")
	table := flag.String("table", "table.go", "the file with the table")
	to := flag.String("to", "", "the file to write the table to")
	agents := flag.String("agents", "", "the page to write the list of methods to, between its two marked lines")
	flag.Parse()
	if err := run(*source, *table, *to, *agents); err != nil {
		fmt.Fprintln(os.Stderr, "opsdoc:", err)
		os.Exit(1)
	}
}

func run(source, table, to, agents string) error {
	found, signatures, err := scan(source, table)
	if err != nil {
		return err
	}
	text, err := document(found)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
		return err
	}
	return excerpt.Replace(agents, begin, end, methods(found, signatures))
}

// document returns the page. An operation that no exported method calls is an error.
func document(found map[string]entry) (string, error) {
	var orphans []string
	var out strings.Builder
	out.WriteString(preface)
	area := ""
	for _, op := range operations.All() {
		entry := found[op.Name]
		if len(entry.methods) == 0 {
			orphans = append(orphans, op.Name)
			continue
		}
		if entry.area != area {
			area = entry.area
			fmt.Fprintf(&out, "\n## %s\n\n%s", area, head)
		}
		out.WriteString(row(op, entry))
	}
	if len(orphans) > 0 {
		return "", fmt.Errorf("%d operations have no exported method: %s", len(orphans), strings.Join(orphans, ", "))
	}
	return out.String(), nil
}

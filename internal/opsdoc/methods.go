package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// The lines of AGENTS.md before and after the list that methods returns.
const (
	begin = "<!-- methods: written by go generate ./... -->"
	end   = "<!-- end of methods -->"
)

// methods returns the list of all methods of the services: signature, requests, and the apps that
// may call them if not all may.
func methods(found map[string]entry, signatures []signature) string {
	calls := map[string][]operations.Operation{}
	for _, op := range operations.All() {
		for _, method := range found[op.Name].methods {
			calls[method] = append(calls[method], op)
		}
	}
	signatures = slices.Clone(signatures)
	slices.SortStableFunc(signatures, func(a, b signature) int { return strings.Compare(service(a), service(b)) })
	var out strings.Builder
	last := ""
	for _, s := range signatures {
		if len(calls[s.method]) == 0 {
			continue
		}
		if service(s) != last {
			last = service(s)
			fmt.Fprintf(&out, "\n### client.%s\n\n", last)
		}
		_, name, _ := strings.Cut(s.method, ".")
		fmt.Fprintf(&out, "- `%s%s`: %s%s\n", name, shortened(s.text), requests(calls[s.method]), closed(calls[s.method]))
	}
	return out.String() + "\n"
}

// service returns the name of a method's service.
func service(s signature) string {
	name, _, _ := strings.Cut(s.method, ".")
	return name
}

// shortened leaves out the type of ctx, which all methods take.
func shortened(signature string) string {
	return strings.Replace(signature, "ctx context.Context", "ctx", 1)
}

func requests(calls []operations.Operation) string {
	var texts []string
	for _, op := range calls {
		texts = append(texts, op.Method+" "+op.Path)
	}
	return strings.Join(texts, ", ")
}

// closed returns a note for a method all of whose operations are closed to new apps.
func closed(calls []operations.Operation) string {
	replacement := ""
	for _, op := range calls {
		switch op.Access {
		case operations.Everyone, operations.Restricted:
			return ""
		}
		replacement = op.Replacement
	}
	note := "; **" + calls[0].Access.String() + "**"
	if replacement != "" {
		note += ", others: " + replacement
	}
	return note
}

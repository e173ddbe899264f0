//go:build clients

package clients

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const document = "../../docs/fake.md"

// table is a table of the document: the rows by client, one or several lines for each.
type table struct {
	name string // of the markers around it
	head string
	rows map[string]string
}

// add adds a line to the rows of a client.
func (t *table) add(c *client, cells ...string) {
	t.rows[c.name] += "| " + strings.Join(cells, " | ") + " |\n"
}

// callsTable returns the table of calls.
func callsTable(tallies []*tally) table {
	made := table{
		"calls",
		"| client | version | calls | extended quota | older development mode | development mode |\n" +
			"|---|---|---|---|---|---|\n",
		map[string]string{},
	}
	for _, o := range tallies {
		if o.client.absent != "" {
			continue
		}
		cells := []string{o.client.link(), o.client.version, fmt.Sprint(o.calls)}
		for _, s := range []surface{extended, older, development} {
			cell := fmt.Sprintf("%d pass", o.passed[s])
			if o.refused[s] > 0 {
				cell += fmt.Sprintf(", %d refused", o.refused[s])
			}
			if own := o.own(s); own > 0 {
				cell += fmt.Sprintf(", %d own", own)
			}
			cells = append(cells, cell)
		}
		made.add(o.client, cells...)
	}
	return made
}

// faultsTable returns the table of the clients' own faults.
func faultsTable(tallies []*tally) table {
	made := table{"faults", "| client | calls | fault |\n|---|---|---|\n", map[string]string{}}
	for _, o := range tallies {
		for _, fault := range o.faults {
			made.add(o.client, o.client.name, "`"+strings.ReplaceAll(fault.methods, ", ", "`, `")+"`", fault.reason)
		}
	}
	return made
}

// storiesTable returns the table of stories.
func storiesTable(described map[*client]map[string]string) table {
	made := table{"stories", "| client | refresh without a refresh token | 429, Retry-After: 3 | " +
		"429, `QUOTA_EXCEEDED` | 403, `QUOTA_EXCEEDED` | an unexpected 401 | items of a playlist: " +
		"extended quota / older / development mode |\n|---|---|---|---|---|---|---|\n", map[string]string{}}
	for c, outcomes := range described {
		if c.absent != "" {
			continue
		}
		items := make([]string, 0, len(surfaces))
		for _, s := range []surface{extended, older, development} {
			items = append(items, outcomes["items "+string(s)])
		}
		refresh := outcomes["refresh"]
		switch {
		case refresh == "":
			refresh = "has no login"
		case strings.Contains(refresh, errorText):
			refresh = "loses the login"
		}
		cells := []string{
			c.name, refresh, outcomes["rateLimited"], outcomes["quota"], outcomes["quota403"],
			outcomes["unauthorized"], strings.Join(items, " / "),
		}
		for i, cell := range cells {
			cells[i], _, _ = strings.Cut(cell, errorText)
		}
		made.add(c, cells...)
	}
	return made
}

// errorText is between an outcome and the text of the client's error.
const errorText = ": `"

// errorsTable returns the table of the errors' texts.
func errorsTable(described map[*client]map[string]string) table {
	made := table{"errors", "| client | trouble | error |\n|---|---|---|\n", map[string]string{}}
	for c, outcomes := range described {
		for _, trouble := range []struct{ story, title string }{
			{"refresh", "refresh without a refresh token"}, {"rateLimited", "429, Retry-After: 3"},
			{"quota", "429, `QUOTA_EXCEEDED`"}, {"quota403", "403, `QUOTA_EXCEEDED`"},
			{"unauthorized", "an unexpected 401"},
		} {
			if _, text, ok := strings.Cut(outcomes[trouble.story], errorText); ok && c.absent == "" {
				made.add(c, c.name, trouble.title, "`"+text)
			}
		}
	}
	return made
}

// checkTable compares a table with the document, or writes it there. The rows of clients that were
// not run stay.
func checkTable(t *testing.T, made table) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+made.name+": begin -->\n", "<!-- "+made.name+": end -->"
	before, rest, found := strings.Cut(string(text), begin)
	old, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no %q and %q", document, begin, end)
	}
	var body strings.Builder
	body.WriteString(made.head)
	for _, c := range clients {
		if c.absent != "" {
			body.WriteString(rowsOf(old, c))
			continue
		}
		body.WriteString(made.rows[c.name])
	}
	switch {
	case body.String() == old:
	case *update:
		if err := os.WriteFile(document, []byte(before+begin+body.String()+end+after), 0o600); err != nil {
			t.Error(err)
		}
	default:
		t.Errorf("the table %q of %s is stale: run go test -tags clients . -update\nwant\n%s\nhave\n%s",
			made.name, document, body.String(), old)
	}
}

// rowsOf returns the rows of a client in the lines of a table.
func rowsOf(table string, c *client) (rows string) {
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "| "+c.name+" |") || strings.HasPrefix(line, "| "+c.link()+" |") {
			rows += line
		}
	}
	return rows
}

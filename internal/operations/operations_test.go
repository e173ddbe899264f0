package operations

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestOperationsAreThoseOfTheReference compares the table with the reference:
// testdata/operations.txt lists the reference's operations by name, method and path.
func TestOperationsAreThoseOfTheReference(t *testing.T) {
	text, err := os.ReadFile("testdata/operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(want) != 97 {
		t.Fatalf("the list has %d operations", len(want))
	}
	var got []string
	for _, op := range All() {
		got = append(got, op.Name+" "+op.Method+" "+op.Path)
	}
	slices.Sort(got)
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("the table has %s, the reference lacks it", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("the reference has %s, the table lacks it", line)
		}
	}
	if again := slices.Compact(slices.Clone(got)); len(again) != len(got) {
		t.Error("an operation is declared twice")
	}
}

// TestOperationsAreConsistent checks the members of each entry against each other.
func TestOperationsAreConsistent(t *testing.T) {
	calls := map[string]bool{}
	for _, op := range All() {
		calls[op.Method+" "+op.Path] = true
	}
	for _, op := range All() {
		switch {
		case strings.Count(op.Path, "{") > 1, !strings.HasPrefix(op.Path, "/"):
			t.Errorf("%s: the path %s has several parameters, want one at most", op.Name, op.Path)
		case op.DevelopmentMaxLimit > op.MaxLimit:
			t.Errorf("%s: larger pages in development mode than without", op.Name)
		case op.Replacement != "" && !calls[op.Replacement]:
			t.Errorf("%s: is replaced by %s, which is not an operation", op.Name, op.Replacement)
		case op.Replacement != "" && op.Access == Everyone:
			t.Errorf("%s: has a Replacement, want none: every app may call it", op.Name)
		case op.Method != "GET" && len(op.Scopes) == 0:
			t.Errorf("%s: is a write without a scope", op.Name)
		case op.MayBeEmpty && op.Method != "GET":
			t.Errorf("%s: has MayBeEmpty, which is for GET: the response to a command is never decoded", op.Name)
		}
		noNotice := op.Access == Everyone || op.Access == Restricted && op.DevelopmentMaxLimit > 0 // smaller pages only
		if (op.Notice() == "") != noNotice ||
			op.Replacement != "" && !strings.Contains(op.Notice(), op.Replacement) {
			t.Errorf("%s: the notice for a 403 says %q", op.Name, op.Notice())
		}
		if op.Access.String() == "" ||
			op.Reference() != "https://developer.spotify.com/documentation/web-api/reference/"+op.Name {
			t.Errorf("%s: %s, %s", op.Name, op.Access, op.Reference())
		}
	}
	all := All()
	scoped := slices.IndexFunc(all, func(op Operation) bool { return len(op.Scopes) > 0 })
	all[scoped].Name, all[scoped].Scopes[0] = "changed", "changed"
	if again := All()[scoped]; again.Name == "changed" || again.Scopes[0] == "changed" {
		t.Error("a caller can change the table")
	}
}

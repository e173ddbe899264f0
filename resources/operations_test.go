package resources

import "testing"

func TestOperationsAreAllThere(t *testing.T) {
	if n := len(Operations()); n != 97 {
		t.Fatalf("%d operations declared, the reference has 97", n)
	}
	seen := map[string]bool{}
	for _, op := range Operations() {
		for _, key := range []string{op.Name, op.Method + " " + op.Path} {
			if seen[key] {
				t.Errorf("%s is declared twice", key)
			}
			seen[key] = true
		}
	}
}

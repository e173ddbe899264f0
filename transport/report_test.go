package transport_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/transport"
)

// remover removes one text and counts how often it is asked.
type remover struct {
	secret string
	asked  int
}

func (r *remover) Remove(text string) string {
	r.asked++
	return strings.ReplaceAll(text, r.secret, "-")
}

// A Report removes all secrets that were added, once each, from the texts of a class and from
// others, and passes them on with what it shares. It prints no response.
func TestSecurity7ReportRedacts(t *testing.T) {
	var report, shared transport.Report
	one, two, three := &remover{secret: "first"}, &remover{secret: "second"}, &remover{secret: "third"}
	for _, secrets := range []*remover{one, two, three, one} {
		report.AddSecrets(secrets)
	}
	sent, received := &http.Response{StatusCode: 403}, &http.Response{StatusCode: 403}
	body := []byte("the body has first, second and third")
	report.Classify(sent, transport.Class{Message: "first, second", Reason: "THE third"}, body)
	class, kept, ok := report.Classified(sent)
	if !ok || class.Message != "-, -" || class.Reason != "THE -" || string(kept) != string(body) {
		t.Errorf("%+v, %q: want texts without the secrets and the body as it came", class, kept)
	}
	if one.asked != 2 {
		t.Errorf("asked %d times for 2 texts", one.asked)
	}
	shared.Share(&report, sent, received)
	if got := shared.Redact("first and third"); got != "- and -" {
		t.Errorf("%q, want the secrets removed from what is shared", got)
	}
	if got := (*transport.Report)(nil).Redact("first"); got != "first" {
		t.Error(got)
	}
	report.Attempt()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		if got := fmt.Sprintf(verb, &report); got != "transport.Report(1 attempts)" {
			t.Errorf("%s: %s", verb, got)
		}
	}
	if got := fmt.Sprint((*transport.Report)(nil)); got != "<nil>" {
		t.Error(got)
	}
}

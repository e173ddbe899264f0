package transport_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

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

// A fork counts and is numbered as the call that it is for. Other calls have other numbers.
func TestReportOfAFork(t *testing.T) {
	req, call := transport.WithReport(newRequest(t))
	if call.Report.ObservedFirstBy("an observer"); call.Report.ID() == 0 {
		t.Error("a call has no number")
	}
	call.Report.SetEvents("a receiver")
	_, fork := transport.Fork(req)
	first, second := call.Report.AddSent(), fork.AddSent()
	if first != 1 || second != 2 || call.Report.Sent() != 2 || fork.ID() != call.Report.ID() {
		t.Errorf("sent %d and %d, %d in all; numbers %d and %d", first, second, call.Report.Sent(), fork.ID(),
			call.Report.ID())
	}
	if fork.Events() != "a receiver" || fork.ObservedFirstBy("another observer") {
		t.Errorf("the fork's events go to %v", fork.Events())
	}
	if _, other := transport.WithReport(newRequest(t)); other.Report.ID() == call.Report.ID() {
		t.Errorf("two calls have the number %d", other.Report.ID())
	}
}

// receiver keeps what a Report passes to it.
type receiver struct{ got []string }

func (r *receiver) Decoded(took time.Duration, err error) {
	r.got = append(r.got, fmt.Sprintf("decoded in %v: %v", took, err))
}

func (r *receiver) End(err error) { r.got = append(r.got, fmt.Sprintf("ended: %v", err)) }

// A Report passes the end of a call to the receiver of its events, if that wants it.
func TestReportEnds(t *testing.T) {
	var report transport.Report
	report.End(nil) // nobody observes the call
	report.SetEvents("a receiver without methods")
	report.Decoded(time.Second, nil)
	report.End(nil)
	if report.EndsLater() {
		t.Error("a call ends later although nothing says so")
	}
	report.EndLater()
	to := &receiver{}
	report.SetEvents(to)
	report.Decoded(time.Second, io.EOF)
	report.End(io.EOF)
	if got := strings.Join(to.got, ", "); got != "decoded in 1s: EOF, ended: EOF" || !report.EndsLater() {
		t.Errorf("the receiver got %q", got)
	}
}

// A call's record replaces the response of the call before. Without a record the timeline is empty.
func TestCapturedTimeline(t *testing.T) {
	var c transport.Captured
	header := http.Header{"A": {"b"}}
	body := []byte("body")
	c.SetResponse(200, header, body)
	header.Set("A", "changed")
	body[0] = 'x'
	if c.Status != 200 || c.Header.Get("A") != "b" || string(c.Body) != "body" || c.Timeline() != "" {
		t.Errorf("captured %d, %v, %q and %q", c.Status, c.Header, c.Body, c.Timeline())
	}
	c.SetTimeline(stringer("a timeline"))
	if c.Timeline() != "a timeline" || c.Status != 0 || c.Body != nil {
		t.Errorf("captured %d, %q and %q", c.Status, c.Body, c.Timeline())
	}
}

type stringer string

func (s stringer) String() string { return string(s) }

func newRequest(t *testing.T) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

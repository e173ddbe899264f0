//go:build clients

package clients

import (
	"os/exec"
	"strings"
	"testing"
)

// client is a client of somebody else, or this library.
type client struct {
	name    string
	version string
	page    string
	// run makes all calls, or runs the stories.
	run func(t *testing.T, r *recorder, stories bool)
	// absent is the reason for which it cannot be run here.
	absent string
	// storiesOnly leaves out the calls.
	storiesOnly bool
}

var clients = []*client{
	nodePackage("@spotify/web-api-ts-sdk", "https://github.com/spotify/spotify-web-api-ts-sdk", "ts-sdk.js"),
	nodePackage("spotify-web-api-node", "https://github.com/thelinmichael/spotify-web-api-node", "web-api-node.js"),
	nodePackage("spotify-web-api-js", "https://github.com/JMPerez/spotify-web-api-js", "web-api-js.js"),
	nodePackage("spotify-api.js", "https://github.com/spotify-api/spotify-api.js", "spotify-api.js"),
	{
		name:    "zmb3/spotify",
		page:    "https://pkg.go.dev/github.com/zmb3/spotify/v2",
		version: moduleVersion("github.com/zmb3/spotify/v2"),
		run:     runZMB3(false),
	},
	{name: "zmb3/spotify, WithRetry", run: runZMB3(true), storiesOnly: true},
	generatedClient(),
	{name: "this library", run: runLibrary, storiesOnly: true},
}

// link returns the client's name with a link to its page.
func (c *client) link() string {
	if c.page == "" {
		return c.name
	}
	return "[" + c.name + "](" + c.page + ")"
}

// moduleVersion returns the version of a module in go.mod.
func moduleVersion(module string) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", module).Output()
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
}

// tally is the outcome of all calls of a client.
type tally struct {
	client  *client
	calls   int
	passed  map[surface]int
	refused map[surface]int
	faults  []*ownFault // that occurred, in the order of the list
}

// own returns the number of calls that fail by the client's own fault.
func (o *tally) own(s surface) int { return o.calls - o.passed[s] - o.refused[s] }

// TestClients calls every method of every client on every surface, and compares docs/fake.md with
// the outcome.
func TestClients(t *testing.T) {
	list := ownFaults()
	var tallies []*tally
	complete := true
	for _, c := range clients {
		if c.storiesOnly {
			continue
		}
		outcome := &tally{client: c, passed: map[surface]int{}, refused: map[surface]int{}}
		tallies = append(tallies, outcome)
		for _, s := range surfaces {
			ran := t.Run(c.name+"/"+string(s), func(t *testing.T) { runClient(t, c, s, outcome, list) })
			complete = complete && ran
		}
		complete = complete && (outcome.calls > 0 || c.absent != "") // else -run left it out
		for _, o := range list {
			if o.client == c.name && len(o.met) > 0 {
				outcome.faults = append(outcome.faults, o)
			}
		}
	}
	if !complete {
		return // the tables and the list are judged when everything ran
	}
	for _, o := range list {
		for _, s := range o.surfaces {
			if missing := o.missing(s); len(missing) > 0 {
				t.Errorf("%s: %v do not have the fault %q on the surface %q any more: take them off the list",
					o.client, missing, o.reason, s)
			}
		}
	}
	checkTable(t, callsTable(tallies))
	checkTable(t, faultsTable(tallies))
}

// runClient makes the calls of a client on a surface and judges them.
func runClient(t *testing.T, c *client, s surface, outcome *tally, list []*ownFault) {
	if c.absent != "" {
		t.Skip(c.absent)
	}
	r := newRecorder(t, startFake(t, s))
	c.run(t, r, false)
	calls, methods := r.result()
	called := map[string]bool{}
	for _, call := range calls {
		called[call.Method] = true
		judged, description := judge(s, call)
		switch judged {
		case passes:
			outcome.passed[s]++
		case refused:
			outcome.refused[s]++
		case fault:
			if entry := find(list, c.name, s, call, description); entry != nil {
				entry.met[s] = append(entry.met[s], call.name())
				continue
			}
			t.Errorf("%s: %s", call.name(), description)
		}
	}
	if outcome.calls != 0 && outcome.calls != len(calls) {
		t.Errorf("%d calls, on another surface %d", len(calls), outcome.calls)
	}
	outcome.calls = len(calls)
	for _, method := range methods {
		if !called[method] {
			t.Errorf("the method %s is not called", method)
		}
		delete(called, method)
	}
	for method := range called {
		t.Errorf("the method %s is called, but not among the client's methods", method)
	}
	if len(methods) == 0 {
		t.Error("the client has no methods")
	}
}

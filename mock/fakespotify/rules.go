package main

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

// anyMethod and anyPath stand for every request to the Web API.
const anyMethod, anyPath = "ANY", "*"

// rule is a value of -on.
type rule struct {
	text         string
	method, path string
	status       int // 0 for the fake's own response
	reason       string
	reset        bool
	retryAfter   time.Duration // negative for none
	delay        time.Duration
	times        int // 0 for no limit
	faulty       bool
	faults       mock.Faults
}

// rules are the values of -on.
type rules []rule

func (r *rules) String() string {
	texts := make([]string, len(*r))
	for i := range *r {
		texts[i] = (*r)[i].text
	}
	return strings.Join(texts, "; ")
}

func (r *rules) Set(text string) error {
	parsed, err := parseRule(text)
	if err != nil {
		return err
	}
	*r = append(*r, parsed)
	return nil
}

func parseRule(text string) (rule, error) {
	refuse := func(format string, args ...any) (rule, error) {
		return rule{}, fmt.Errorf(format+": want such as 'GET /albums/{id} 429 retry-after=5s times=1'", args...)
	}
	words := strings.Fields(text)
	if len(words) < 3 {
		return refuse("the rule has %d words", len(words))
	}
	r := rule{text: text, method: words[0], path: words[1], retryAfter: -1}
	if (r.method == anyMethod) != (r.path == anyPath) {
		return refuse("one of %s and %s without the other", anyMethod, anyPath)
	}
	var given config
	faults := flag.NewFlagSet("", flag.ContinueOnError)
	given.defineFaults(faults)
	for _, word := range words[2:] {
		name, value, ok := strings.Cut(word, "=")
		var err error
		switch {
		case name == "retry-after" && ok:
			r.retryAfter, err = time.ParseDuration(value)
			if r.retryAfter < 0 {
				return refuse("invalid retry-after=%v", r.retryAfter)
			}
		case name == "delay" && ok:
			r.delay, err = time.ParseDuration(value)
		case name == "times" && ok:
			r.times, err = strconv.Atoi(value)
			if err == nil && r.times < 1 {
				return refuse("invalid times=%d", r.times)
			}
		case ok && name != "chaos" && faults.Lookup(name) != nil:
			r.faulty, err = true, faults.Set(name, value)
		case word == "reset":
			r.reset = true
		case r.status == 0:
			r.status, err = strconv.Atoi(word)
		case r.reason == "":
			r.reason = word
		default:
			return refuse("unexpected %q", word)
		}
		if err != nil {
			return refuse("invalid %q", word)
		}
	}
	r.faults = given.faults
	switch {
	case r.delay < 0:
		return refuse("invalid delay=%v", r.delay)
	case r.status == 0 && !r.reset && !r.faulty && r.delay == 0:
		return refuse("no response, no faults and no delay")
	case r.faulty && (r.status != 0 || r.reset):
		return refuse("both faults and a response, which has no faults")
	case r.status != 0 && (r.status < 400 || r.status > 599):
		return refuse("invalid status code %d, not 400 to 599", r.status)
	case r.retryAfter >= 0 && r.status != 429:
		return refuse("a retry-after without status code 429")
	case r.retryAfter >= 0 && r.reason != "":
		return refuse("both a retry-after and the reason %q", r.reason)
	case r.reset && r.status != 0:
		return refuse("both a reset and status code %d", r.status)
	}
	return r, nil
}

// apply adds the rule to a fake. The fake panics if the API reference has no such operation.
func (r *rule) apply(tr *mock.Transport) {
	var on *mock.Rule
	if r.method == anyMethod {
		on = tr.OnAny()
	} else {
		on = tr.On(r.method, r.path)
	}
	switch {
	case r.faulty:
		on.Faults(r.faults)
	case r.reset:
		on.Fail(nil)
	case r.retryAfter >= 0:
		on.RateLimited(r.retryAfter)
	case r.status != 0:
		on.Error(r.status, r.reason)
	}
	if r.delay > 0 {
		on.Delay(r.delay)
	}
	if r.times > 0 {
		on.Times(r.times)
	}
}

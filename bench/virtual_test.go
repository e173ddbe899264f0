package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
)

// TestInVirtualTime bounds the figures under a rate limit and for expired tokens. They are the same
// on every machine. The command runs this test to get the figures, see other.go.
func TestInVirtualTime(t *testing.T) {
	bubble := func(f func() error) error {
		err := errors.New("the bubble burst")
		synctest.Test(t, func(*testing.T) { err = f() })
		return err
	}
	goroutines := 1000
	if asked := os.Getenv(rushSize); asked != "" {
		goroutines, _ = strconv.Atoi(asked)
	}
	var v virtual
	var err error
	if v.Limits, err = measureLimits(context.Background(), bubble); err != nil {
		t.Fatal(err)
	}
	if v.Tokens, err = measureTokens(context.Background(), goroutines, bubble); err != nil {
		t.Fatal(err)
	}
	for _, p := range v.Limits {
		t.Logf("%s: %+v; %s: %+v", p.Name, p.Ours, namePeer, p.Peer)
		if p.Ours.Unfinished > 0 || p.Ours.Rejected > 15 || p.Ours.Seconds > 98 {
			t.Errorf("%s: %+v, want everything finished in 98 s with 15 responses of 429 at most", p.Name, p.Ours)
		}
	}
	for _, r := range v.Tokens {
		t.Logf("%+v", r)
		if r.Name[:len(nameOurs)] == nameOurs && (r.Requests != 1 || r.Failed != 0) {
			t.Errorf("%s: %d token requests and %d failed calls, want 1 and 0", r.Name, r.Requests, r.Failed)
		}
	}
	if file := os.Getenv(figuresFile); file != "" {
		text, err := json.Marshal(v)
		if err == nil {
			err = os.WriteFile(file, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

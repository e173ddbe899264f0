package transport

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestStack(t *testing.T) {
	var trail []string
	var s Stack
	if len(s.Names()) != 0 {
		t.Errorf("the zero Stack has %v", s.Names())
	}
	s.Append("one", naming("one", &trail))
	s.Append("off", nil)
	s.Append("two", naming("two", &trail))
	if got := strings.Join(s.Names(), " "); got != "one two" {
		t.Errorf("named %s", got)
	}
	s.Names()[0] = "changed"
	if s.Names()[0] != "one" {
		t.Error("a caller can change the names")
	}
	response := httptest.NewRecorder().Result()
	base := RoundTripperFunc(func(*http.Request) (*http.Response, error) { return response, nil })
	then := s.Then(base)
	s.Append("late", naming("late", &trail)) // changes nothing that was made before
	if resp, err := then.RoundTrip(httptest.NewRequest(http.MethodGet, "/", nil)); err != nil || resp != response {
		t.Errorf("%v, %v", resp, err)
	}
	if got := strings.Join(trail, ", "); got != "one out, two out, two back, one back" {
		t.Errorf("went %s", got)
	}
}

func TestStageNames(t *testing.T) {
	for stage, want := range map[Stage]string{
		PerCall: "PerCall", PerAttempt: "PerAttempt", OnWire: "OnWire", 7: "Stage(?)",
	} {
		if got := stage.String(); got != want {
			t.Errorf("%d is %s, want %s", stage, got, want)
		}
	}
}

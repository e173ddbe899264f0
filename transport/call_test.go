package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestCall(t *testing.T) {
	if call := CallFrom(t.Context()); call == nil || call.Operation != "" || call.Idempotency != IdempotencyByMethod {
		t.Errorf("a context without a call has %+v", call)
	}
	outer := &Call{Operation: "outer"}
	ctx := WithCall(t.Context(), outer)
	inner := &Call{Operation: "inner"}
	if CallFrom(ctx) != outer || CallFrom(WithCall(ctx, inner)) != inner || CallFrom(ctx) != outer {
		t.Error("a context has another call than it was given")
	}
	type key struct{}
	if CallFrom(context.WithValue(ctx, key{}, 1)) != outer {
		t.Error("a call is lost below another value")
	}
}

func TestSecretDoesNotPrint(t *testing.T) {
	call := Call{Token: "sesame"}
	encoded, err := json.Marshal(call)
	if err != nil {
		t.Fatal(err)
	}
	text := string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		text += fmt.Sprintf(verb+verb+verb, call, &call, call.Token)
	}
	if strings.Contains(text, "sesame") || strings.Contains(text, fmt.Sprintf("%x", "sesame")) {
		t.Errorf("prints %s", text)
	}
	if string(call.Token) != "sesame" {
		t.Error("cannot be used")
	}
}

package main

// other.go has a part of the work done in another process: with another version of Go, and in the bubbles of virtual time that only tests may make.

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// virtual is what is measured in virtual time, by TestInVirtualTime.
type virtual struct {
	Limits []played
	Tokens []rush
}

// What TestInVirtualTime is told.
const (
	figuresFile = "BENCH_FIGURES"    // where to write them
	rushSize    = "BENCH_GOROUTINES" // how many need a token at once
)

func measureInVirtualTime(ctx context.Context, scale scale) (virtual, error) {
	var v virtual
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return v, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "figures.json")
	test := exec.CommandContext(ctx, "go", "test", "-count=1", "-run=^TestInVirtualTime$", ".")
	test.Env = append(os.Environ(), figuresFile+"="+file, fmt.Sprintf("%s=%d", rushSize, scale.goroutines))
	if said, err := test.CombinedOutput(); err != nil {
		return v, fmt.Errorf("in virtual time: %w\n%s", err, said)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return v, err
	}
	err = json.Unmarshal(text, &v)
	return v, err
}

// measureCallsWith measures single calls, and once more with another version of Go if one is named.
func measureCallsWith(ctx context.Context, scale scale, also string) ([]calls, error) {
	here, err := measureCalls(ctx, scale)
	if err != nil || also == "" {
		return []calls{here}, err
	}
	args := []string{"run", ".", "-calls"}
	if scale.quick {
		args = append(args, "-quick")
	}
	other := exec.CommandContext(ctx, "go", args...)
	other.Env, other.Stderr = append(os.Environ(), "GOTOOLCHAIN="+also), os.Stderr
	text, err := other.Output()
	if err != nil {
		return nil, fmt.Errorf("with %s: %w", also, err)
	}
	var there calls
	err = json.Unmarshal(text, &there)
	return []calls{here, there}, err
}

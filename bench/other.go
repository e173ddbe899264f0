package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// virtual are the measurements in virtual time, made by TestInVirtualTime.
type virtual struct {
	Limits []played
	Tokens []rush
}

// The environment variables that TestInVirtualTime reads.
const (
	figuresFile = "BENCH_FIGURES"    // the file to write the figures to
	rushSize    = "BENCH_GOROUTINES" // how many goroutines need a token at once
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

// measureCallsWith measures single calls with this version of Go, and with another one if also
// names it. That runs in another process.
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

package main

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// fleet starts the test's own program as its processes.
func TestMain(m *testing.M) {
	if os.Getenv(memberEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestFleet(t *testing.T) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no redis-server: install the package redis-server")
		}
		t.Skip("there is no redis-server: install the package redis-server")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out strings.Builder
	args := []string{"-processes", "3", "-goroutines", "5", "-calls", "20", "-quota", "40", "-window", "2s"}
	if err := fleet(ctx, args, &out); err != nil {
		t.Fatal(err)
	}
	last := out.String()[strings.LastIndex(out.String(), "The fake allows")-60:]
	t.Logf("the last table:\n%s", last)
	if !strings.Contains(last, " 60 calls passed") ||
		len(regexp.MustCompile(`(?m)^ +[123] +\d+ +20 +33\.3% .* done`).FindAllString(last, -1)) != 3 {
		t.Error("want 60 calls, 20 of each process, and all done")
	}
}

func TestFleetFlags(t *testing.T) {
	for _, args := range [][]string{{"-processes", "0"}, {"-quota", "-1"}, {"-calls", "0"}, {"-none"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}

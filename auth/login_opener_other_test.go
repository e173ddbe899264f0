//go:build !linux

package auth_test

import "testing"

func browserOpens(t *testing.T, _ func(string)) { t.Skip("the opener is replaced on Linux only") }

func stealFrom(*testing.T, string) {}

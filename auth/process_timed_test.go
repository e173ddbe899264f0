//go:build timed

package auth_test

import "testing"

// TestTimedKilledWhileSaving is TestKilledWhileSaving with ten times the saves.
func TestTimedKilledWhileSaving(t *testing.T) { killWhileSaving(t, 500) }

//go:build timed

package auth_test

import "testing"

// TestTimedKilledWhileSaving is TestKilledWhileSaving with 500 saves instead of 50.
func TestTimedKilledWhileSaving(t *testing.T) { killWhileSaving(t, 500) }

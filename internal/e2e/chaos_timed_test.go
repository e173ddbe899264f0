//go:build timed

package e2e_test

import "testing"

// TestTimedChaos is TestChaos with ten times as many calls.
func TestTimedChaos(t *testing.T) { chaos(t, 100_000) }

// TestTimedChaosOnWire bounds the calls that are lost over sockets. A busy machine loses more of
// them.
func TestTimedChaosOnWire(t *testing.T) {
	const calls = 2000
	for name, protocol := range protocols {
		t.Run(name, func(t *testing.T) {
			if lost := chaosOnWire(t, protocol, calls).lost["reads and repeatable writes"]; lost*50 > calls {
				t.Errorf("%d idempotent calls were lost, want at most 2 %%", lost)
			}
		})
	}
}

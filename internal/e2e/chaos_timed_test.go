//go:build timed

package e2e_test

import "testing"

// TestTimedChaos is TestChaos with ten times the calls.
func TestTimedChaos(t *testing.T) { chaos(t, 100_000) }

// TestTimedChaosOnWire bounds the calls that are lost over sockets, of which a machine that is busy with other things loses more.
func TestTimedChaosOnWire(t *testing.T) {
	const calls = 2000
	for name, protocol := range protocols {
		t.Run(name, func(t *testing.T) {
			if lost := chaosOnWire(t, protocol, calls).lost["reads and repeatable writes"]; lost*50 > calls {
				t.Errorf("%d calls were lost that could have been sent again, 2 %% is the most", lost)
			}
		})
	}
}

//go:build timed

package resources

import (
	"context"
	"testing"
	"time"
)

// Decoding of a body of MaxBody bytes ends at most 100 ms after its context.
func TestTimedFaultsBombs(t *testing.T) {
	for name, body := range bombs(defaultMaxBody) {
		for into, out := range map[string]any{"an album": new(Album), "a playlist": new(Playlist), "anything": new(any)} {
			began := time.Now()
			var err error
			took := allocated(func() { err = decode(t.Context(), []byte(body), target{out: out}, expansion*defaultMaxBody) })
			whole := time.Since(began)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(2*time.Millisecond, cancel)
			began = time.Now()
			ended := decode(ctx, []byte(body), target{out: out}, expansion*defaultMaxBody)
			late := time.Since(began) - 2*time.Millisecond
			t.Logf(
				"%-42s into %-10s: %3d MiB in %4d ms (%v); ended %d ms after its context",
				name,
				into,
				took>>20,
				whole.Milliseconds(),
				err,
				max(0, late.Milliseconds()),
			)
			if late > 100*time.Millisecond {
				t.Errorf("%s into %s: decoding ended %v after its context, %v", name, into, late, ended)
			}
			if most := uint64((expansion+1)*defaultMaxBody + 64<<10); took > most {
				t.Errorf("%s into %s took %d bytes, want at most %d", name, into, took, most)
			}
			cancel()
		}
	}
}

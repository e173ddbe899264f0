package auth

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/testutil/pipenet"
)

// A client that sends its header slowly is disconnected after ReadHeaderTimeout, and does not delay
// stop.
func TestServeClosesSlowConnections(t *testing.T) {
	for name, sent := range map[string]string{"nothing": "", "a line, then drips": "GET /callback HTTP/1.1\r\n"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				line := pipenet.Listen()
				stop := serve(line, http.NotFoundHandler())
				here, err := line.DialContext(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				_, _ = io.WriteString(here, sent)
				var dripping sync.WaitGroup
				dripping.Go(func() {
					for err := error(nil); sent != "" && err == nil; time.Sleep(time.Second) {
						_, err = io.WriteString(here, "X")
					}
				})
				if n, err := io.Copy(io.Discard, here); err != nil && !errors.Is(err, io.ErrClosedPipe) {
					t.Errorf("%d bytes, %v", n, err)
				}
				if took := time.Since(start); took > 6*time.Second {
					t.Errorf("the connection was open for %v", took)
				}
				here.Close()
				stop()
				dripping.Wait()
			})
		})
	}
}

// stop waits at most 0.5 seconds for a connection without a request, as browsers open in advance.
func TestServeStopsWithAnIdleConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := pipenet.Listen()
		stop := serve(line, http.NotFoundHandler())
		idle, err := line.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		defer idle.Close()
		synctest.Wait()
		start := time.Now()
		stop()
		if _, err := idle.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("reading from the idle connection: %v, want EOF", err)
		}
		if took := time.Since(start); took > 500*time.Millisecond {
			t.Errorf("the connection was open for %v", took)
		}
	})
}

package auth

import (
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener of connections in memory.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// A client that takes its time over the request does not hold a connection for longer than the header may take, nor stop from ending.
func TestServeLetsSlowClientsGo(t *testing.T) {
	for name, sent := range map[string]string{"nothing": "", "a line, then drips": "GET /callback HTTP/1.1\r\n"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				line := make(pipes, 1)
				stop := serve(line, http.NotFoundHandler())
				here, there := net.Pipe()
				line <- there
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
					t.Errorf("held for %v", took)
				}
				here.Close()
				stop()
				dripping.Wait()
			})
		})
	}
}

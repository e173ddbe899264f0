//go:build timed

package auth_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestTimedSecurity38 attacks a login over sockets, and measures its duration and memory.
func TestTimedSecurity38(t *testing.T) {
	w := online(t, noConfig)
	c := w.config()
	c.RedirectURL = "http://127.0.0.1/callback"
	l := open(t, "PKCE", c)
	a := begin(t, w, l)
	memory := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	runtime.GC()
	before := memory()
	ctx, cancel := context.WithCancel(t.Context())
	var attackers sync.WaitGroup
	var connected atomic.Int64
	var mu sync.Mutex
	var conns []net.Conn
	for i := range 10_000 {
		attackers.Add(1)
		go func() {
			defer attackers.Done()
			conn, err := net.Dial("tcp", a.callback.Host)
			if err != nil {
				return
			}
			connected.Add(1)
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			_, err = io.WriteString(conn, "GET /callback HTTP/1.1\r\nHost: "+a.callback.Host+"\r\nX: ")
			for ; err == nil && ctx.Err() == nil && i%2 == 0; time.Sleep(100 * time.Millisecond) {
				_, err = io.WriteString(conn, "x")
			}
		}()
	}
	for range 3 {
		attackers.Add(1)
		go func() {
			defer attackers.Done()
			req, _ := http.NewRequestWithContext(ctx, http.MethodPost, a.callback.String(),
				io.LimitReader(endless{}, 1<<30))
			if resp, err := http.DefaultClient.Do(req); err == nil {
				_ = resp.Body.Close()
			}
		}()
	}
	for connected.Load() < 10_000 {
		time.Sleep(10 * time.Millisecond)
	}
	during := memory()
	start := time.Now()
	attempts := 0
	for {
		attempts++
		resp, err := http.Get(a.callback.String())
		if err == nil {
			_ = resp.Body.Close()
			break
		}
	}
	if err := <-a.done; err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	cancel()
	for _, conn := range conns {
		_ = conn.Close()
	}
	attackers.Wait()
	t.Logf(
		"%d connections, half of them slow, and 3 bodies of 1 GB: the login took %v (%d attempts of the "+
			"browser); %.1f MB for both ends of all connections",
		connected.Load(),
		took.Round(time.Millisecond),
		attempts,
		float64(during-before)/1e6,
	)
	if took > 5*time.Second || during-before > 400<<20 {
		t.Errorf("%v, %d bytes", took, during-before)
	}
	w.renewed(t, l)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

package auth

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/internal/testutil/pipenet"
)

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// 10,000 connections that send nothing, or one byte at a time, and a body of 1 GB delay neither the
// login's callback nor the end of the server.
func TestSecurity38CallbackServer(t *testing.T) {
	for name, attack := range map[string]func(background *sync.WaitGroup, conn net.Conn){
		"10,000 connections that send nothing": func(*sync.WaitGroup, net.Conn) {},
		"10,000 connections that drip": func(background *sync.WaitGroup, conn net.Conn) {
			background.Go(func() {
				_, err := io.WriteString(conn, "GET /callback?x HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
				for ; err == nil; time.Sleep(time.Second) {
					_, err = io.WriteString(conn, "x")
				}
			})
		},
		"10,000 connections with half a body": func(background *sync.WaitGroup, conn net.Conn) {
			background.Go(func() {
				_, err := io.WriteString(conn, "POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 200000\r\n\r\n")
				for ; err == nil; time.Sleep(time.Second) {
					_, err = io.WriteString(conn, "x")
				}
			})
			background.Go(func() { _, _ = io.Copy(io.Discard, conn) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				line := pipenet.Listen()
				state, closed := NewState(), make(chan struct{})
				server := &callbackServer{
					host:    "127.0.0.1",
					path:    "/callback",
					state:   state,
					results: make(chan callbackResult),
					closed:  closed,
				}
				stop := serve(line, server)
				var conns []net.Conn
				var background sync.WaitGroup
				for range 10_000 {
					conn, err := line.DialContext(t.Context(), "", "")
					if err != nil {
						t.Fatal(err)
					}
					conns = append(conns, conn)
					attack(&background, conn)
				}
				client := &http.Client{
					Transport: &http.Transport{DialContext: line.DialContext, DisableKeepAlives: true},
				}
				huge, err := http.NewRequestWithContext(
					t.Context(),
					http.MethodPost,
					"http://127.0.0.1/callback?code=c&state="+state,
					io.LimitReader(zeros{}, 1<<30),
				)
				if err != nil {
					t.Fatal(err)
				}
				if resp, err := client.Do(huge); err == nil {
					if _ = resp.Body.Close(); resp.StatusCode != http.StatusMethodNotAllowed {
						t.Errorf("a body of 1 GB: %d", resp.StatusCode)
					}
				}
				go func() {
					a := <-server.results
					a.outcome <- a.err
				}()
				start := time.Now()
				resp, err := client.Get("http://127.0.0.1/callback?code=c&state=" + state)
				if err != nil {
					t.Fatal(err)
				}
				_ = resp.Body.Close()
				if took := time.Since(start); resp.StatusCode != 200 || took > time.Second {
					t.Errorf("%d after %v", resp.StatusCode, took)
				}
				start = time.Now()
				close(closed)
				stop()
				if took := time.Since(start); took > time.Second {
					t.Errorf("stop took %v", took)
				}
				for _, conn := range conns {
					_ = conn.Close()
				}
				background.Wait()
			})
		})
	}
}

// A header of 1 GB is refused after 20 KiB.
func TestSecurity38HugeHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := pipenet.Listen()
		stop := serve(line, http.NotFoundHandler())
		defer stop()
		conn, err := line.DialContext(context.Background(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		sent := make(chan int64, 1)
		go func() {
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nX: ")
			n, _ := io.Copy(conn, io.LimitReader(strings.NewReader(strings.Repeat("x", 1<<20)), 1<<30))
			sent <- n
		}()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Fatalf("%v, %v", resp, err)
		}
		_ = conn.Close()
		if n := <-sent; n > 64<<10 {
			t.Errorf("%d bytes were read", n)
		}
	})
}

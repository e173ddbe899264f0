package main

import (
	"bytes"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
	"github.com/seed-2147f1a9/spotify/internal/testutil/pipenet"
	"github.com/seed-2147f1a9/spotify/transport"
	"github.com/seed-2147f1a9/spotify/transport/transporttest"
)

// In a synctest bubble, no request is ever too slow by accident.
func TestOutput(t *testing.T) {
	var out output
	synctest.Test(t, func(t *testing.T) {
		listener := pipenet.Listen()
		server := &http.Server{Handler: weather(&out)}
		go func() { _ = server.Serve(listener) }()
		base := transport.NewBase()
		base.DialContext = listener.DialContext
		if err := run(t.Context(), &out, "http://weather.example", base); err != nil {
			t.Error(err)
		}
		base.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	exampletest.Golden(t, out.String())
}

// A pipeline keeps the contract of a middleware.
func TestContract(t *testing.T) {
	transporttest.Run(t, func() transport.Middleware { return pipeline })
}

// output is a buffer that the server and the client write to.
type output struct {
	mu sync.Mutex
	bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Buffer.Write(p)
}

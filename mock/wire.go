package mock

// wire.go sends a reply over a socket, or breaks the connection.

import (
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"strconv"
)

// send writes the reply.
func (r reply) send(w http.ResponseWriter, req *http.Request) {
	if r.err != nil {
		hangUp(w, true)
	}
	data := r.body
	maps.Copy(w.Header(), r.header)
	if bodiless(r.status) {
		w.WriteHeader(r.status)
		return
	}
	if r.gzip && len(data) > 0 && acceptsGzip(req.Header.Get("Accept-Encoding")) {
		data = compress(data)
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(r.status)
	if r.cut == 0 {
		_, _ = w.Write(data)
		return
	}
	_, _ = w.Write(data[:min(r.cut-1, max(0, len(data)-1))])
	_ = http.NewResponseController(w).Flush()
	hangUp(w, false)
}

// hangUp ends the connection, of HTTP/2 the stream: by a reset, or else in the middle of what was being sent. It does not return.
func hangUp(w http.ResponseWriter, reset bool) {
	if reset {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			linger(conn)
			_ = conn.Close()
		}
	}
	panic(http.ErrAbortHandler)
}

// linger drops what the socket still holds, so that closing it sends a reset.
func linger(conn net.Conn) {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

package wire

import (
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"strconv"
)

// Send writes the response over a socket, or breaks the connection.
func (r Response) Send(w http.ResponseWriter, req *http.Request) {
	if r.Err != nil {
		hangUp(w, true)
	}
	data := r.Body
	maps.Copy(w.Header(), r.Header)
	if bodiless(r.Status) {
		w.WriteHeader(r.Status)
		return
	}
	if len(data) > 0 && (r.UnaskedGzip || r.Gzip && acceptsGzip(req.Header.Get("Accept-Encoding"))) {
		data = compress(data)
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(r.Status)
	if r.Cut == 0 {
		_, _ = w.Write(data)
		return
	}
	_, _ = w.Write(data[:min(r.Cut-1, max(0, len(data)-1))])
	_ = http.NewResponseController(w).Flush()
	hangUp(w, false)
}

// hangUp ends the connection (the stream with HTTP/2), by a reset or in the middle of a body. It
// does not return.
func hangUp(w http.ResponseWriter, reset bool) {
	if reset {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			linger(conn)
			_ = conn.Close()
		}
	}
	panic(http.ErrAbortHandler)
}

// linger makes closing a connection drop unsent data and send a reset.
func linger(conn net.Conn) {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

package transport

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// NewBase returns an http.Transport tuned for many calls to one host: HTTP/2 where the server has
// it, at most 64 idle HTTP/1.1 connections to that host (net/http keeps 2), TLS 1.2 or newer,
// proxies from the environment, and at most 256 KiB of response headers. A proxy that refuses to
// connect is a *ProxyError. NewBase sets no timeout for a whole request: middleware.Timeout and the
// context bound it. The caller owns the transport; CloseIdleConnections closes the connections that
// no request uses.
func NewBase() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		OnProxyConnectResponse: refusedByProxy,
		HTTP2: &http.HTTP2Config{
			// A broken connection is found within 45 s, also when every call on it only waits.
			SendPingTimeout: 30 * time.Second,
			PingTimeout:     15 * time.Second,
		},
	}
}

package transport

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// NewBase returns a transport tuned for many calls to one host: HTTP/2 where the server speaks it, as many idle HTTP/1.1 connections to that
// host as a busy client uses at once (the standard library keeps 2), TLS 1.2 or newer, proxies from the environment and at most 256 KiB of
// response headers. A proxy that refuses to connect is a *ProxyError. It sets no overall timeout: that is the chain's and the caller's context's business.
// The caller owns it; CloseIdleConnections lets its connections go.
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
			// A connection that died silently is found within a minute even when every call on it just waits.
			SendPingTimeout: 30 * time.Second,
			PingTimeout:     15 * time.Second,
		},
	}
}

package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"
)

// Portal is the advice for a response that is not from the server that was asked.
const Portal = "a proxy or the network's login page (captive portal) may have responded"

// Advise returns the error of an attempt with advice in its text, if the cause is likely to be on
// this machine or in its network: a proxy that does not respond, a captive portal or a proxy that
// opens TLS connections, a clock that is wrong, a name that cannot be resolved. errors.Is and
// errors.As find the same as before. Other errors are returned unchanged.
func Advise(err error) error {
	advice := adviceFor(err)
	if _, has := errors.AsType[*advised](err); has || advice == "" {
		return err
	}
	return &advised{err, advice}
}

// advised is an error with advice.
type advised struct {
	err    error
	advice string
}

func (a *advised) Error() string { return a.err.Error() + ": " + a.advice }
func (a *advised) Unwrap() error { return a.err }

func adviceFor(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "proxyconnect" || op.Op == "socks connect") {
		return "the proxy cannot be reached: check HTTPS_PROXY and HTTP_PROXY"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return fmt.Sprintf("this machine's clock shows %s: set it if that is wrong",
			time.Now().UTC().Format("2006-01-02 15:04 UTC"))
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return "check the network connection and its DNS server"
	}
	switch {
	case is[x509.HostnameError](err):
		return "the certificate is another host's: " + Portal
	case is[tls.RecordHeaderError](err):
		return "the response is not TLS: " + Portal
	case is[x509.UnknownAuthorityError](err):
		return "a proxy or a virus scanner that opens TLS connections may have responded: " +
			"add its root certificate to the system's, or name its file in SSL_CERT_FILE"
	}
	return ""
}

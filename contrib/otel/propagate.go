package otelspotify

import (
	"net/http"

	"go.opentelemetry.io/otel/propagation"

	"github.com/seed-2147f1a9/spotify/transport"
)

// Propagate returns a middleware that sends the context of an attempt's span to the server, in the
// headers that p writes, such as traceparent. Spotify does nothing with them; a proxy of one's own
// may. Wrap the base transport in it, where the span is that of the attempt:
//
//	base := otelspotify.Propagate(propagation.TraceContext{})(transport.NewBase())
//	client, err := spotify.New(credentials,
//		spotify.WithObserver(observer), spotify.WithTransport(base))
//
// Requests that are no attempts of an observed call, such as those for tokens or to other origins,
// are sent as they are.
func Propagate(p propagation.TextMapPropagator) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return &propagate{p, next}
	}
}

type propagate struct {
	propagator propagation.TextMapPropagator
	next       http.RoundTripper
}

func (p *propagate) RoundTrip(req *http.Request) (*http.Response, error) {
	c, ok := req.Context().Value(observedKey{}).(*observed)
	if !ok || c.attempt == 0 {
		return transport.RoundTrip(p.next, req)
	}
	traced := req.Clone(req.Context())
	p.propagator.Inject(req.Context(), propagation.HeaderCarrier(traced.Header))
	resp, err := transport.RoundTrip(p.next, traced)
	if err == nil {
		resp.Request = req
	}
	return resp, err
}

// CloseIdleConnections closes the idle connections of the transport below.
func (p *propagate) CloseIdleConnections() {
	if next, ok := p.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

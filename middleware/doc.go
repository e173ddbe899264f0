// Package middleware holds the middlewares of the pipeline, one file prefix for each. They know
// nothing of Spotify and work with any HTTP API.
//
// Package spotify puts most of them together. [Cache] and [Coalesce] are opt-in; a circuit breaker
// is in contrib/breaker. A pipeline of your own is built with transport.Chain, see the example.
//
// Every middleware keeps the contract of http.RoundTripper, except [DecodeErrors]. In a config
// struct a field's zero value means its default; a negative value turns off what the field bounds,
// unless its comment says otherwise.
package middleware

// Package middleware holds the steps of the pipeline, one file each. They know nothing of Spotify and work with any HTTP API.
//
// Package spotify puts most of them together. Cache and [Coalesce] are there for whoever asks for them; a circuit breaker is in contrib/breaker.
//
// Every step keeps the RoundTripper contract of package transport. A config struct's zero value means the default, a negative value means off.
package middleware

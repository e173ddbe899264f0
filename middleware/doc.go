// Package middleware has the middlewares of a client's pipeline: retries, rate limits, access
// tokens, caching, timeouts, errors and events.
//
// They know nothing of Spotify and work with any HTTP API. Package spotify puts them together in
// this order, outermost first:
//
//   - [DecodeErrors] turns responses of 400 or more into errors.
//   - [Describe] finds the operation that a request is for, and whether it is idempotent.
//   - [Observe] reports the call to an [Observer], such as that of [Log].
//   - [Cache] and [Coalesce], which are opt-in, serve a call without a request of its own.
//   - [Retry] retries after transient failures.
//   - [Buffer] reads the body, so that one that is cut short is a failed attempt.
//   - [Refresh] replays a request whose token was refused.
//   - [RateLimit] waits for a permit of a [Limiter], such as a [Pacer].
//   - [Classify] reads the body of an error once, for all above it.
//   - [Timeout] bounds the time of each attempt.
//   - [Auth] adds the access token.
//   - [Observe], the same one again, reports the attempt.
//
// A pipeline of your own is built with [transport.Chain], see the example. A circuit breaker is in
// contrib/breaker.
//
// Every middleware keeps the contract of [http.RoundTripper], except [DecodeErrors]. In a config
// struct a field's zero value means its default; a negative value turns off what the field bounds,
// unless its comment says otherwise.
package middleware

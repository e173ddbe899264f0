package transport_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/seed-2147f1a9/spotify/transport"
)

// base is the end of a chain: it prints each request.
var base = transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
	fmt.Println(req.Method, req.URL, req.Header)
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: req}, nil
})

// named is a middleware: it adds a header field to a copy of the request, because a RoundTripper
// must not change the request that it was given, and passes the response on.
func named(name string) transport.Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			req = req.Clone(req.Context())
			req.Header.Add("X-Via", name)
			return next.RoundTrip(req)
		})
	}
}

func send(rt http.RoundTripper, address string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	fmt.Println(resp.StatusCode)
}

// A middleware wraps an http.RoundTripper in another one.
func ExampleMiddleware() {
	send(named("here")(base), "https://api.example.com/things")
	// Output:
	// GET https://api.example.com/things map[X-Via:[here]]
	// 204
}

// Chain puts middlewares around a base, the outermost one first.
func ExampleChain() {
	send(transport.Chain(base, named("outer"), named("inner")), "https://api.example.com/things")
	// Output:
	// GET https://api.example.com/things map[X-Via:[outer inner]]
	// 204
}

// A Stack is a chain whose middlewares have names. A nil middleware is left out.
func ExampleStack() {
	var stack transport.Stack
	stack.Append("Outer", named("outer"))
	stack.Append("Off", nil)
	stack.Append("Inner", named("inner"))
	fmt.Println(stack.Names())
	send(stack.Then(base), "https://api.example.com/things")
	// Output:
	// [Outer Inner]
	// GET https://api.example.com/things map[X-Via:[outer inner]]
	// 204
}

// Gate lets requests to other hosts bypass the middlewares below it.
func ExampleGate() {
	home := &url.URL{Scheme: "https", Host: "api.example.com"}
	rt := transport.Chain(base, transport.Gate(home, base), named("inner"))
	send(rt, "https://api.example.com/things")
	send(rt, "https://images.example.com/cover")
	// Output:
	// GET https://api.example.com/things map[X-Via:[inner]]
	// 204
	// GET https://images.example.com/cover map[]
	// 204
}

// A base transport of a pipeline of your own. The caller closes its idle connections.
func ExampleNewBase() {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	base := transport.NewBase()
	defer base.CloseIdleConnections()

	client := http.Client{Transport: transport.Chain(base, named("outer"))}
	resp, err := client.Get(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	fmt.Println(resp.StatusCode, base.MaxIdleConnsPerHost)
	// Output: 404 64
}

// A caller that wants to know how its call went puts a Report into the context, and a middleware
// reads the settings of the call from there.
func ExampleNewCall() {
	ctx := transport.WithCall(context.Background(), &transport.Call{NoRetry: true})

	call := transport.NewCall(ctx) // a copy, for another call with the same settings
	call.Report = new(transport.Report)
	ctx = transport.WithCall(ctx, &call)
	fmt.Println(transport.CallFrom(ctx).NoRetry, call.Report.Sent())
	// Output: true 0
}

// Retry-After in seconds, and as a date that is measured against the response's own Date.
func ExampleRetryAfter() {
	fmt.Println(transport.RetryAfter(http.Header{"Retry-After": {"30"}}))
	fmt.Println(transport.RetryAfter(http.Header{
		"Retry-After": {"Fri, 27 Nov 2026 12:01:00 GMT"},
		"Date":        {"Fri, 27 Nov 2026 12:00:00 GMT"},
	}))
	// Output:
	// 30s
	// 1m0s
}

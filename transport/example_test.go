package transport_test

import (
	"context"
	"fmt"
	"net/http"
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

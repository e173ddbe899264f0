package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/go-json-experiment/json"
	zmb3 "github.com/zmb3/spotify/v2"
	"golang.org/x/oauth2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/resources"
)

// The names in tables and pictures.
const (
	nameOurs  = "this library"
	namePeer  = "zmb3/spotify v2.4.3"
	nameFloor = "bare net/http"
)

const accessToken = "BQDk7gZ0K1yPz4nVtW8xqE3uR5sL2mH9cJ6fA0dG1iTbYoXwNvCpQzKrSeUjMhFl"

// ours returns a client with all defaults, except for opts.
func ours(base http.RoundTripper, opts ...spotify.Option) (*spotify.Client, error) {
	return spotify.New(
		append([]spotify.Option{spotify.WithAccessToken(accessToken), spotify.WithTransport(base)}, opts...)...)
}

// peer returns a client of the other library, configured as its documentation shows.
func peer(base http.RoundTripper, opts ...zmb3.ClientOption) *zmb3.Client {
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: accessToken})
	return zmb3.New(&http.Client{Transport: &oauth2.Transport{Base: base, Source: source}}, opts...)
}

// floor sends requests with net/http alone: no pipeline, no checks, the same JSON library. It is
// the lower bound for any client.
type floor struct {
	client  *http.Client
	address string
	buffers sync.Pool
}

func newFloor(base http.RoundTripper, address string) *floor {
	return &floor{
		client:  &http.Client{Transport: base},
		address: address,
		buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
}

// call sends body unless it is nil, and decodes the response into out unless out is nil.
func (f *floor) call(ctx context.Context, method, path string, body, out any) error {
	var payload io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, f.address+path, payload)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+accessToken)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("got %s", resp.Status)
	}
	buffer := f.buffers.Get().(*bytes.Buffer)
	defer f.buffers.Put(buffer)
	buffer.Reset()
	if _, err := buffer.ReadFrom(resp.Body); err != nil || out == nil {
		return err
	}
	return json.Unmarshal(buffer.Bytes(), out)
}

// address is the base URL where there is no server.
const address = resources.DefaultBaseURL

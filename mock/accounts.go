package mock

// accounts.go answers for accounts.spotify.com, with the fake of internal/accounts.

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// serveAccounts hands a flight to the Accounts service.
func (tr *Transport) serveAccounts(f *flight) (r wire.Response) {
	defer func() {
		if p := recover(); p != nil {
			if err, _ := p.(error); !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			r = wire.Broken()
		}
	}()
	req := (&http.Request{
		Method: f.method, URL: f.url, Host: f.url.Host, Header: f.header.Clone(), ContentLength: int64(len(f.body)),
		Body: io.NopCloser(bytes.NewReader(f.body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(f.ctx)
	if req.Header == nil {
		req.Header = http.Header{}
	}
	w := httptest.NewRecorder()
	tr.accounts.ServeHTTP(w, req)
	if f.ctx.Err() != nil {
		return wire.Response{Err: f.ctx.Err()}
	}
	tr.recorder.apply(f.call)
	return wire.Response{Status: w.Code, Header: w.Result().Header, Body: w.Body.Bytes()}
}

// serveImage answers for a picture, as the hosts of pictures do: to everybody.
func (tr *Transport) serveImage(f *flight) (wire.Response, bool) {
	if f.method != http.MethodGet && f.method != http.MethodHead {
		return wire.Response{}, false
	}
	data, ok := tr.world.Image(f.path)
	if !ok {
		return wire.Response{}, false
	}
	return wire.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"image/jpeg"}, "Cache-Control": {"public, max-age=604800"}}, Body: data}, true
}

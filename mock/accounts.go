package mock

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

// respondAccounts responds as the Accounts service, accounts.spotify.com.
func (tr *Transport) respondAccounts(in *request) (r wire.Response) {
	defer func() {
		if p := recover(); p != nil {
			if err, _ := p.(error); !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			r = wire.Broken()
		}
	}()
	req := (&http.Request{
		Method: in.method, URL: in.url, Host: in.url.Host, Header: in.header.Clone(), ContentLength: int64(len(in.body)),
		Body: io.NopCloser(bytes.NewReader(in.body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(in.ctx)
	if req.Header == nil {
		req.Header = http.Header{}
	}
	w := httptest.NewRecorder()
	tr.accounts.ServeHTTP(w, req)
	if in.ctx.Err() != nil {
		return wire.Response{Err: in.ctx.Err()}
	}
	tr.recorder.apply(in.call)
	return wire.Response{Status: w.Code, Header: w.Result().Header, Body: w.Body.Bytes()}
}

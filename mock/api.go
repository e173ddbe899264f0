package mock

// api.go answers for the Web API: weather, token, limits, then the world.

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/api"

	"github.com/seed-2147f1a9/spotify/mock/internal/route"

	"github.com/seed-2147f1a9/spotify/mock/internal/wire"
)

func (tr *Transport) serveAPI(f *flight) wire.Response {
	w := tr.oracle.draw(f)
	if err := f.wait(w.delay); err != nil {
		return wire.Response{Err: err}
	}
	if w.reset && !w.late {
		return wire.Broken()
	}
	r := tr.judge(f, w)
	if w.reset && f.ctx.Err() == nil {
		return wire.Broken()
	}
	if w.html && r.Status >= 400 {
		r = errorPage(r)
	}
	if w.cut > 0 && len(r.Body) > 0 {
		r.Cut = 1 + int(w.cut*float64(len(r.Body)))
	}
	r.Gzip = tr.forecast.gzip
	return r
}

// judge refuses a request, or lets the world answer it.
func (tr *Transport) judge(f *flight, w fate) wire.Response {
	user, scopes, refused := tr.doorman.admit(f.header)
	if refused != nil {
		return *refused
	}
	if w.refuse {
		return *unauthorized("Access token missing", false)
	}
	if r, ok := tr.limited(f); !ok {
		return r
	}
	if w.status != 0 && !w.late {
		return trouble(w.status)
	}
	r, err := tr.ask(f, user, scopes)
	switch {
	case err != nil:
		tr.report.errorf("mock: %s: %v", f.route, err)
		return trouble(http.StatusInternalServerError)
	case w.status != 0:
		return trouble(w.status)
	}
	if r.Status < 300 && (w.floats || w.nulls) && r.Header.Get("Content-Type") == wire.TypeJSON {
		r.Body = reshape(r.Body, w.floats, w.nulls)
	}
	return conditional(f, r)
}

// limited answers for the quota and the rolling window.
func (tr *Transport) limited(f *flight) (wire.Response, bool) {
	if q := tr.forecast.quota; q >= 0 && tr.served.Add(1) > int64(q) {
		return refusal(http.StatusTooManyRequests, "Too many requests", "QUOTA_EXCEEDED"), false
	}
	for _, h := range tr.forecast.hidden {
		if slices.Contains(h.operations, f.route.Op.Name) && time.Now().Before(h.until) {
			r := refusal(http.StatusTooManyRequests, "Too many requests", "QUOTA_EXCEEDED")
			if h.after > 0 {
				r.Header.Set("Retry-After", strconv.Itoa(int(h.after/time.Second)))
			}
			return r, false
		}
	}
	if l := tr.forecast.limit; l != nil {
		if after, ok := l.admit(f.route.Op.Bucket); !ok {
			if tr.forecast.after != nil {
				after = *tr.forecast.after
			}
			if tr.forecast.noAfter {
				after = -1
			}
			return tooMany(after), false
		}
	}
	return wire.Response{}, true
}

// ask has the world answer.
func (tr *Transport) ask(f *flight, user string, scopes []string) (wire.Response, error) {
	a := tr.world.Serve(&api.Request{
		Op: f.route.Op, Base: f.base, Vars: f.route.Variables(f.segments), Query: f.query, Header: f.header, Body: f.body, Length: f.length,
		User: user, Scopes: scopes, Now: f.arrived,
	})
	if a.Status < 300 {
		tr.recorder.apply(f.call)
	}
	r, err := wire.New(a.Status, a.Body)
	if err != nil {
		return wire.Response{}, err
	}
	return r.With(a.Header), nil
}

// conditional gives what was read a validator, and answers 304 to who has it already (RFC 9110 section 13.1.2).
func conditional(f *flight, r wire.Response) wire.Response {
	if f.method != http.MethodGet || r.Status != http.StatusOK || len(r.Body) == 0 {
		return r
	}
	tag := r.Header.Get("Etag")
	if tag == "" {
		tag = fmt.Sprintf(`"%08x-%x"`, crc32.ChecksumIEEE(r.Body), len(r.Body))
		r.Header.Set("Etag", tag) // a fresh header: newReply and with make one
	}
	if r.Header.Get("Cache-Control") == "" {
		r.Header.Set("Cache-Control", freshness(f.route))
	}
	if known := strings.Split(f.header.Get("If-None-Match"), ","); slices.ContainsFunc(known, func(t string) bool { return strings.TrimSpace(t) == tag }) {
		r.Status, r.Body = http.StatusNotModified, nil
		r.Header.Del("Content-Type")
	}
	return r
}

// freshness is what Spotify lets caches do: what belongs to a user is never fresh, the catalogue is for two hours.
func freshness(r *route.Route) string {
	if len(r.Op.Scopes) > 0 || strings.HasPrefix(r.Path, "/me") {
		return "private, max-age=0"
	}
	return "public, max-age=7200"
}

// serveNothing answers for what is not there, and lets the test know.
func (tr *Transport) serveNothing(f *flight) wire.Response {
	what := f.method + " " + f.path
	tr.mu.Lock()
	tr.unexpected = append(tr.unexpected, what)
	tr.mu.Unlock()
	tr.report.errorf("mock: nothing answers %s (%s); the nearest are %s", what, f.url.Redacted(), route.Load().Nearest(f.method, f.path))
	return refusal(http.StatusNotFound, "Service not found", "")
}

// trouble is an answer of a kind of trouble.
func trouble(status int) wire.Response {
	switch status {
	case http.StatusUnauthorized:
		return *unauthorized("The access token expired", true)
	case http.StatusTooManyRequests:
		return tooMany(0)
	}
	return refusal(status, http.StatusText(status), "")
}

// errorPage is an error as a gateway shows it to people.
func errorPage(r wire.Response) wire.Response {
	title := fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status))
	r.Body = []byte("<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><center><h1>" + title + "</h1></center></body></html>\n")
	return r.With(http.Header{"Content-Type": {"text/html; charset=utf-8"}})
}

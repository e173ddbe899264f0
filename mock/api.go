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
)

func (tr *Transport) serveAPI(f *flight) reply {
	w := tr.oracle.draw(f)
	if err := f.wait(w.delay); err != nil {
		return reply{err: err}
	}
	if w.reset && !w.late {
		return broken()
	}
	r := tr.judge(f, w)
	if w.reset && f.ctx.Err() == nil {
		return broken()
	}
	if w.html && r.status >= 400 {
		r = errorPage(r)
	}
	if w.cut > 0 && len(r.body) > 0 {
		r.cut = 1 + int(w.cut*float64(len(r.body)))
	}
	r.gzip = tr.forecast.gzip
	return r
}

// judge refuses a request, or lets the world answer it.
func (tr *Transport) judge(f *flight, w fate) reply {
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
	if r.status < 300 && (w.floats || w.nulls) && r.header.Get("Content-Type") == typeJSON {
		r.body = reshape(r.body, w.floats, w.nulls)
	}
	return conditional(f, r)
}

// limited answers for the quota and the rolling window.
func (tr *Transport) limited(f *flight) (reply, bool) {
	if q := tr.forecast.quota; q >= 0 && tr.served.Add(1) > int64(q) {
		return refusal(http.StatusTooManyRequests, "Too many requests", "QUOTA_EXCEEDED"), false
	}
	for _, h := range tr.forecast.hidden {
		if slices.Contains(h.operations, f.route.op.Name) && time.Now().Before(h.until) {
			r := refusal(http.StatusTooManyRequests, "Too many requests", "QUOTA_EXCEEDED")
			if h.after > 0 {
				r.header.Set("Retry-After", strconv.Itoa(int(h.after/time.Second)))
			}
			return r, false
		}
	}
	if l := tr.forecast.limit; l != nil {
		if after, ok := l.admit(f.route.op.Bucket); !ok {
			if tr.forecast.after != nil {
				after = *tr.forecast.after
			}
			if tr.forecast.noAfter {
				after = -1
			}
			return tooMany(after), false
		}
	}
	return reply{}, true
}

// ask has the world answer.
func (tr *Transport) ask(f *flight, user string, scopes []string) (reply, error) {
	a := tr.world.serve(&exchange{
		op: f.route.op, base: f.base, vars: f.route.variables(f.segments), query: f.query, header: f.header, body: f.body, length: f.length,
		user: user, scopes: scopes, now: f.arrived,
	})
	if a.status < 300 {
		tr.recorder.apply(f.call)
	}
	r, err := newReply(a.status, a.body)
	if err != nil {
		return reply{}, err
	}
	return r.with(a.header), nil
}

// conditional gives what was read a validator, and answers 304 to who has it already (RFC 9110 section 13.1.2).
func conditional(f *flight, r reply) reply {
	if f.method != http.MethodGet || r.status != http.StatusOK || len(r.body) == 0 {
		return r
	}
	tag := r.header.Get("Etag")
	if tag == "" {
		tag = fmt.Sprintf(`"%08x-%x"`, crc32.ChecksumIEEE(r.body), len(r.body))
		r.header.Set("Etag", tag) // a fresh header: newReply and with make one
	}
	if r.header.Get("Cache-Control") == "" {
		r.header.Set("Cache-Control", freshness(f.route))
	}
	if known := strings.Split(f.header.Get("If-None-Match"), ","); slices.ContainsFunc(known, func(t string) bool { return strings.TrimSpace(t) == tag }) {
		r.status, r.body = http.StatusNotModified, nil
		r.header.Del("Content-Type")
	}
	return r
}

// freshness is what Spotify lets caches do: what belongs to a user is never fresh, the catalogue is for two hours.
func freshness(r *route) string {
	if len(r.op.Scopes) > 0 || strings.HasPrefix(r.path, "/me") {
		return "private, max-age=0"
	}
	return "public, max-age=7200"
}

// serveNothing answers for what is not there, and lets the test know.
func (tr *Transport) serveNothing(f *flight) reply {
	what := f.method + " " + f.path
	tr.mu.Lock()
	tr.unexpected = append(tr.unexpected, what)
	tr.mu.Unlock()
	tr.report.errorf("mock: nothing answers %s (%s); the nearest are %s", what, f.url.Redacted(), loadReference().nearest(f.method, f.path))
	return refusal(http.StatusNotFound, "Service not found", "")
}

// trouble is an answer of a kind of trouble.
func trouble(status int) reply {
	switch status {
	case http.StatusUnauthorized:
		return *unauthorized("The access token expired", true)
	case http.StatusTooManyRequests:
		return tooMany(0)
	}
	return refusal(status, http.StatusText(status), "")
}

// errorPage is an error as a gateway shows it to people.
func errorPage(r reply) reply {
	title := fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
	r.body = []byte("<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><center><h1>" + title + "</h1></center></body></html>\n")
	return r.with(http.Header{"Content-Type": {"text/html; charset=utf-8"}})
}

package mock

import (
	"cmp"
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

// respondAPI responds as the Web API: faults, token, limits, and then the API's own response.
func (tr *Transport) respondAPI(in *request) wire.Response {
	source := &tr.faults
	if in.faults != nil {
		source = in.faults
	}
	f := source.draw(in)
	if err := in.sleep(f.delay); err != nil {
		return wire.Response{Err: err}
	}
	if f.reset && !f.late {
		return wire.Broken()
	}
	r := tr.authorizeAndServe(in, f)
	if f.reset && in.ctx.Err() == nil {
		return wire.Broken()
	}
	if f.html && r.Status >= 400 {
		r = errorPage(r)
	}
	if f.cut > 0 && len(r.Body) > 0 {
		r.Cut = 1 + int(f.cut*float64(len(r.Body)))
	}
	r.Gzip, r.UnaskedGzip = source.faults.Gzip, f.unaskedGzip
	return r
}

// authorizeAndServe rejects a request by its token, the limits or an injected error, or serves it.
func (tr *Transport) authorizeAndServe(in *request, f fault) wire.Response {
	user, scopes, refused := tr.tokens.authorize(in.header)
	if refused != nil {
		return *refused
	}
	if f.unauthorized {
		return *unauthorized("Access token missing", false)
	}
	if r, ok := tr.limits.check(in.route, &tr.served); !ok {
		return r
	}
	if injected, ok := f.response(in); ok && (!f.late || injected.Status/100 == 3) {
		return injected
	}
	if f.grows {
		tr.api.Grow(in.apiRequest(user, scopes))
	}
	r, err := tr.serve(in, user, scopes)
	if err != nil {
		tr.report.errorf("mock: %s: %v", in.route, err)
		return errorResponse(http.StatusInternalServerError)
	}
	if injected, ok := f.response(in); ok {
		return injected
	}
	if r.Status == http.StatusOK && in.route.Op.MaxLimit > 0 {
		r.Body = f.falsify(in, r.Body)
	}
	if r.Status < 300 && (f.floats || f.nulls) && r.Header.Get("Content-Type") == wire.TypeJSON {
		r.Body = reshape(r.Body, f.floats, f.nulls)
	}
	return conditional(in, r)
}

// serve returns the response of the Web API.
func (tr *Transport) serve(in *request, user string, scopes []string) (wire.Response, error) {
	a := tr.api.Serve(in.apiRequest(user, scopes))
	if a.Status < 300 {
		tr.recorder.apply(in.call)
	}
	r, err := wire.New(a.Status, a.Body)
	if err != nil {
		return wire.Response{}, err
	}
	return r.With(a.Header), nil
}

// apiRequest returns the request as package api handles it.
func (in *request) apiRequest(user string, scopes []string) *api.Request {
	return &api.Request{
		Op: in.route.Op, Base: in.base, Vars: in.route.Variables(in.segments), Query: in.query, Header: in.header,
		Body: in.body, Length: in.length, User: user, Scopes: scopes, Now: in.arrived,
	}
}

// conditional adds a validator to a response to a GET, and turns it into a 304 for a client that
// has it already (RFC 9110 section 13.1.2).
func conditional(in *request, r wire.Response) wire.Response {
	if in.method != http.MethodGet || r.Status != http.StatusOK || len(r.Body) == 0 {
		return r
	}
	tag := cmp.Or(r.Header.Get("Etag"), entityTag(r.Body))
	control := cmp.Or(r.Header.Get("Cache-Control"), cacheControl(in.route))
	wire.SetHeaders(r.Header, "Etag", tag, "Cache-Control", control) // its own header: wire.New and With make one
	known := in.header.Get("If-None-Match")
	if known == "" {
		return r
	}
	if slices.ContainsFunc(strings.Split(known, ","), func(t string) bool { return strings.TrimSpace(t) == tag }) {
		r.Status, r.Body = http.StatusNotModified, nil
		r.Header.Del("Content-Type")
	}
	return r
}

// entityTag returns a validator of a body: its checksum and its length.
func entityTag(body []byte) string {
	sum := crc32.ChecksumIEEE(body)
	var room [32]byte
	tag := append(room[:0], '"')
	tag = strconv.AppendUint(tag, uint64(sum), 16)
	tag = append(tag, '-')
	tag = strconv.AppendInt(tag, int64(len(body)), 16)
	return string(append(tag, '"'))
}

// cacheControl returns Spotify's Cache-Control: a user's own data is never fresh, the catalogue for
// two hours.
func cacheControl(to *route.Route) string {
	if len(to.Op.Scopes) > 0 || strings.HasPrefix(to.Path, "/me") {
		return "private, max-age=0"
	}
	return "public, max-age=7200"
}

func nearest(method, path string) string { return route.Load().Nearest(method, path) }

// apiError returns an error as the Web API writes it. An empty reason is left out.
func apiError(status int, message, reason string) wire.Response {
	return fromAPI(api.Problem(status, message, reason))
}

// fromAPI returns a response of package api that has a valid status code and an encoded body.
func fromAPI(p api.Response) wire.Response {
	r, err := wire.New(p.Status, p.Body)
	if err != nil {
		panic(err) // only for a status code that no caller here has
	}
	return r
}

// quotaExceeded returns the 429 of an exhausted quota, without a Retry-After.
func quotaExceeded() wire.Response {
	return apiError(http.StatusTooManyRequests, api.Message("QUOTA_EXCEEDED"), "QUOTA_EXCEEDED")
}

// errorResponse returns an error with a status code, with the message that Spotify sends.
func errorResponse(status int) wire.Response {
	switch status {
	case http.StatusUnauthorized:
		return *unauthorized("The access token expired", true)
	case http.StatusTooManyRequests:
		return rateLimited(0)
	}
	return apiError(status, http.StatusText(status), "")
}

// rateLimited returns the 429 of a sliding window, without a Retry-After if after is negative.
func rateLimited(after time.Duration) wire.Response {
	r := apiError(http.StatusTooManyRequests, "API rate limit exceeded", "")
	if after >= 0 {
		seconds := (after + time.Second - 1) / time.Second
		r.Header.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	return r
}

// errorPage returns an error as the HTML page of a gateway.
func errorPage(r wire.Response) wire.Response {
	title := fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status))
	r.Body = fmt.Appendf(nil, "<!DOCTYPE html>\n<html><head><title>%[1]s</title></head>"+
		"<body><center><h1>%[1]s</h1></center></body></html>\n", title)
	return r.With(http.Header{"Content-Type": {"text/html; charset=utf-8"}})
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/transport"
)

// things are the JSON texts that are served, in the form for apps with extended quota: zmb3/spotify
// decodes no other.
type things struct{ album, track []byte }

const albumSize = 12 << 10

// newThings returns an album with as many tracks as its size takes.
func newThings() (*things, error) {
	for tracks := 1; ; tracks++ {
		album := catalogue.Album{ID: mock.AlbumID, Name: "Harbour Lights", Artists: []string{"The Paper Lanterns"}}
		for i := range tracks {
			album.Tracks = append(
				album.Tracks,
				catalogue.Track{Name: fmt.Sprintf("Low Tide, Part %d", i+1), Artists: []string{"The Paper Lanterns", "Edda Marsh"}},
			)
		}
		album.Tracks[0].ID = mock.TrackID
		catalogue := catalogue.New()
		catalogue.AddAlbum(album)
		fake := mock.New(nil, mock.WithCatalogue(catalogue), mock.WithExtendedQuota())
		var t things
		f := newFloor(fake, address)
		if err := f.raw("/albums/"+mock.AlbumID, &t.album); err != nil {
			return nil, err
		}
		if err := f.raw("/tracks/"+mock.TrackID, &t.track); err != nil {
			return nil, err
		}
		if len(t.album) >= albumSize {
			return &t, nil
		}
	}
}

// raw fetches the undecoded response body.
func (f *floor) raw(path string, into *[]byte) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, f.address+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+accessToken)
	resp, err := f.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	*into, err = io.ReadAll(resp.Body)
	return err
}

// always returns a base transport that responds to every request with body, or with 204 if body is
// nil.
func always(body []byte) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
			_ = req.Body.Close()
		}
		if body == nil {
			return answer(req, http.StatusNoContent, http.NoBody, 0), nil
		}
		return answer(req, http.StatusOK, io.NopCloser(bytes.NewReader(body)), len(body)), nil
	})
}

func answer(req *http.Request, status int, body io.ReadCloser, length int) *http.Response {
	return &http.Response{
		Status: strconv.Itoa(
			status,
		) + " " + http.StatusText(
			status,
		), StatusCode: status, Proto: "HTTP/2.0", ProtoMajor: 2, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: body, ContentLength: int64(length),
	}
}

// delayed adds a round-trip time to a base transport.
func delayed(latency time.Duration, base http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		timer := time.NewTimer(latency)
		defer timer.Stop()
		select {
		case <-timer.C:
			return base.RoundTrip(req)
		case <-req.Context().Done():
			transport.CloseRequest(req)
			return nil, req.Context().Err()
		}
	})
}

// counted counts requests.
func counted(n *atomic.Int64, base http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		n.Add(1)
		return base.RoundTrip(req)
	})
}

// pages serves a playlist of any length page by page, in constant memory: all items are the same
// track.
type pages struct {
	total         int
	items, tracks entries
}

// entries are the largest page's entries in the forms of /items and /tracks.
type entries struct {
	text []byte
	each int // length of one entry and its comma
}

const largestPage = 50

func newPages(total int, track []byte) *pages {
	row := func(name string) entries {
		entry := fmt.Appendf(
			nil,
			`{"added_at":"2024-03-07T12:00:00Z","added_by":{"external_urls":{"spotify":"https://open.spotify.com/user/wanda"},`+
				`"href":"https://api.spotify.com/v1/users/wanda","id":"wanda","type":"user","uri":"spotify:user:wanda"},"is_local":false,"primary_color":null,"%s":%s},`,
			name,
			track,
		)
		return entries{bytes.Repeat(entry, largestPage), len(entry)}
	}
	return &pages{total, row("item"), row("track")}
}

// RoundTrip responds with the requested page.
func (p *pages) RoundTrip(req *http.Request) (*http.Response, error) {
	query := req.URL.Query()
	offset, _ := strconv.Atoi(query.Get("offset"))
	limit, _ := strconv.Atoi(query.Get("limit"))
	row := p.items
	if strings.HasSuffix(req.URL.Path, "/tracks") {
		row = p.tracks
	}
	link := func(offset int) string {
		if offset < 0 || offset >= p.total {
			return "null"
		}
		return fmt.Sprintf(`"%s%s?offset=%d&limit=%d"`, address, strings.TrimPrefix(req.URL.Path, "/v1"), offset, limit)
	}
	head := fmt.Appendf(nil, `{"href":%s,"limit":%d,"next":%s,"offset":%d,"previous":%s,"total":%d,"items":[`,
		link(offset), limit, link(offset+limit), offset, link(offset-limit), p.total)
	n := max(min(limit, largestPage, p.total-offset), 0)
	middle := row.text[:max(n*row.each-1, 0)]
	body := io.MultiReader(bytes.NewReader(head), bytes.NewReader(middle), strings.NewReader("]}"))
	return answer(req, http.StatusOK, io.NopCloser(body), len(head)+len(middle)+len("]}")), nil
}

// loopback serves a body over a loopback socket, with HTTP/2 and TLS or with plain HTTP/1.1. base
// returns a transport to it for each contender.
func loopback(body []byte, http2 bool) (server *httptest.Server, base func() http.RoundTripper) {
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	if server.EnableHTTP2 = http2; http2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	return server, func() http.RoundTripper {
		base := transport.NewBase()
		if http2 {
			base.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		}
		return base
	}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// calls are the measurements with one version of Go.
type calls struct {
	Go    string
	Works []work
}

// work is one piece of work, done by every contender.
type work struct {
	Name     string
	Outcomes []outcome // this library's, zmb3's, then the least possible
}

func measureCalls(ctx context.Context, scale scale) (calls, error) {
	all := calls{Go: runtime.Version()}
	t, err := newThings()
	if err != nil {
		return all, err
	}
	run := func(name string, times int, contenders []contender, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		outcomes, err := race(scale.rounds, scale.times(times), contenders...)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all.Works = append(all.Works, work{name, outcomes})
		return nil
	}
	same := func(base http.RoundTripper) func() http.RoundTripper { return func() http.RoundTripper { return base } }

	album, err := albumContenders(ctx, address, same(always(t.album)))
	if err := run(inMemory, 25, album, err); err != nil {
		return all, err
	}
	for _, wire := range []struct {
		name  string
		http2 bool
	}{{"GET of a 12 KB album, HTTP/1.1 over loopback", false}, {"GET of a 12 KB album, HTTP/2 over loopback", true}} {
		server, base := loopback(t.album, wire.http2)
		album, err := albumContenders(ctx, server.URL+"/v1", base)
		err = run(wire.name, 25, album, err)
		server.Close()
		if err != nil {
			return all, err
		}
	}
	play, err := playContenders(ctx, same(always(nil)))
	if err := run(smallPut, 100, play, err); err != nil {
		return all, err
	}
	pipeline, err := pipelineContenders(ctx)
	return all, run(pipelineAlone, 200, pipeline, err)
}

// The works that other functions look up by name.
const (
	inMemory      = "GET of a 12 KB album, in memory"
	smallPut      = "PUT with a small body, in memory"
	pipelineAlone = "a call whose response is not decoded"
)

// albumContenders fetch an album. base returns a transport for each of them.
func albumContenders(ctx context.Context, address string, base func() http.RoundTripper) ([]contender, error) {
	client, err := ours(base(), spotify.WithBaseURL(address))
	if err != nil {
		return nil, err
	}
	other, least := peer(base(), zmb3.WithBaseURL(address+"/")), newFloor(base(), address)
	return []contender{
		{nameOurs, func() error { _, err := client.Albums.Get(ctx, mock.AlbumID, nil); return err }},
		{namePeer, func() error { _, err := other.GetAlbum(ctx, mock.AlbumID); return err }},
		{nameFloor, func() error {
			return least.call(ctx, http.MethodGet, "/albums/"+mock.AlbumID, nil, new(resources.Album))
		}},
	}, nil
}

// playContenders start playback of a track.
func playContenders(ctx context.Context, base func() http.RoundTripper) ([]contender, error) {
	client, err := ours(base())
	if err != nil {
		return nil, err
	}
	const uri = "spotify:track:" + mock.TrackID
	other, least := peer(base()), newFloor(base(), address)
	type body struct {
		URIs []string `json:"uris"`
	}
	return []contender{
		{nameOurs, func() error { return client.Player.Play(ctx, &resources.PlayParams{URIs: []string{uri}}) }},
		{namePeer, func() error { return other.PlayOpt(ctx, &zmb3.PlayOptions{URIs: []zmb3.URI{uri}}) }},
		{nameFloor, func() error {
			return least.call(ctx, http.MethodPut, "/me/player/play", body{[]string{uri}}, nil)
		}},
	}, nil
}

// pipelineContenders send a request and drain the response: by a service, by the pipeline under an
// http.Client, and by net/http alone.
func pipelineContenders(ctx context.Context) ([]contender, error) {
	base := always([]byte(`{}`))
	client, err := ours(base)
	if err != nil {
		return nil, err
	}
	plain := func(hc *http.Client, authorization ...string) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, address+"/me/player/pause", bytes.NewReader(nil))
		if err != nil {
			return err
		}
		req.Header["Accept"], req.Header["User-Agent"] = []string{"application/json"}, []string{"bench"}
		if authorization != nil {
			req.Header["Authorization"] = authorization
		}
		resp, err := hc.Do(req)
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		return resp.Body.Close()
	}
	piped, bare := client.HTTPClient(), &http.Client{Transport: base}
	return []contender{
		{nameOurs, func() error { return client.Player.Pause(ctx, nil) }},
		{"its pipeline, under an http.Client", func() error { return plain(piped) }},
		{nameFloor, func() error { return plain(bare, "Bearer "+accessToken) }},
	}, nil
}

// callsPart returns tables of what was measured, one for each version of Go.
func callsPart(measured []calls) part {
	p := part{
		title: "One call",
		intro: "The same call, made by each client in turns in one process. In memory there is no server: " +
			"only the clients are measured. Over loopback every figure includes the server's work. " +
			"Times are medians with their quartiles. *Bare net/http* has no pipeline, no checks and no " +
			"retries, reads into pooled memory and decodes with the same JSON library " +
			"into the same types: it is the lower bound for any client.",
	}
	var short []string
	for i, c := range measured {
		t := table{
			head: []string{c.Go, "time", "bytes", "allocations", "time / zmb3's", "bytes / zmb3's", "time / bare net/http's"},
		}
		for _, w := range c.Works {
			if w.Name == pipelineAlone {
				continue
			}
			us, them, least := w.Outcomes[0], w.Outcomes[1], w.Outcomes[2]
			t.add("**"+w.Name+"**", "", "", "", "", "", "")
			for _, o := range w.Outcomes {
				row := []string{
					o.Name,
					within(o.of(nanoseconds)),
					count(o.of(bytesOf).median),
					count(o.of(allocations).median),
					"",
					"",
					"",
				}
				if o.Name == us.Name {
					copy(
						row[4:],
						[]string{ratio(us.over(them, nanoseconds)), ratio(us.over(them, bytesOf)), ratio(us.over(least, nanoseconds))},
					)
				}
				t.add(row...)
			}
			if i == 0 && (w.Name == inMemory || w.Name == smallPut) {
				p.compared = append(p.compared, comparison{
					fmt.Sprintf("a %s, takes %s, not %s", w.Name, duration(us.of(nanoseconds).median), duration(them.of(nanoseconds).median)),
					us.of(nanoseconds).median, them.of(nanoseconds).median,
				})
			}
			if w.Name == inMemory {
				short = append(
					short,
					fmt.Sprintf(
						"%.1fx faster than %s with %.1fx less memory, and takes %.2fx the time of bare net/http (%s)",
						1/us.over(
							them,
							nanoseconds,
						).median,
						namePeer,
						1/us.over(them, bytesOf).median,
						us.over(least, nanoseconds).median,
						c.Go,
					),
				)
			}
		}
		p.tables = append(p.tables, t)
	}
	p.short = "A GET of a 12 KB album is " + strings.Join(short, "; it is ") + "."
	return p
}

// pipelinePart returns a table of the pipeline's own cost.
func pipelinePart(measured []calls) part {
	p := part{
		title: "The pipeline alone",
		intro: "A call without a body, whose response is drained, in memory: the cost of the whole default " +
			"pipeline beyond that of net/http for the same request. The first row includes finding the operation, " +
			"checking the arguments and building the request; the second is `client.HTTPClient()` alone. A " +
			"call over a network takes milliseconds: hundreds of times as much.",
		tables: []table{{head: []string{"beyond net/http", "time", "bytes", "allocations"}}},
	}
	var short []string
	for _, c := range measured {
		for _, w := range c.Works {
			if w.Name != pipelineAlone {
				continue
			}
			bare := w.Outcomes[2]
			for _, o := range w.Outcomes[:2] {
				p.tables[0].add(
					o.Name+", "+c.Go,
					within(o.beyond(bare, nanoseconds)),
					count(o.beyond(bare, bytesOf).median),
					count(o.beyond(bare, allocations).median),
				)
			}
			call, pipeline := w.Outcomes[0], w.Outcomes[1]
			short = append(
				short,
				fmt.Sprintf("%s and %s allocations beyond net/http, or %s and %s with building and checking the request (%s)",
					duration(pipeline.beyond(bare, nanoseconds).median), count(pipeline.beyond(bare, allocations).median),
					duration(call.beyond(bare, nanoseconds).median), count(call.beyond(bare, allocations).median), c.Go),
			)
		}
	}
	p.short = "The whole default pipeline costs " + strings.Join(short, "; ") + "."
	return p
}

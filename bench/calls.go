package main

// calls.go measures what one call costs: reading an album, sending a small body, and the pipeline alone.

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

// calls is what was measured with one version of Go.
type calls struct {
	Go    string
	Works []work
}

// work is one piece of work, done by everybody.
type work struct {
	Name     string
	Outcomes []outcome // this library's first, then the others', the least possible last
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
	if err := run("PUT with a small body, in memory", 100, play, err); err != nil {
		return all, err
	}
	pipeline, err := pipelineContenders(ctx)
	return all, run(pipelineAlone, 200, pipeline, err)
}

// The works that others are told by name.
const (
	inMemory      = "GET of a 12 KB album, in memory"
	pipelineAlone = "a call whose answer is not decoded"
)

// albumContenders get an album. base makes each of them a transport of its own.
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

// playContenders have a player play a track.
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

// pipelineContenders make a call and throw the answer away: as a service does it, as the pipeline under an http.Client does it, and as net/http does it alone.
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

// part makes tables of what was measured with one or more versions of Go.
func callsPart(measured []calls) part {
	p := part{
		title: "One call",
		intro: "The same call, made by everybody in turns in one process. In memory there is no server, so that nothing but the clients is measured; over loopback the server's work " +
			"is part of every figure. Times are medians with their quartiles. *Bare net/http* has no pipeline, no checks and no retries, reads into pooled memory and decodes with the same JSON library " +
			"into the same types: it bounds what any client can reach.",
	}
	var short []string
	for _, c := range measured {
		t := table{head: []string{c.Go, "time", "bytes", "allocations", "time / zmb3's", "bytes / zmb3's", "time / bare net/http's"}}
		for _, w := range c.Works {
			if w.Name == pipelineAlone {
				continue
			}
			us, them, least := w.Outcomes[0], w.Outcomes[1], w.Outcomes[2]
			t.add("**"+w.Name+"**", "", "", "", "", "", "")
			for _, o := range w.Outcomes {
				row := []string{o.Name, within(o.of(nanoseconds)), count(o.of(bytesOf).median), count(o.of(allocations).median), "", "", ""}
				if o.Name == us.Name {
					copy(row[4:], []string{ratio(us.over(them, nanoseconds)), ratio(us.over(them, bytesOf)), ratio(us.over(least, nanoseconds))})
				}
				t.add(row...)
			}
			if w.Name == inMemory {
				short = append(short, fmt.Sprintf("%.2f of the time and %.2f of the memory that %s takes, and %.2f of the time that bare net/http takes (%s)",
					us.over(them, nanoseconds).median, us.over(them, bytesOf).median, namePeer, us.over(least, nanoseconds).median, c.Go))
			}
		}
		p.tables = append(p.tables, t)
	}
	p.short = "A call that reads a 12 KB album takes " + strings.Join(short, "; ") + "."
	return p
}

// pipelinePart tells what the pipeline costs alone.
func pipelinePart(measured []calls) part {
	p := part{
		title: "The pipeline alone",
		intro: "A call without a body whose answer is thrown away, in memory: what the whole default pipeline costs beyond what net/http takes for the same request. The first row has finding the operation, " +
			"checking the arguments and building the request in it, the second is `client.HTTPClient()` alone. Beside a network, where a call takes milliseconds, none of it can be seen.",
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
				p.tables[0].add(o.Name+", "+c.Go, within(o.beyond(bare, nanoseconds)), count(o.beyond(bare, bytesOf).median), count(o.beyond(bare, allocations).median))
			}
			call, pipeline := w.Outcomes[0], w.Outcomes[1]
			short = append(short, fmt.Sprintf("%s and %s allocations beyond net/http, or %s and %s with making and checking the request (%s)",
				duration(pipeline.beyond(bare, nanoseconds).median), count(pipeline.beyond(bare, allocations).median),
				duration(call.beyond(bare, nanoseconds).median), count(call.beyond(bare, allocations).median), c.Go))
		}
	}
	p.short = "The whole default pipeline costs " + strings.Join(short, "; ") + "."
	return p
}

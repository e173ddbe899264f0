package main

// walk.go measures how long a walk over a playlist takes, page by page, when the server is some way off.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify/mock"
)

const latency = 50 * time.Millisecond

// stretch is a walk over so many pages.
type stretch struct {
	pages    int
	outcomes []outcome
	vain     float64 // pages that this library fetched and did not need, on average
}

func measureWalks(ctx context.Context, scale scale, t *things) ([]stretch, error) {
	var all []stretch
	for _, n := range scale.pages {
		var fetched atomic.Int64
		playlist := newPages(n*largestPage, t.track)
		contenders, err := walkContenders(ctx, playlist, delayed(latency, counted(&fetched, playlist)))
		if err != nil {
			return nil, err
		}
		outcomes, err := race(scale.walks, 1, contenders...)
		if err != nil {
			return nil, fmt.Errorf("a walk over %d pages: %w", n, err)
		}
		all = append(all, stretch{n, outcomes, float64(fetched.Load())/float64(scale.walks+1) - 2*float64(n)}) // a walk of each warms up; the other fetches what it needs
	}
	return all, nil
}

// walkContenders walk a playlist to its end, which is behind the base.
func walkContenders(ctx context.Context, playlist *pages, base http.RoundTripper) ([]contender, error) {
	client, err := ours(base)
	if err != nil {
		return nil, err
	}
	other := peer(base)
	return []contender{
		{nameOurs, func() error {
			items := 0
			for item, err := range client.Playlists.AllItems(ctx, mock.PlaylistID, nil) {
				if err != nil {
					return err
				}
				if item.Item.Track != nil {
					items++
				}
			}
			return whole(items, playlist)
		}},
		{namePeer, func() error {
			page, err := other.GetPlaylistItems(ctx, mock.PlaylistID, zmb3.Limit(largestPage))
			items := 0
			for ; err == nil; err = other.NextPage(ctx, page) {
				for _, item := range page.Items {
					if item.Track.Track != nil {
						items++
					}
				}
			}
			if !errors.Is(err, zmb3.ErrNoMorePages) {
				return err
			}
			return whole(items, playlist)
		}},
	}, nil
}

func whole(items int, p *pages) error {
	if items != p.total {
		return fmt.Errorf("walked over %d items of %d", items, p.total)
	}
	return nil
}

func walkPart(all []stretch) part {
	p := part{
		title: "A walk over many pages",
		intro: fmt.Sprintf("A playlist read to its end, %d items a page, from a server that takes %v for each: `Playlists.AllItems` with its default window beside a loop over `NextPage`. "+
			"A walk here fetches pages ahead, one more for each that was used and up to eight, so that who leaves early has fetched no more pages in vain than were used.", largestPage, latency),
		tables: []table{{head: []string{"pages", "items", nameOurs, namePeer, "times as fast", "pages fetched in vain"}}},
	}
	drawing := plot{
		title: "Time to walk a playlist to its end", x: "pages of 50 items", y: "seconds",
		lines: []line{{name: namePeer}, {name: nameOurs}},
	}
	for _, s := range all {
		us, them := s.outcomes[0], s.outcomes[1]
		p.tables[0].add(fmt.Sprint(s.pages), count(float64(s.pages*largestPage)), within(us.of(nanoseconds)), within(them.of(nanoseconds)),
			fmt.Sprintf("%.1f", them.over(us, nanoseconds).median), fmt.Sprintf("%.1f", s.vain))
		drawing.lines[0].add(float64(s.pages), them.of(nanoseconds).median/1e9)
		drawing.lines[1].add(float64(s.pages), us.of(nanoseconds).median/1e9)
	}
	longest := all[len(all)-1]
	p.short = fmt.Sprintf("A walk over %d pages at %v each is %.1f times as fast as a loop over NextPage, with %.1f pages fetched in vain.",
		longest.pages, latency, longest.outcomes[1].over(longest.outcomes[0], nanoseconds).median, longest.vain)
	p.picture = picture{"performance-walk.svg", drawing.svg()}
	return p
}

package main

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

// stretch is the result for one number of pages.
type stretch struct {
	pages    int
	outcomes []outcome
	vain     float64 // pages that this library fetched and did not use, on average
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
			return nil, fmt.Errorf("iterating %d pages: %w", n, err)
		}
		// Each contender has one round more, to warm up; the other library fetches only the pages
		// it uses.
		all = append(all, stretch{n, outcomes, float64(fetched.Load())/float64(scale.walks+1) - 2*float64(n)})
	}
	return all, nil
}

// walkContenders iterate to the end of the playlist that the base serves.
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
		return fmt.Errorf("got %d items of %d", items, p.total)
	}
	return nil
}

func walkPart(all []stretch) part {
	p := part{
		title: "Iterating many pages",
		intro: fmt.Sprintf(
			"A playlist iterated to its end, %d items a page, from a server that takes %v for each: "+
				"`Playlists.AllItems` with its default window beside a loop over `NextPage`. "+
				"The iterator fetches up to eight pages ahead, one more for each page that was used: a loop that "+
				"breaks early has fetched no more unused pages than used ones.",
			largestPage,
			latency,
		),
		tables: []table{{head: []string{"pages", "items", nameOurs, namePeer, "times as fast", "unused pages"}}},
	}
	drawing := plot{
		title: "Time to iterate a playlist to its end", x: "pages of 50 items", y: "seconds",
		lines: []line{{name: namePeer}, {name: nameOurs}},
	}
	for _, s := range all {
		us, them := s.outcomes[0], s.outcomes[1]
		p.tables[0].add(
			fmt.Sprint(s.pages),
			count(float64(s.pages*largestPage)),
			within(us.of(nanoseconds)),
			within(them.of(nanoseconds)),
			fmt.Sprintf("%.1f", them.over(us, nanoseconds).median),
			fmt.Sprintf("%.1f", s.vain),
		)
		drawing.lines[0].add(float64(s.pages), them.of(nanoseconds).median/1e9)
		drawing.lines[1].add(float64(s.pages), us.of(nanoseconds).median/1e9)
	}
	longest := all[len(all)-1]
	p.short = fmt.Sprintf(
		"Iterating %d pages at %v each is %.1fx faster than a loop over NextPage, with %.1f unused pages.",
		longest.pages,
		latency,
		longest.outcomes[1].over(longest.outcomes[0], nanoseconds).median,
		longest.vain,
	)
	us, them := longest.outcomes[0].of(nanoseconds).median, longest.outcomes[1].of(nanoseconds).median
	p.compared = []comparison{{
		fmt.Sprintf("%d pages of %d ms each take %s, not %s", longest.pages, latency.Milliseconds(), duration(us), duration(them)), us, them,
	}}
	p.picture = picture{"performance-walk.svg", drawing.svg()}
	return p
}

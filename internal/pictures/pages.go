package main

import "fmt"

// drawPages draws the requests of an iterator over 24 pages, from a server whose responses all take
// the same time, for a caller who uses each page at once.
func drawPages(string) (string, error) {
	const pages, window = 24, 8 // the default of WithWindow
	const left, top, bar, height, gap = 20, 46, 118, 20, 5
	trips := inFlight(pages, window)
	c := &canvas{width: 2*left + len(trips)*bar, height: top + window*(height+gap) + 16}
	page := 1
	for trip, requests := range trips {
		x := left + trip*bar
		c.text("name", x, 20, fmt.Sprintf("round trip %d", trip+1))
		c.text("note", x, 36, fmt.Sprintf("%d in flight", requests))
		for row := range requests {
			y := top + row*(height+gap)
			c.add(`<rect class="own" x="%d" y="%d" width="%d" height="%d" rx="4"/>`, x, y, bar-10, height)
			c.text("note", x+8, y+14, fmt.Sprintf("page %d", page))
			page++
		}
	}
	return c.svg("Pages in flight", fmt.Sprintf(
		"An iterator fetches %d pages in %d round trips, with %v requests in flight.", pages, len(trips), trips)), nil
}

// inFlight returns the number of requests of each round trip. Whenever the caller has used a page,
// the iterator fills its window with as many pages as were used so far, at most with window.
func inFlight(pages, window int) (trips []int) {
	used, fetched := 0, 1
	for arrived := 0; arrived < pages; {
		trips = append(trips, fetched-arrived)
		arrived = fetched
		for used < arrived {
			used++
			fetched = min(max(fetched, used+min(used, window)), pages)
		}
	}
	return trips
}

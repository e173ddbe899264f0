package transport

import (
	"fmt"
	"time"
)

// Progress is how far an iterator has come. The goroutine that iterates updates it before each
// item; it is not safe for concurrent use.
type Progress struct {
	// Done counts the items so far, the current one included, and null elements, which an iterator
	// drops.
	Done int
	// Total is the number of items from the iterator's start to the end of the list, as the current
	// page has it, because lists grow. 0 means that Spotify does not say.
	Total int

	began   time.Time
	fetched int       // items on all pages so far
	end     time.Time // estimated; zero while it is not known
}

// Begin is called by an iterator before its first request.
func (p *Progress) Begin() {
	if p != nil {
		*p = Progress{began: time.Now()}
	}
}

// Page is called by an iterator with each page, before its items: with the number of items on the
// page, null elements included, those of them that are null, and the number of items from the
// iterator's start to the end of the list, 0 if that is unknown.
func (p *Progress) Page(items, dropped, total int) {
	if p == nil {
		return
	}
	p.fetched += items
	p.Done += dropped
	p.Total, p.end = total, time.Time{}
	if p.fetched > 0 && total > 0 {
		each := float64(time.Since(p.began)) / float64(p.fetched)
		p.end = p.began.Add(time.Duration(each * float64(max(total, p.fetched))))
	}
}

// Item is called by an iterator before each item.
func (p *Progress) Item() {
	if p != nil {
		p.Done++
	}
}

// Remaining estimates the time until the last item, from the time that the pages so far have taken,
// the caller's own work included. It is 0 while Total is unknown.
func (p *Progress) Remaining() time.Duration {
	if p.end.IsZero() {
		return 0
	}
	return max(time.Until(p.end), 0)
}

// String returns the progress in one line: "450 of 1200, 12s left".
func (p *Progress) String() string {
	if p.Total == 0 {
		return fmt.Sprint(p.Done)
	}
	return fmt.Sprintf("%d of %d, %v left", p.Done, p.Total, p.Remaining().Round(time.Second))
}

package transport

import (
	"fmt"
	"time"
)

// Progress is how far an iterator has come. The goroutine that iterates updates it before each
// item; it is not safe for concurrent use.
type Progress struct {
	// Done counts the items so far, the current one included, and the null elements, which an
	// iterator drops, of the pages so far: those of a page count from its last item on. An iterator
	// that starts at the offset of the first one plus Done misses no item.
	Done int
	// Total is the number of items from the iterator's start to the end of the list, as the current
	// page has it, because lists grow. 0 means that Spotify does not say.
	Total int

	began   time.Time
	left    int       // items of the current page that are not done
	dropped int       // null elements of the current page that are not in Done
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
	p.left, p.dropped = items-dropped, p.dropped+dropped
	p.finishPage()
	p.Total, p.end = total, time.Time{}
	if p.fetched > 0 && total > 0 {
		each := float64(time.Since(p.began)) / float64(p.fetched)
		p.end = p.began.Add(time.Duration(each * float64(max(total, p.fetched))))
	}
}

// Item is called by an iterator before each item.
func (p *Progress) Item() {
	if p == nil {
		return
	}
	p.Done++
	p.left--
	p.finishPage()
}

// finishPage adds the null elements of a page to Done once its items are done. Where they are on
// the page is unknown.
func (p *Progress) finishPage() {
	if p.left <= 0 {
		p.Done, p.dropped = p.Done+p.dropped, 0
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

package api

import (
	"maps"
	"slices"
	"time"
)

// savedList are the saved items of one kind.
type savedList struct {
	items []saved // oldest first
	on    map[string]bool
}

type saved struct {
	id string
	at time.Time
}

func (s *savedList) has(id string) bool { return s != nil && s.on[id] }

// add adds an item. An item that is in the list keeps its place.
func (s *savedList) add(id string, at time.Time) {
	if s.on[id] {
		return
	}
	if s.on == nil {
		s.on = map[string]bool{}
	}
	s.on[id] = true
	s.items = append(s.items, saved{id, at})
}

// insert adds an item in the order of the times.
func (s *savedList) insert(id string, at time.Time) {
	s.remove(id)
	s.add(id, at)
	for i := len(s.items) - 1; i > 0 && s.items[i-1].at.After(at); i-- {
		s.items[i-1], s.items[i] = s.items[i], s.items[i-1]
	}
}

func (s *savedList) remove(id string) {
	if s.on[id] {
		delete(s.on, id)
		s.items = slices.DeleteFunc(s.items, func(i saved) bool { return i.id == id })
	}
}

func (s *savedList) clone() *savedList {
	if s == nil {
		return &savedList{}
	}
	return &savedList{slices.Clone(s.items), maps.Clone(s.on)}
}

// newest returns the items of a page, newest first, and the number of all items.
func (s *savedList) newest(p pageSpan) ([]saved, int) {
	if s == nil {
		return nil, 0
	}
	n := len(s.items)
	from, to := p.bounds(n)
	part := make([]saved, 0, to-from)
	for i := from; i < to; i++ {
		part = append(part, s.items[n-1-i])
	}
	return part, n
}

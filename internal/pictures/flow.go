package main

import (
	"fmt"
	"slices"
	"strings"
)

// flow is a picture of boxes and arrows whose places are given.
type flow struct {
	title         string
	width, height int
	boxes         []box // later ones are drawn over earlier ones
	arrows        []arrow
}

// box has a name in its first line, and further lines below it. Its class is own for what the
// reader chooses, end for the ends of the flow, and box for the others.
type box struct {
	class, name string
	x, y, w, h  int
	lines       []string
}

// arrow leads from one box to another: right, left or down.
type arrow struct {
	from, to, way, label string
}

// draw returns the picture.
func (f flow) draw(string) (string, error) {
	c := &canvas{width: f.width, height: f.height}
	for _, b := range f.boxes {
		c.box(b.class, b.x, b.y, b.w, b.h)
		c.text("name", b.x+12, b.y+22, b.name)
		for i, line := range b.lines {
			c.text("note", b.x+12, b.y+40+16*i, line)
		}
	}
	var told []string
	for _, a := range f.arrows {
		from, to, err := f.ends(a)
		if err != nil {
			return "", err
		}
		c.lead(from, to, a)
		if a.label != "" {
			told = append(told, fmt.Sprintf("%s, %s: %s", from.name, a.label, to.name))
		} else {
			told = append(told, fmt.Sprintf("%s, then %s", from.name, to.name))
		}
	}
	return c.svg(f.title, strings.Join(told, "; ")+"."), nil
}

// ends returns the boxes that an arrow connects.
func (f flow) ends(a arrow) (from, to box, err error) {
	named := func(name string) box {
		i := slices.IndexFunc(f.boxes, func(b box) bool { return b.name == name })
		if i < 0 {
			err = fmt.Errorf("%s: no box %q", f.title, name)
			return box{}
		}
		return f.boxes[i]
	}
	from, to = named(a.from), named(a.to)
	return from, to, err
}

// lead draws an arrow between two boxes, with its label beside the end.
func (c *canvas) lead(from, to box, a arrow) {
	const curve = `<path class="line" marker-end="url(#head)" d="M%d,%d C%d,%d %d,%d %d,%d"/>`
	switch a.way {
	case "down":
		x, y := from.x+from.w/2, from.y+from.h
		c.add(curve, x, y, x, y, x, to.y, x, to.y)
		c.text("note", x+8, (y+to.y)/2+4, a.label)
	case "left":
		x1, x2, y := from.x, to.x+to.w, from.y+from.h-12
		c.add(curve, x1, y, x1, y, x2, y, x2, y)
		c.text("note middle", (x1+x2)/2, y-6, a.label)
	default:
		x1, x2, y1, y2 := from.x+from.w, to.x, from.y+from.h/2, to.y+to.h/2
		if from.h > 2*to.h { // a frame: the arrow begins beside the other box
			y1, y2 = to.y+20, to.y+20
		}
		middle := (x1 + x2) / 2
		c.add(curve, x1, y1, middle, y1, middle, y2, x2, y2)
		if y1 < y2 {
			c.text("note middle", middle, y2+18, a.label)
		} else {
			c.text("note middle", middle, y2-7, a.label)
		}
	}
}

// login shows how to choose a token source.
var login = flow{
	title: "Which token source a program needs", width: 1000, height: 286,
	boxes: []box{
		{"end", "Whose data?", 20, 108, 120, 36, nil},
		{"end", "Can the program keep a secret?", 230, 182, 250, 36, nil},
		{"own", "auth.NewClientCredentials", 620, 20, 230, 54, []string{"client id and secret"}},
		{"own", "auth.NewAuthorizationCode", 620, 116, 230, 54, []string{"client id, secret, redirect URI"}},
		{"own", "auth.NewPKCE", 620, 212, 230, 54, []string{"client id, redirect URI"}},
		{"box", "TokenSource", 886, 125, 110, 36, nil},
	},
	arrows: []arrow{
		{"Whose data?", "auth.NewClientCredentials", "right", "the catalogue's"},
		{"Whose data?", "Can the program keep a secret?", "right", "a user's"},
		{"Can the program keep a secret?", "auth.NewAuthorizationCode", "right", "yes: my server"},
		{"Can the program keep a secret?", "auth.NewPKCE", "right", "no: users have it"},
		{"auth.NewClientCredentials", "TokenSource", "right", ""},
		{"auth.NewAuthorizationCode", "TokenSource", "right", ""},
		{"auth.NewPKCE", "TokenSource", "right", ""},
	},
}

// caching shows how Cache serves a GET request.
var caching = flow{
	title: "How a GET request is served", width: 960, height: 356,
	boxes: []box{
		{"end", "GET request", 20, 151, 116, 54, []string{"of one user"}},
		{"box", "stored response?", 186, 151, 150, 54, []string{"same URL and user"}},
		{
			"own", "hit", 540, 20, 400, 72,
			[]string{"the stored response, with Age and Cache-Status;", "no request, no token, no permit"},
		},
		{"box", "conditional request", 540, 142, 170, 72, []string{"If-None-Match or", "If-Modified-Since"}},
		{"own", "revalidated", 800, 112, 140, 54, []string{"the stored body"}},
		{"box", "replaced", 800, 190, 140, 54, []string{"the new response"}},
		{
			"box", "miss", 540, 264, 400, 72,
			[]string{"a request through the rest of the pipeline;", "a 200 is stored if Cache-Control permits"},
		},
	},
	arrows: []arrow{
		{"GET request", "stored response?", "right", ""},
		{"stored response?", "hit", "right", "fresh"},
		{"stored response?", "conditional request", "right", "stale"},
		{"stored response?", "miss", "right", "none"},
		{"conditional request", "revalidated", "right", "304"},
		{"conditional request", "replaced", "right", "200"},
	},
}

// scaling shows what several processes share.
var scaling = flow{
	title: "Several processes and one account", width: 860, height: 386,
	boxes: []box{
		{"box", "your processes", 20, 20, 190, 270, nil},
		{"own", "process 1", 44, 58, 142, 46, nil},
		{"own", "process 2", 44, 128, 142, 46, nil},
		{"own", "process N", 44, 198, 142, 46, nil},
		{"box", "Redis, one hash tag for each account", 440, 20, 400, 346, nil},
		{
			"end", "limit", 464, 54, 352, 62,
			[]string{"slots of the window, quota, gate, queue lengths"},
		},
		{"end", "closed groups", 464, 128, 352, 54, []string{"operations that are not sent for now"}},
		{"end", "usage", 464, 194, 352, 54, []string{"counts of calls by operation"}},
		{"end", "logins", 464, 260, 352, 62, []string{"encrypted, each under a hash tag of its own"}},
		{"end", "api.spotify.com", 20, 330, 190, 36, nil},
	},
	arrows: []arrow{
		{"your processes", "limit", "right", "what ended, what waits"},
		{"limit", "your processes", "left", "permits"},
		{"your processes", "closed groups", "right", ""},
		{"your processes", "usage", "right", ""},
		{"your processes", "logins", "right", ""},
		{"your processes", "api.spotify.com", "down", "calls with a permit"},
	},
}

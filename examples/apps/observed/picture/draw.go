package main

import (
	"fmt"
	"html"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/examples/apps/observed/promtest"
	"github.com/seed-2147f1a9/spotify/examples/apps/observed/spanfile"
)

// style has the colors of the light theme, and those of the dark one where the reader prefers it.
const style = `<style>
text { font: 12px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 13px } .note { fill: #59636e; font-size: 11px }
.page { fill: #fff; stroke: #d1d9e0 } .grid { stroke: #d1d9e0 }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round }
.internal { fill: #54aeff } .client { fill: #4ac26b } .error { fill: #fa4549 } 
.wait { fill: #d4a72c; opacity: .55 } .event { fill: #8250df }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .note { fill: #9198a1 }
.page { fill: #0d1117; stroke: #3d444d } .grid { stroke: #3d444d } }
</style>
`

// palette has colors that can be told apart on a light and on a dark page.
var palette = []string{
	"#1f883d", "#0969da", "#cf222e", "#bf8700", "#8250df", "#1b7c83", "#bc4c00", "#6e7781", "#e85aad", "#7d4e24",
	"#57ab5a", "#54aeff",
}

type canvas struct{ strings.Builder }

func newCanvas(label string, width, height float64) *canvas {
	c := &canvas{}
	c.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%[1]g" height="%[2]g" `+
		`role="img" aria-label="%[3]s">`, width, height, label)
	c.WriteString(style)
	return c
}

// add adds a line. It passes the format on as it is, so that go vet checks the callers' formats.
func (c *canvas) add(format string, args ...any) {
	fmt.Fprintf(c, format, args...)
	c.WriteByte('\n')
}

func (c *canvas) text(class string, x, y float64, anchor, text string) {
	c.add(`<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, class, x, y, anchor, html.EscapeString(text))
}

// trace draws the spans of a call, one below the other, as a waterfall.
func trace(spans []spanfile.Span) string {
	const width, left, right, height, top = 900.0, 300.0, 880.0, 34.0, 46.0
	events := spans[0].Events
	bottom := top + height*float64(len(spans)+len(events))
	c := newCanvas("The spans of a call", width, bottom+16)
	c.add(`<rect class="page" x=".5" y=".5" width="%g" height="%g" rx="6"/>`, width-1, bottom+15)
	total := max(spans[0].End, time.Millisecond)
	at := func(d time.Duration) float64 { return left + float64(d)/float64(total)*(right-left) }
	for i := range 5 {
		d := total * time.Duration(i) / 4
		c.add(`<line class="grid" x1="%.1f" y1="28" x2="%.1[1]f" y2="%g"/>`, at(d), bottom)
		anchor := []string{"start", "middle", "middle", "middle", "end"}[i]
		c.text("note", at(d), 20, anchor, d.Round(time.Millisecond).String())
	}
	y := top
	bar := func(class string, from, to time.Duration, indent float64, name, note string) {
		c.text("title", 16+indent, y+8, "start", name)
		c.text("note", 16+indent, y+22, "start", note)
		c.add(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="14" rx="3"/>`,
			class, at(from), y+2, max(at(to)-at(from), 2))
		y += height
	}
	type entry struct {
		at   time.Duration
		draw func()
	}
	var rows []entry
	for i, s := range spans {
		class, indent := s.Kind, 16.0
		if i == 0 {
			indent = 0
		}
		if s.Attributes["error.type"] != "" {
			class = "error"
		}
		name := s.Name + "  [" + s.Kind + "]"
		rows = append(rows, entry{s.Start, func() { bar(class, s.Start, s.End, indent, name, notes(s)) }})
	}
	for _, e := range events {
		class, from, row := "event", e.At, e.At
		if length, err := time.ParseDuration(e.Attributes["spotify.duration"]); err == nil {
			// A wait begins with the event that says why, and stands below it.
			class, from, row = "wait", e.At-length, e.At-length+2*time.Millisecond
		}
		var all []string
		for _, key := range []string{"spotify.wait.kind", "spotify.reason", "spotify.duration", "spotify.delay"} {
			if v := e.Attributes[key]; v != "" {
				all = append(all, short(key)+"="+v)
			}
		}
		rows = append(rows, entry{row, func() { bar(class, from, e.At, 16, "event "+e.Name, strings.Join(all, "  ")) }})
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].at < rows[j].at })
	for _, r := range rows {
		r.draw()
	}
	return c.String() + "</svg>\n"
}

// notes returns the attributes of a span that say most.
func notes(s spanfile.Span) string {
	var all []string
	for _, key := range []string{
		"http.response.status_code", "error.type", "http.request.resend_count", "spotify.attempts", "spotify.waited",
	} {
		if v := s.Attributes[key]; v != "" {
			all = append(all, short(key)+"="+v)
		}
	}
	return strings.Join(all, "  ")
}

// short returns the last part of an attribute's name, or the first where that says more.
func short(key string) string {
	switch key {
	case "error.type":
		return "error"
	case "http.response.status_code":
		return "status"
	}
	return key[strings.LastIndex(key, ".")+1:]
}

type plot struct {
	title, unit string
	start, end  time.Time
	lines       []line
}

type line struct {
	name   string
	points []promtest.Point
}

// legend fills the labels of a series into a legend such as "{{outcome}}".
func legend(format string, labels map[string]string) string {
	for name, value := range labels {
		format = strings.ReplaceAll(format, "{{"+name+"}}", value)
	}
	return format
}

// dashboard draws all panels, two in a row.
func dashboard(plots []plot) string {
	const width, height = 450.0, 230.0
	rows := (len(plots) + 1) / 2
	c := newCanvas("The panels of the dashboard", 2*width, float64(rows)*height)
	for i, p := range plots {
		c.add(`<g transform="translate(%g %g)">`, float64(i%2)*width, float64(i/2)*height)
		c.panel(p, width, height)
		c.WriteString("</g>\n")
	}
	return c.String() + "</svg>\n"
}

func (c *canvas) panel(p plot, width, height float64) {
	const left, top = 52.0, 36.0
	right, bottom := width-20, height-56
	c.add(`<rect class="page" x="4" y="4" width="%g" height="%g" rx="6"/>`, width-8, height-8)
	c.text("title", 16, 24, "start", p.title)
	highest := 0.0
	for _, l := range p.lines {
		for _, point := range l.points {
			if !math.IsNaN(point.Value) {
				highest = max(highest, point.Value)
			}
		}
	}
	highest = ceiling(highest)
	for i := range 5 {
		y := bottom - float64(i)/4*(bottom-top)
		c.add(`<line class="grid" x1="%g" y1="%.1f" x2="%g" y2="%.1[2]f"/>`, left, y, right)
		c.text("note", left-6, y+4, "end", amount(highest*float64(i)/4, p.unit))
	}
	length := p.end.Sub(p.start)
	c.text("note", left, bottom+15, "start", "0 s")
	c.text("note", right, bottom+15, "end", fmt.Sprintf("%.0f s", length.Seconds()))
	x, y := left, bottom+32
	for i, l := range p.lines {
		color := palette[i%len(palette)]
		var path strings.Builder
		pen := "M"
		for _, point := range l.points {
			if math.IsNaN(point.Value) {
				pen = "M"
				continue
			}
			fmt.Fprintf(&path, "%s%.1f %.1f ", pen,
				left+float64(point.Time.Sub(p.start))/float64(length)*(right-left), bottom-point.Value/highest*(bottom-top))
			pen = "L"
		}
		c.add(`<path class="line" stroke="%s" d="%s"/>`, color, strings.TrimSpace(path.String()))
		if wide := 22 + 6.6*float64(len(l.name)); x+wide > right && x > left {
			x, y = left, y+15
		}
		c.add(`<rect x="%.1f" y="%.1f" width="10" height="3" fill="%s"/>`, x, y-5, color)
		c.text("note", x+14, y, "start", l.name)
		x += 22 + 6.6*float64(len(l.name))
	}
}

// ceiling returns the next round number above v.
func ceiling(v float64) float64 {
	if v <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 2, 4, 5, 8, 10} {
		if v <= step*power {
			return step * power
		}
	}
	return 10 * power
}

func amount(v float64, unit string) string {
	text := strconv.FormatFloat(v, 'g', 3, 64)
	switch unit {
	case "s":
		return text + " s"
	case "reqps":
		return text + "/s"
	}
	return text
}

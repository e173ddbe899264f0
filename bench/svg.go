package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

const style = `
  .page{fill:#fff;stroke:#d0d7de} text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}
  .title{font-size:16px;font-weight:600} .soft{fill:#59636e} .grid{stroke:#d0d7de;stroke-width:1}
  .s0{stroke:#8c959f;fill:#8c959f} .s1{stroke:#1a7f37;fill:#1a7f37} .line{fill:none;stroke-width:2.5;stroke-linejoin:round}
  text.s0,text.s1{stroke:none;font-weight:600} rect.s0,rect.s1{stroke:none}
  @media (prefers-color-scheme:dark){
    .page{fill:#0d1117;stroke:#30363d} text{fill:#e6edf3} .soft{fill:#9198a1} .grid{stroke:#30363d}
    .s0{stroke:#7d8590;fill:#7d8590} .s1{stroke:#3fb950;fill:#3fb950}
  }`

// canvas is an SVG that is being written. It has colors for light and dark themes.
type canvas struct {
	strings.Builder
	width, height float64
}

func newCanvas(title string, width, height float64) *canvas {
	c := &canvas{width: width, height: height}
	fmt.Fprintf(
		c,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img" `+
			`aria-label="%s">`+"\n<style>%s\n</style>\n",
		width,
		height,
		width,
		height,
		html.EscapeString(title),
		style,
	)
	fmt.Fprintf(c, `<rect class="page" x=".5" y=".5" width="%g" height="%g" rx="8"/>`+"\n", width-1, height-1)
	c.text(24, 34, "title", "start", title)
	return c
}

func (c *canvas) text(x, y float64, class, anchor, what string) {
	fmt.Fprintf(
		c,
		`<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`+"\n",
		x,
		y,
		class,
		anchor,
		html.EscapeString(what),
	)
}

func (c *canvas) rule(x1, y1, x2, y2 float64) {
	fmt.Fprintf(c, `<line class="grid" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", x1, y1, x2, y2)
}

func (c *canvas) done() string { return c.String() + "</svg>\n" }

// plot is a line chart.
type plot struct {
	title, x, y string
	lines       []line
}

type line struct {
	name string
	at   [][2]float64
}

func (l *line) add(x, y float64) { l.at = append(l.at, [2]float64{x, y}) }

func (p plot) svg() string {
	c := newCanvas(p.title, 720, 400)
	const left, right, top, bottom = 64, 690, 70, 340
	var mostX, mostY float64
	for _, l := range p.lines {
		for _, at := range l.at {
			mostX, mostY = max(mostX, at[0]), max(mostY, at[1])
		}
	}
	stepX, stepY := tick(mostX), tick(mostY)
	mostY = math.Ceil(mostY/stepY) * stepY
	x := func(v float64) float64 { return left + v/mostX*(right-left) }
	y := func(v float64) float64 { return bottom - v/mostY*(bottom-top) }
	for v := 0.0; v <= mostY+stepY/2; v += stepY {
		c.rule(left, y(v), right, y(v))
		c.text(left-8, y(v)+4, "soft", "end", fmt.Sprintf("%g", v))
	}
	for v := 0.0; v <= mostX+stepX/2; v += stepX {
		c.text(x(v), bottom+20, "soft", "middle", fmt.Sprintf("%g", v))
	}
	c.text((left+right)/2, bottom+42, "soft", "middle", p.x)
	c.text(24, top-12, "soft", "start", p.y)
	for i, l := range p.lines {
		var path strings.Builder
		for _, at := range l.at {
			fmt.Fprintf(&path, "%.1f,%.1f ", x(at[0]), y(at[1]))
		}
		fmt.Fprintf(c, `<polyline class="line s%d" style="fill:none" points="%s"/>`+"\n", i, strings.TrimSpace(path.String()))
		last := l.at[len(l.at)-1]
		c.text(x(last[0])-6, y(last[1])-12, fmt.Sprintf("s%d", i), "end", fmt.Sprintf("%s: %.1f %s", l.name, last[1], p.y))
	}
	return c.done()
}

// tick returns a round distance that divides the range up to most into about five parts.
func tick(most float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(most/5)))
	for _, round := range []float64{1, 2, 5} {
		if most/(round*power) <= 6 {
			return round * power
		}
	}
	return 10 * power
}

// bars is a bar chart for two contenders in several panels. Its scale is logarithmic because the
// values may differ by orders of magnitude.
type bars struct {
	title  string
	names  []string // the two contenders, this library first
	panels []string
	rows   []barRow
}

type barRow struct {
	name   string
	values [][]bar // by panel and contender
}

type bar struct {
	value float64
	label string
}

func (b *bars) add(name string, values [][]bar) { b.rows = append(b.rows, barRow{name, values}) }

func (b bars) svg() string {
	const width, first, each, left, right, gap = 900, 104, 62, 344, 960, 158
	c := newCanvas(b.title, width, first+each*float64(len(b.rows))+16)
	room := float64(right-left)/float64(len(b.panels)) - gap
	for i, name := range b.names {
		c.text(24+float64(i)*130, 62, fmt.Sprintf("s%d", 1-i), "start", "■ "+name)
	}
	for j, panel := range b.panels {
		x := left + float64(j)*(room+gap)
		c.text(x, first-18, "soft", "start", panel+" (logarithmic)")
		most := 1.0
		for _, row := range b.rows {
			for _, value := range row.values[j] {
				most = max(most, value.value)
			}
		}
		for i, row := range b.rows {
			y := first + float64(i)*each
			if j == 0 {
				c.text(left-16, y+24, "", "end", row.name)
			}
			for k, value := range row.values[j] {
				length := 2 + math.Log1p(value.value)/math.Log1p(most)*(room-2)
				fmt.Fprintf(
					c,
					`<rect class="s%d" x="%.1f" y="%.1f" width="%.1f" height="16" rx="2"/>`+"\n",
					1-k,
					x,
					y+float64(k)*20,
					length,
				)
				c.text(x+length+6, y+float64(k)*20+13, "", "start", value.label)
			}
		}
	}
	return c.done()
}

// Command pictures draws pictures of the documentation: from the source the packages with their
// imports (docs/architecture.svg) and the pipeline (docs/pipeline.svg), and from a description of
// its boxes each of the others. It is run by go generate in the root folder.
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	for file, draw := range map[string]func(root string) (string, error){
		"docs/architecture.svg": drawPackages,
		"docs/caching.svg":      caching.draw,
		"docs/login.svg":        login.draw,
		"docs/pagination.svg":   drawPages,
		"docs/pipeline.svg":     drawPipeline,
		"docs/scaling.svg":      scaling.draw,
	} {
		picture, err := draw(".")
		if err == nil {
			err = os.WriteFile(file, []byte(picture), 0o644)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			os.Exit(1)
		}
	}
}

// canvas collects the elements of an SVG.
type canvas struct {
	width, height int
	elements      strings.Builder
}

// style has the colors of the light theme, and those of the dark one where the reader prefers it.
const style = `<style>
text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.name { font-weight: 600 } .code { font: 600 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
.note { fill: #59636e; font-size: 12px } .middle { text-anchor: middle }
.box { fill: #f6f8fa; stroke: #d1d9e0 } .own { fill: #ddf4ff; stroke: #54aeff } .end { fill: #dafbe1; stroke: #4ac26b }
.line { stroke: #818b98; stroke-width: 1.2; fill: none } .arrow { fill: #818b98 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .note { fill: #9198a1 } .box { fill: #151b23; stroke: #3d444d }
.own { fill: #121d2f; stroke: #1f6feb } .end { fill: #12261e; stroke: #238636 }
}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path class="arrow" d="M0,0 L8,4 L0,8 z"/></marker></defs>
`

// add adds a line. It passes the format on as it is, so that go vet checks the callers' formats.
func (c *canvas) add(format string, args ...any) {
	fmt.Fprintf(&c.elements, format, args...)
	c.elements.WriteByte('\n')
}

func (c *canvas) box(class string, x, y, w, h int) {
	c.add(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="6"/>`, class, x, y, w, h)
}

func (c *canvas) text(class string, x, y int, text string) {
	c.add(`<text class="%s" x="%d" y="%d">%s</text>`, class, x, y, escape.Replace(text))
}

func (c *canvas) arrow(x1, y1, x2, y2 int) {
	middle := (y1 + y2) / 2
	c.add(
		`<path class="line" marker-end="url(#head)" d="M%d,%d C%d,%d %d,%d %d,%d"/>`,
		x1,
		y1,
		x1,
		middle,
		x2,
		middle,
		x2,
		y2,
	)
}

// svg returns the picture. Its description is read out by screen readers.
func (c *canvas) svg(title, description string) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" `+
		"role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">%s</title>\n"+
		"<desc id=\"desc\">%s</desc>\n%s%s</svg>\n",
		c.width, c.height, escape.Replace(title), escape.Replace(description), style, c.elements.String())
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// wrap breaks a text into lines of about width characters: at most as many as lines.
func wrap(text string, width, lines int) []string {
	var all []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			all, line = append(all, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	all = append(all, line)
	if len(all) > lines {
		all = all[:lines]
		all[lines-1] += " …"
	}
	return all
}

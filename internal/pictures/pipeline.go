package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// stage is one line of the function that builds the pipeline: a middleware and its comment.
type stage struct {
	name, note string
	own        bool // a slot for the user's middlewares
}

// drawPipeline draws the middlewares in the order in which the pipeline function of spotify.go
// appends them, each with the comment of its line. Arrows on the right show which of them a retry
// and a replay pass again.
func drawPipeline(root string) (string, error) {
	stages, err := stagesOf(filepath.Join(root, "spotify.go"))
	if err != nil {
		return "", err
	}
	stages = append(
		[]stage{{name: "DecodeErrors", note: "for the services: a status of 400 or more becomes a *spotify.Error"}},
		stages...)
	const left, width, height, gap, loops = 150, 640, 34, 10, 80
	c := &canvas{width: left + width + loops, height: 40 + (len(stages)+2)*(height+gap)}
	bottom := 20 + (len(stages)+1)*(height+gap) + height/2
	y := 20
	c.box("end", left, y, width, height)
	c.text("code", left+14, y+22, "client.Albums.Get(ctx, id, nil)")
	var names []string
	for i, s := range stages {
		y += height + gap
		c.arrow(left+30, y-gap, left+30, y)
		class := "box"
		if s.own {
			class = "own"
		}
		c.box(class, left, y, width, height)
		c.text("name", left+14, y+22, s.name)
		c.text("note", left+190, y+22, s.note)
		names = append(names, s.name)
		switch s.name {
		case "Retry":
			c.again(left+width, 52, y+height/2, bottom, "a retry passes these again")
		case "Refresh":
			c.again(left+width, 20, y+height/2, bottom, "a replay after a 401 passes these")
		}
		if i == 1 { // Gate: where requests of other clients come in
			c.box("end", 10, y, 112, height)
			c.text("code", 20, y+22, "HTTPClient()")
			c.add(`<path class="line" marker-end="url(#head)" d="M122,%d L%d,%[1]d"/>`, y+height/2, left)
		}
	}
	y += height + gap
	c.arrow(left+30, y-gap, left+30, y)
	c.box("end", left, y, width, height)
	c.text("name", left+14, y+22, "http.RoundTripper")
	c.text("note", left+190, y+22, "transport.NewBase(), that of WithTransport, or the fake of package mock")
	return c.svg("The pipeline", "A call passes, in this order: "+strings.Join(names, ", ")+"."), nil
}

// again draws an arrow on the right of the pipeline, out to a distance, from the base transport
// back to the middleware that resends.
func (c *canvas) again(right, out, top, bottom int, label string) {
	x := right + out
	c.add(`<path class="line" marker-end="url(#head)" d="M%d,%d H%d V%d H%d"/>`, right, bottom, x, top, right)
	c.add(`<text class="note middle" transform="translate(%d %d) rotate(90)">%s</text>`,
		x+6, (top+bottom)/2, escape.Replace(label))
}

// stagesOf reads the calls of Append and appendTo in the pipeline function.
func stagesOf(file string) ([]stage, error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	notes := map[int]string{}
	for _, group := range parsed.Comments {
		notes[set.Position(group.Pos()).Line] = strings.TrimSpace(group.Text())
	}
	var stages []stage
	for _, decl := range parsed.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Name.Name != "pipeline" {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			s := stage{note: notes[set.Position(call.Pos()).Line]}
			switch method.Sel.Name {
			case "Append":
				s.name, _ = strconv.Unquote(call.Args[0].(*ast.BasicLit).Value)
			case "appendTo":
				s.name, s.own = "transport."+call.Args[1].(*ast.SelectorExpr).Sel.Name, true
			default:
				return true
			}
			stages = append(stages, s)
			return false
		})
	}
	if len(stages) == 0 {
		return nil, fmt.Errorf("%s: no function pipeline with calls of Append", file)
	}
	return stages, nil
}

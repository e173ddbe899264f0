package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

const module = "github.com/seed-2147f1a9/spotify"

// room is a package of the module.
type room struct {
	path     string   // below the module, "." for the root
	synopsis string   // the first sentence of its documentation
	imports  []string // packages of the module that it imports
	layer    int      // 0 for one that imports none
	x, y     int
}

// drawn reports whether a package is part of the library, and not a program or a test's helper.
func drawn(path string) bool {
	switch top, _, _ := strings.Cut(path, "/"); top {
	case "examples", "bench", "conformance", "contrib", "docs":
		return false
	}
	switch path {
	case "internal/excerpt", "internal/opsdoc", "internal/pictures", "internal/soak", "internal/unmarshalgen",
		"mock/fakespotify":
		return false
	}
	return !strings.Contains(path, "test")
}

// drawPackages draws the packages in layers, each above those that it imports. Imports that others
// imply are left out.
func drawPackages(root string) (string, error) {
	rooms, err := roomsOf(root)
	if err != nil {
		return "", err
	}
	const width, height, gapX, gapY, margin = 236, 106, 18, 56, 20
	layers := layersOf(rooms)
	widest := 0
	for _, layer := range layers {
		widest = max(widest, len(layer))
	}
	c := &canvas{width: 2*margin + widest*(width+gapX) - gapX, height: 2*margin + len(layers)*(height+gapY) - gapY}
	for i, layer := range layers {
		left := (c.width - len(layer)*(width+gapX) + gapX) / 2
		for j, r := range layer {
			r.x, r.y = left+j*(width+gapX), margin+(len(layers)-1-i)*(height+gapY)
		}
	}
	var lines []string
	for _, r := range slices.Concat(layers...) {
		for _, to := range r.imports {
			if !implied(rooms, r, to) {
				c.arrow(r.x+width/2, r.y+height, rooms[to].x+width/2, rooms[to].y)
			}
		}
		if len(r.imports) > 0 {
			lines = append(lines, fmt.Sprintf("%s imports %s", r.name(), strings.Join(r.imports, ", ")))
		}
	}
	for _, r := range slices.Concat(layers...) {
		class := "box"
		if !strings.Contains(r.path, "internal") {
			class = "own"
		}
		c.box(class, r.x, r.y, width, height)
		c.text("name", r.x+12, r.y+22, r.name())
		for i, line := range wrap(r.synopsis, 34, 5) {
			c.text("note", r.x+12, r.y+40+15*i, line)
		}
	}
	return c.svg("The packages and their imports", strings.Join(lines, "; ")+"."), nil
}

func (r *room) name() string {
	if r.path == "." {
		return "spotify"
	}
	return r.path
}

// roomsOf reads the packages of the module in a folder.
func roomsOf(root string) (map[string]*room, error) {
	rooms := map[string]*room{}
	err := filepath.WalkDir(root, func(dir string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); dir != root && (strings.HasPrefix(name, ".") || name == "testdata") {
			return filepath.SkipDir
		}
		path, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		if path != "." && !drawn(path) {
			return nil
		}
		pkg, err := build.ImportDir(dir, 0)
		if none := (*build.NoGoError)(nil); errors.As(err, &none) {
			return nil
		} else if err != nil {
			return err
		}
		r := &room{path: path}
		for _, imported := range pkg.Imports {
			if below, ok := strings.CutPrefix(imported, module); ok {
				r.imports = append(r.imports, cmp.Or(strings.TrimPrefix(below, "/"), "."))
			}
		}
		if r.synopsis, err = synopsis(dir, pkg.GoFiles); err != nil {
			return err
		}
		if len(pkg.GoFiles) > 0 {
			rooms[path] = r
		}
		return nil
	})
	for _, r := range rooms {
		r.imports = slices.DeleteFunc(r.imports, func(to string) bool { return rooms[to] == nil })
	}
	return rooms, err
}

// synopsis returns the first sentence of a package's documentation, without "Package x".
func synopsis(dir string, files []string) (string, error) {
	for _, name := range files {
		file, err := parser.ParseFile(
			token.NewFileSet(),
			filepath.Join(dir, name),
			nil,
			parser.ParseComments|parser.PackageClauseOnly,
		)
		if err != nil {
			return "", err
		}
		if file.Doc == nil {
			continue
		}
		text := new(doc.Package).Synopsis(file.Doc.Text())
		text = strings.TrimPrefix(text, "Package "+file.Name.Name+" ")
		return strings.NewReplacer("[", "", "]", "").Replace(strings.TrimSuffix(text, ".")), nil
	}
	return "", nil
}

// layersOf sorts the packages into layers, and each layer by where its imports are.
func layersOf(rooms map[string]*room) [][]*room {
	var layer func(r *room) int
	layer = func(r *room) int {
		for _, to := range r.imports {
			r.layer = max(r.layer, layer(rooms[to])+1)
		}
		return r.layer
	}
	var layers [][]*room
	for _, path := range slices.Sorted(maps.Keys(rooms)) {
		r := rooms[path]
		for n := layer(r); len(layers) <= n; {
			layers = append(layers, nil)
		}
		layers[r.layer] = append(layers[r.layer], r)
	}
	for i := 1; i < len(layers); i++ {
		place := func(r *room) float64 {
			sum, n := 0.0, 0
			for _, to := range r.imports {
				if rooms[to].layer == i-1 {
					sum += float64(slices.Index(layers[i-1], rooms[to])) / float64(len(layers[i-1]))
					n++
				}
			}
			return sum / float64(max(n, 1))
		}
		slices.SortStableFunc(layers[i], func(a, b *room) int { return cmp.Compare(place(a), place(b)) })
	}
	return layers
}

// implied reports whether r also imports a package by way of another one that it imports.
func implied(rooms map[string]*room, r *room, to string) bool {
	var reaches func(from string) bool
	reaches = func(from string) bool {
		return from == to || slices.ContainsFunc(rooms[from].imports, reaches)
	}
	return slices.ContainsFunc(r.imports, func(via string) bool { return via != to && reaches(via) })
}

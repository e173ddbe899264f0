package main

import (
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/exampletest"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

func TestReport(t *testing.T) {
	dir := t.TempDir()
	exampletest.Golden(t, exampletest.Run(t, dir))

	file, err := os.Open(filepath.Join(dir, "report.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds().Size()
	var bars [2]int // the pixels of the bars in either half
	for x := range size.X {
		for y := range size.Y {
			if c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA); c.B > c.R+50 {
				bars[x*2/size.X]++
			}
		}
	}
	half := size.X * size.Y / 2
	if bars[0] < half/5 || bars[1] < half/5 {
		t.Errorf("the bars of the two charts have %d and %d of %d pixels", bars[0], bars[1], half)
	}
}

// A user who has saved nothing gets no tables and no picture.
func TestNothingSaved(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := report(t.Context(), mock.New(t, mock.WithCatalogue(catalogue.New())).NewClient()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("report.png"); err == nil {
		t.Error("there is a picture")
	}
}

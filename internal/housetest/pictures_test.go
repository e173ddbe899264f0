package housetest

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestPictures checks that every picture of the documentation is well-formed, and that each of its
// coordinates is a number: a browser draws a line whose end it cannot read to the corner of the
// picture.
func TestPictures(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.svg")
	if err != nil || len(files) < 5 {
		t.Fatalf("found %d pictures, and the error %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range pictureFaults(string(text)) {
			t.Errorf("%s: %s", filepath.Base(file), fault)
		}
	}
}

// TestPictureFaults checks that pictureFaults finds a coordinate that is no number.
func TestPictureFaults(t *testing.T) {
	for picture, faults := range map[string]int{
		`<svg width="10" height="100%"><line x1="-1.5" y1=".5" x2="2" y2="1e2"/></svg>`: 0,
		`<svg width="10"><line x1="1" x2="%!f(BADINDEX)" y2="NaN"/></svg>`:              2,
		`<svg width="10"><path d="M0 0 L%!g(MISSING) 1"/><text>%!d(string=a)</text>`:    3,
	} {
		if got := pictureFaults(picture); len(got) != faults {
			t.Errorf("%s: got the faults %q, want %d", picture, got, faults)
		}
	}
}

// pictureFaults returns a sentence for each fault of an SVG picture.
func pictureFaults(text string) (faults []string) {
	for decoder := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF):
			return faults
		case err != nil:
			return append(faults, err.Error())
		}
		switch element := token.(type) {
		case xml.CharData:
			if strings.Contains(string(element), "%!") {
				faults = append(faults, "the text "+string(element)+" is the error of a format")
			}
		case xml.StartElement:
			for _, attribute := range element.Attr {
				if !validAttribute(attribute.Name.Local, attribute.Value) {
					faults = append(faults, element.Name.Local+" has "+attribute.Name.Local+"="+strconv.Quote(attribute.Value))
				}
			}
		}
	}
}

func validAttribute(name, value string) bool {
	switch name {
	case "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height":
		number, err := strconv.ParseFloat(strings.TrimSuffix(value, "%"), 64)
		return err == nil && number-number == 0 // neither NaN nor infinite
	}
	return !strings.Contains(value, "%!") && (name != "d" || !strings.Contains(value, "NaN"))
}

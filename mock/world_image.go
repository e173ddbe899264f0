package mock

// world_image.go serves uploaded covers, and draws the other pictures whose addresses the catalogue hands out: a plain gradient in colours of the picture's own.

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	imageBase = "https://i.scdn.co"
	imagePath = "/image/"
)

// picture is an image as objects name it. Height and width are null where the size is not known, as with uploaded covers.
type picture struct {
	Height *int   `json:"height"`
	URL    string `json:"url"`
	Width  *int   `json:"width"`
}

// widths are the sizes in which pictures come.
var widths = []int{640, 320, 300, 274, 160, 64}

// pictures are the images of something, widest first. Its address says how wide a picture is, and what colours it has.
func pictures(seed string, sizes ...int) []picture {
	all := make([]picture, len(sizes))
	for i, size := range sizes {
		all[i] = picture{&size, imageBase + imagePath + fmt.Sprintf("%04x", size) + deriveHex(36, "image", seed), &size}
	}
	return all
}

// serveImage answers for a picture, as the hosts of pictures do: to everybody.
func (tr *Transport) serveImage(f *flight) (reply, bool) {
	if f.method != http.MethodGet && f.method != http.MethodHead {
		return reply{}, false
	}
	data, ok := tr.world.image(f.path)
	if !ok {
		return reply{}, false
	}
	return reply{status: http.StatusOK, header: http.Header{"Content-Type": {"image/jpeg"}, "Cache-Control": {"public, max-age=604800"}}, body: data}, true
}

// image returns what is at a picture's path: 40 hexadecimal digits below imagePath.
func (w *world) image(path string) (data []byte, ok bool) {
	name, ok := strings.CutPrefix(path, imagePath)
	if !ok {
		return nil, false
	}
	w.mu.RLock()
	data = w.covers[name]
	w.mu.RUnlock()
	if data != nil {
		return data, true
	}
	digits, err := hex.DecodeString(name)
	if err != nil || len(digits) != 20 {
		return nil, false
	}
	size, err := strconv.ParseUint(name[:4], 16, 16)
	if err != nil || !slices.Contains(widths, int(size)) {
		return nil, false
	}
	return draw(int(size), digits[2:]), true
}

func draw(size int, colours []byte) []byte {
	m := image.NewYCbCr(image.Rect(0, 0, size, size), image.YCbCrSubsampleRatio420)
	first, second := color.YCbCr{Y: colours[0], Cb: colours[1], Cr: colours[2]}, color.YCbCr{Y: colours[3]}
	for y := range size {
		shade := (int(first.Y)*(size-y) + int(second.Y)*y) / size
		row := m.Y[y*m.YStride : y*m.YStride+size]
		for x := range row {
			row[x] = byte(shade)
		}
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = first.Cb, first.Cr
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 60}); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

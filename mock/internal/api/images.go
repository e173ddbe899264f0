package api

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"slices"
	"strconv"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

const (
	imageBase = "https://i.scdn.co"
	imagePath = "/image/"
)

// picture is an image in JSON. Height and width are null if the size is unknown, as for uploaded
// covers.
type picture struct {
	Height *int   `json:"height"`
	URL    string `json:"url"`
	Width  *int   `json:"width"`
}

// widths are the sizes of pictures.
var widths = []int{640, 320, 300, 274, 160, 64}

// pictures returns the images of an object, widest first. A picture's URL encodes its width and its
// colours.
func pictures(seed string, sizes ...int) []picture {
	all := make([]picture, len(sizes))
	for i, size := range sizes {
		all[i] = picture{&size, imageBase + imagePath + fmt.Sprintf("%04x", size) + ids.Hex(36, "image", seed), &size}
	}
	return all
}

// drawing returns the picture with a name from a URL that pictures returned.
func drawing(name string) (data []byte, ok bool) {
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

// draw draws a picture: a sky that shades from one hue into a neighbouring one, and a sun.
func draw(size int, seed []byte) []byte {
	m := image.NewYCbCr(image.Rect(0, 0, size, size), image.YCbCrSubsampleRatio444)
	above, below := tint(seed[0], 140+seed[1]%70), tint(seed[0]+16+seed[2]%48, 50+seed[3]%60)
	sun := tint(seed[0]+96+seed[4]%64, 225)
	sunX, sunY, radius := size*(60+int(seed[5])%136)/256, size*(60+int(seed[6])%136)/256, size*(24+int(seed[7])%56)/256
	for i := range m.Y {
		x, y := i%m.YStride, i/m.YStride
		c := mix(above, below, (x+3*y)*64/size)
		if dx, dy := x-sunX, y-sunY; dx*dx+dy*dy < radius*radius {
			c = mix(sun, c, y*200/size)
		}
		m.Y[i], m.Cb[i], m.Cr[i] = c.Y, c.Cb, c.Cr
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
		panic(err) // a Buffer never fails
	}
	return b.Bytes()
}

// tint returns a muted colour of a hue; the hue circle has 256 hues.
func tint(hue, light byte) color.YCbCr {
	sin, cos := math.Sincos(float64(hue) * math.Pi / 128)
	return color.YCbCr{Y: light, Cb: byte(128 + 42*cos), Cr: byte(128 + 42*sin)}
}

// mix returns a mixture of a and b: a at step 0, b at step 256.
func mix(a, b color.YCbCr, step int) color.YCbCr {
	between := func(a, b uint8) uint8 { return uint8((int(a)*(256-step) + int(b)*step) / 256) }
	return color.YCbCr{Y: between(a.Y, b.Y), Cb: between(a.Cb, b.Cb), Cr: between(a.Cr, b.Cr)}
}

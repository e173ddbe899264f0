package resources

// Image is a picture in one of its sizes. Its address is public: it is fetched without a token.
type Image struct {
	// URL is where the picture is.
	URL string `json:"url"`
	// Width and Height are in pixels, zero where Spotify does not know them.
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Images are the same picture in several sizes, usually the widest first.
type Images []Image

// Largest returns the widest image, or the zero Image if there is none.
func (images Images) Largest() Image {
	var best Image
	for i, image := range images {
		if i == 0 || image.Width > best.Width {
			best = image
		}
	}
	return best
}

// Closest returns the narrowest image that is at least width pixels wide, or the widest if none is; the zero Image if there is none at all.
func (images Images) Closest(width int) Image {
	best := images.Largest()
	for _, image := range images {
		if image.Width >= width && image.Width < best.Width {
			best = image
		}
	}
	return best
}

package resources

import (
	"strconv"
	"strings"
	"time"
)

// ExternalURLs are addresses of a thing outside the API.
type ExternalURLs struct {
	// Spotify is the address at open.spotify.com.
	Spotify string `json:"spotify,omitzero"`
}

// ExternalIDs are the names of a recording or release in the registries of the trade. What the player returns has none.
type ExternalIDs struct {
	// ISRC names a recording, EAN and UPC a product.
	ISRC string `json:"isrc,omitzero"`
	EAN  string `json:"ean,omitzero"`
	UPC  string `json:"upc,omitzero"`
}

// Followers tells how many follow someone or something.
type Followers struct {
	// Href is always empty.
	Href string `json:"href,omitzero"`
	// Total is how many there are.
	Total int `json:"total"`
}

// Copyright is one statement of who owns the rights.
type Copyright struct {
	// Text is the statement.
	Text string `json:"text"`
	// Type is "C" for the copyright, "P" for that of the sound recording.
	Type string `json:"type"`
}

// Restrictions say why something cannot be played.
type Restrictions struct {
	// Reason is "market", "product" or "explicit"; more may come.
	Reason RestrictionReason `json:"reason,omitzero"`
}

// RestrictionReason is why something cannot be played. Values beyond the constants may come.
type RestrictionReason string

// The reasons of the reference.
const (
	RestrictionMarket   RestrictionReason = "market"
	RestrictionProduct  RestrictionReason = "product"
	RestrictionExplicit RestrictionReason = "explicit"
)

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

// DatePrecision says how much of a date is known. Values beyond the constants come and mean as much as the date's text says.
type DatePrecision string

// The precisions of the reference.
const (
	PrecisionYear  DatePrecision = "year"
	PrecisionMonth DatePrecision = "month"
	PrecisionDay   DatePrecision = "day"
)

// Date is a day, a month or a year in which something was released. Month and Day are zero where they are not known.
type Date struct {
	Year, Month, Day int
	// Precision is what is known of the date, as its text tells: Spotify has been seen to announce more than it sends.
	Precision DatePrecision
}

// parseDate reads "1981", "1981-12" or "1981-12-15"; of a text that is none of them it reads what it can.
func parseDate(text string) Date {
	text, _, _ = strings.Cut(text, "T") // a time of day was seen once
	var d Date
	parts := strings.SplitN(text, "-", 3)
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			break
		}
		switch {
		case i == 0 && n <= 9999:
			d = Date{Year: n, Precision: PrecisionYear}
		case i == 1 && n <= 12 && d.Year > 0:
			d.Month, d.Precision = n, PrecisionMonth
		case i == 2 && d.Month > 0 && n <= 31:
			d.Day, d.Precision = n, PrecisionDay
		}
	}
	return d
}

// IsZero reports whether nothing is known of the date.
func (d Date) IsZero() bool { return d.Year == 0 }

// Time returns the first moment of the date in UTC, and the zero Time for a date of which nothing is known.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// String returns the date as far as it is known: "1981", "1981-12" or "1981-12-15".
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return d.Time().Format("2006")
	case d.Day == 0:
		return d.Time().Format("2006-01")
	}
	return d.Time().Format(time.DateOnly)
}

// milliseconds is a duration as the API has it.
func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

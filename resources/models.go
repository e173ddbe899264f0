package resources

// The models in this file are parts of the models of several services.

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// ExternalURLs are addresses outside the API.
type ExternalURLs struct {
	// Spotify is the address at open.spotify.com.
	Spotify string `json:"spotify,omitzero"`
}

// ExternalIDs are the international codes of a recording or release. The player's responses have
// none.
type ExternalIDs struct {
	// ISRC identifies a recording; EAN and UPC identify a product.
	ISRC string `json:"isrc,omitzero"`
	EAN  string `json:"ean,omitzero"`
	UPC  string `json:"upc,omitzero"`
}

// Followers has the number of followers of an artist, a user or a playlist.
type Followers struct {
	// Href is always empty.
	Href string `json:"href,omitzero"`
	// Total is the number of followers. It is nil, which means unknown, for apps in development
	// mode since February 2026.
	Total *int `json:"total,omitzero"`
}

// Copyright is one copyright statement.
type Copyright struct {
	// Text is the statement.
	Text string `json:"text"`
	// Type is "C" for the copyright, "P" for the copyright of the sound recording.
	Type string `json:"type"`
}

// Restrictions has the reason why an item cannot be played.
type Restrictions struct {
	// Reason is the reason, empty if there is no restriction.
	Reason RestrictionReason `json:"reason,omitzero"`
}

// RestrictionReason is the reason why an item cannot be played. Spotify may also send values other
// than the constants.
type RestrictionReason string

// The reasons in the API reference: the market, the user's subscription, explicit content.
const (
	RestrictionMarket   RestrictionReason = "market"
	RestrictionProduct  RestrictionReason = "product"
	RestrictionExplicit RestrictionReason = "explicit"
)

// Image is an image in one size.
type Image struct {
	// URL is the address of the image, which is public and needs no token.
	URL string `json:"url"`
	// Width and Height are in pixels, zero if they are unknown.
	Width  int `json:"width"`
	Height int `json:"height"`
}

// String returns the address and the size in pixels: "https://… (640x640)".
func (i Image) String() string {
	return line(i.URL, "", "", fmt.Sprintf("%dx%d", i.Width, i.Height))
}

// Images are the sizes of an image, usually the widest first.
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

// Smallest returns the narrowest image, or the zero Image if there is none. Images of unknown width
// are returned only if there are no others.
func (images Images) Smallest() Image {
	best := images.Largest()
	for _, image := range images {
		if image.Width > 0 && image.Width < best.Width {
			best = image
		}
	}
	return best
}

// Closest returns the narrowest image that is at least width pixels wide. If there is none, it
// returns the widest, or the zero Image if there are no images.
func (images Images) Closest(width int) Image {
	best := images.Largest()
	for _, image := range images {
		if image.Width >= width && image.Width < best.Width {
			best = image
		}
	}
	return best
}

// DatePrecision is the precision of a release date. Spotify also sends values other than the
// constants.
type DatePrecision string

// The precisions in the API reference.
const (
	PrecisionYear  DatePrecision = "year"
	PrecisionMonth DatePrecision = "month"
	PrecisionDay   DatePrecision = "day"
)

// Date is a release date with the precision of a year, a month or a day.
type Date struct {
	// Month and Day are zero if they are unknown.
	Year, Month, Day int
	// Precision is the precision of the date's text. Spotify has been seen to send a text with less
	// precision than the member release_date_precision says.
	Precision DatePrecision
}

// LogValue returns the date as String does.
func (d Date) LogValue() slog.Value { return slog.StringValue(d.String()) }

// parseDate parses "1981", "1981-12" or "1981-12-15". From another text it returns the parts that
// are valid.
func parseDate(text string) Date {
	text, _, _ = strings.Cut(text, "T") // Spotify has sent a time of day once
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

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d.Year == 0 }

// Time returns the start of the date in UTC, or the zero time if the date is unknown.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// String returns the date in its precision, "1981", "1981-12" or "1981-12-15", and "" if it is
// unknown.
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

// milliseconds returns a duration of n ms, the unit of the API.
func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// Report counts the saved tracks of a user: by artist and by decade, as tables and as a picture.
//
//	go run ./report                  # in examples/apps; writes report.png
//
// Without credentials it calls a fake Spotify inside the program. With SPOTIFY_CLIENT_ID set, and
// with http://127.0.0.1/callback among the redirect URIs on the app's page, the same code calls
// Spotify.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/go-analyze/charts"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	client, err := connect(ctx)
	if err == nil {
		err = report(ctx, client)
		err = errors.Join(err, client.Close()) // waits for a refresh in flight
	}
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// connect logs the user in if needed, and returns a client. Its Close closes the login, too.
func connect(ctx context.Context) (*spotify.Client, error) {
	if os.Getenv("SPOTIFY_CLIENT_ID") == "" {
		log.Print("SPOTIFY_CLIENT_ID is not set, so this is a fake Spotify.")
		return mock.New(nil).NewClient(), nil
	}
	store, err := auth.NewFileStore("~/.config/spotify-report-example/logins.json")
	if err != nil {
		return nil, err
	}
	user, err := auth.NewPKCE(auth.Config{
		RedirectURL: "http://127.0.0.1/callback", // no port: a free one is chosen
		Scopes:      []auth.Scope{auth.ScopeUserLibraryRead},
		Store:       store,
	})
	if err != nil {
		return nil, err
	}
	if err := user.EnsureAuthorized(ctx, auth.LocalConfig{}); err != nil {
		return nil, errors.Join(err, user.Close())
	}
	return spotify.New(spotify.WithTokenSource(user), spotify.WithCloser(user))
}

func report(ctx context.Context, client *spotify.Client) error {
	var tracks int
	var length time.Duration
	artists, decades := map[string]int{}, map[string]int{}
	for saved, err := range client.Tracks.AllSaved(ctx, nil) {
		if err != nil {
			return err
		}
		tracks++
		length += saved.Track.Duration()
		for _, artist := range saved.Track.Artists {
			artists[artist.Name]++
		}
		if year := saved.Track.Album.Released().Year; year > 0 {
			decades[fmt.Sprintf("%ds", year/10*10)]++
		}
	}
	fmt.Printf("%d saved tracks of %d artists, %d hours\n", tracks, len(artists), int(length.Hours()))

	top := count(artists, func(a, b row) int { return cmp.Or(b.n-a.n, cmp.Compare(a.name, b.name)) })
	top = top[:min(len(top), 12)]
	times := count(decades, func(a, b row) int { return cmp.Compare(a.name, b.name) })
	if len(top) == 0 || len(times) == 0 {
		return nil // no tracks, or only local files, which have no date
	}
	show("Most saved artists", top)
	show("Decades", times)
	picture, err := draw([2]string{"Most saved artists", "Decades"}, [2][]row{top, times})
	if err != nil {
		return err
	}
	fmt.Println("\nThe charts are in report.png.")
	return os.WriteFile("report.png", picture, 0o644)
}

// row is a row of a table, and a bar of a chart.
type row struct {
	name string
	n    int
}

func count(by map[string]int, order func(a, b row) int) (rows []row) {
	for name, n := range by {
		rows = append(rows, row{name, n})
	}
	slices.SortFunc(rows, order)
	return rows
}

// show prints rows as a table with bars.
func show(title string, rows []row) {
	fmt.Printf("\n%s\n\n", title)
	most := slices.MaxFunc(rows, func(a, b row) int { return a.n - b.n }).n
	for _, r := range rows {
		fmt.Printf("  %-28.28s %5d %s\n", r.name, r.n, strings.Repeat("█", max(r.n*40/most, 1)))
	}
}

// draw returns a picture of two tables, as PNG.
func draw(titles [2]string, tables [2][]row) ([]byte, error) {
	const width, height = 1100, 480
	painter := charts.NewPainter(charts.PainterOptions{Width: width, Height: height, OutputFormat: charts.ChartOutputPNG})
	painter.FilledRect(0, 0, width, height, charts.ColorWhite, charts.ColorWhite, 0)
	for i, rows := range tables {
		chart := charts.NewBarChartOptionWithData([][]float64{nil})
		chart.Horizontal, chart.Title.Text = i == 0, titles[i]
		chart.ValueAxis = []charts.ValueAxisOption{{Show: charts.Ptr(false), Min: charts.Ptr(0.0)}}
		if chart.Horizontal {
			slices.Reverse(rows) // the first one at the top
		}
		for _, r := range rows {
			chart.CategoryAxis.Labels = append(chart.CategoryAxis.Labels, r.name)
			chart.SeriesList[0].Values = append(chart.SeriesList[0].Values, float64(r.n))
		}
		chart.SeriesList[0].Label.Show = charts.Ptr(true)
		chart.SeriesList[0].Label.ValueFormatter = func(v float64) string { return fmt.Sprint(v) }
		box := charts.NewBox(20+i*width/2, 20, (i+1)*width/2-20, height-20)
		if err := painter.Child(charts.PainterBoxOption(box)).BarChart(chart); err != nil {
			return nil, err
		}
	}
	return painter.Bytes()
}

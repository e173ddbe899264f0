package api_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

// A skipped item is in the history only if it was played long enough in total.
func TestOnlyWhatIsHeardIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, album, _, _ := stage()
		tr := mock.New(t, mock.WithCatalogue(c))
		tell(t, tr, nil, step{"PUT /me/player/play?device_id=desk", `{"context_uri":"` + album + `"}`, 204, nothing})
		for i, heard := range []time.Duration{20, 31, 30} {
			time.Sleep(heard / 2 * time.Second)
			tell(t, tr, nil, step{"PUT /me/player/seek?position_ms=0", "", 204, nothing})
			time.Sleep((heard - heard/2) * time.Second)
			sees(t, tr, fmt.Sprintf("%d at %ds", i, heard-heard/2))
			tell(t, tr, nil, step{"POST /me/player/next", "", 204, nothing})
		}
		tell(t, tr, nil, step{"GET /me/player/recently-played", "", 200, says(`"name":"1"`, `!"name":"0"`, `!"name":"2"`)})
	})
}

func TestRecentlyPlayed(t *testing.T) {
	c := catalogue.New()
	var uris []string
	for i := range 60 {
		uris = append(uris, "spotify:track:"+c.AddTrack(catalogue.Track{Name: fmt.Sprint(i)}))
	}
	c.AddPlays("", uris...)
	tr := mock.New(t, mock.WithCatalogue(c))
	type page struct {
		Items []struct {
			Track struct{ Name string }
			At    time.Time `json:"played_at"`
		}
		Next    *string
		Cursors *struct{ After, Before string }
		Limit   int
	}
	pages := func(at string) (names []string) {
		for {
			p := mocktest.FetchJSON[page](t, tr, at)
			for _, item := range p.Items {
				names = append(names, item.Track.Name)
			}
			if p.Cursors == nil || p.Next == nil {
				return names
			}
			at = *p.Next
		}
	}
	if names := pages("/me/player/recently-played?limit=20"); len(names) != 50 || names[0] != "59" || names[49] != "10" {
		t.Errorf("%v", names)
	}
	first := mocktest.FetchJSON[page](t, tr, "/me/player/recently-played?limit=50")
	middle := first.Items[25].At.UnixMilli()
	if names := pages(fmt.Sprint("/me/player/recently-played?limit=10&after=", middle)); len(names) != 25 ||
		names[0] != "44" ||
		names[24] != "55" {
		t.Errorf("%v", names)
	}
	if names := pages(fmt.Sprint("/me/player/recently-played?limit=10&before=", middle)); len(names) != 24 ||
		names[0] != "33" ||
		names[23] != "10" {
		t.Errorf("%v", names)
	}
	for _, query := range []string{"before=1&after=1", "before=x", "after=-1", "limit=51", "limit=0"} {
		tell(t, tr, nil, step{"GET /me/player/recently-played?" + query, "", 400, nil})
	}
}

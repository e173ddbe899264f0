package resources

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// playing is a state at a position in an item, in milliseconds.
func playing(name string, position, length int) string {
	return fmt.Sprintf(`{"is_playing":true,"progress_ms":%d,"currently_playing_type":"track","device":{"name":"Desk"},`+
		`"item":{"type":"track","name":%q,"duration_ms":%d}}`, position, name, length)
}

func TestWatch(t *testing.T) {
	const paused = `{"is_playing":false,"progress_ms":2000,"item":{"type":"track","name":"A","duration_ms":60000}}`
	const ad = `{"is_playing":true,"progress_ms":2000,"currently_playing_type":"ad","item":null}`
	for _, c := range []struct {
		name   string
		params *WatchParams
		bodies []string // of the responses, the last one for all further requests; empty for 204
		want   []string // the times of the states, with their positions
		sent   []time.Duration
	}{
		{
			"a request each 10 s, and after the end of the item", nil,
			[]string{playing("A", 50_000, 63_000), playing("A", 60_000, 63_000), playing("B", 500, 90_000)},
			[]string{"0s A 50s", "10s A 1m0s", "13.5s B 500ms", "23.5s B 500ms"},
			[]time.Duration{0, 10 * time.Second, 13500 * time.Millisecond, 23500 * time.Millisecond},
		},
		{
			"the position moves on between two requests, up to the end", &WatchParams{Tick: time.Second},
			[]string{playing("A", 58_500, 60_000), playing("B", 0, 90_000)},
			[]string{"0s A 58.5s", "1s A 59.5s", "2s B 0s", "3s B 1s"},
			[]time.Duration{0, 2 * time.Second},
		},
		{
			"the position stands at the end until the next request, 1 s after the last",
			&WatchParams{Tick: 300 * time.Millisecond},
			[]string{playing("A", 59_800, 60_000), playing("B", 0, 90_000)},
			[]string{"0s A 59.8s", "300ms A 1m0s", "600ms A 1m0s", "900ms A 1m0s", "1s B 0s"},
			[]time.Duration{0, time.Second},
		},
		{
			"seldom while nothing plays", &WatchParams{Interval: 5 * time.Second},
			[]string{"", paused, playing("A", 2000, 60_000)},
			[]string{"0s nothing", "10s A 2s", "20s A 2s", "25s A 2s"},
			[]time.Duration{0, 10 * time.Second, 20 * time.Second, 25 * time.Second},
		},
		{
			"a paused item stands still", &WatchParams{Tick: 8 * time.Second},
			[]string{paused},
			[]string{"0s A 2s", "8s A 2s", "16s A 2s", "20s A 2s"},
			[]time.Duration{0, 20 * time.Second},
		},
		{
			"an ad has no end", nil,
			[]string{ad},
			[]string{"0s  2s", "10s  2s"},
			[]time.Duration{0, 10 * time.Second},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var sent []time.Duration
				s, _ := record(t, Config{}, func(*http.Request) (int, string) {
					sent = append(sent, time.Since(start))
					body := c.bodies[min(len(sent), len(c.bodies))-1]
					if body == "" {
						return http.StatusNoContent, ""
					}
					return http.StatusOK, body
				})
				var got []string
				for state, err := range s.Player.Watch(t.Context(), c.params) {
					if err != nil {
						t.Fatal(err)
					}
					line := "nothing"
					if state != nil {
						line = state.Item.Name() + " " + state.Progress().String()
					}
					if got = append(got, time.Since(start).String()+" "+line); len(got) == len(c.want) {
						break
					}
				}
				if !slices.Equal(got, c.want) || !slices.Equal(sent, c.sent) {
					t.Errorf("got %q with requests after %v, want %q after %v", got, sent, c.want, c.sent)
				}
			})
		})
	}
}

// Watch ends with the error of a request, of its context, or of an argument.
func TestWatchEnds(t *testing.T) {
	last := func(s *Services, ctx context.Context, p *WatchParams) (states int, err error) {
		for _, err = range s.Player.Watch(ctx, p) {
			states++
		}
		return states, err
	}
	synctest.Test(t, func(t *testing.T) {
		s, r := record(t, Config{}, always(500, ""))
		if n, err := last(s, t.Context(), nil); n != 1 || statusOf(err) != 500 {
			t.Errorf("after a 500: %d states, %v", n, err)
		}
		for _, p := range []*WatchParams{{Interval: time.Millisecond}, {Tick: -1}} {
			if n, err := last(s, t.Context(), p); n != 1 || !errors.Is(err, ErrInvalidArgument) {
				t.Errorf("%+v: %d states, %v", p, n, err)
			}
		}
		if len(r.sent()) != 1 {
			t.Errorf("%d requests, want 1", len(r.sent()))
		}
	})
	synctest.Test(t, func(t *testing.T) { // no request follows the first one
		s, r := record(t, Config{}, always(http.StatusNoContent, ""))
		ctx, cancel := context.WithTimeout(t.Context(), 1000*time.Hour)
		defer cancel()
		n, err := last(s, ctx, &WatchParams{Interval: math.MaxInt64})
		if n != 2 || !errors.Is(err, context.DeadlineExceeded) || len(r.sent()) != 1 {
			t.Errorf("with the longest interval: %d states, %d requests, %v", n, len(r.sent()), err)
		}
	})
	for _, tick := range []time.Duration{0, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s, _ := record(t, Config{}, always(200, playing("A", 0, 60_000)))
			ctx, cancel := context.WithTimeout(t.Context(), 5500*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := last(s, ctx, &WatchParams{Tick: tick})
			if !errors.Is(err, context.DeadlineExceeded) || !as[*CallError](err) || time.Since(start) != 5500*time.Millisecond {
				t.Errorf("Tick %v: after %v: %v", tick, time.Since(start), err)
			}
		})
	}
}

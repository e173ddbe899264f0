package middleware

import (
	"flag"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/transport"
)

var scenarioDraw = flag.String("scenario.draw", "", "draw the scenarios into this `folder`: docs/limits.md shows them")

// TestDrawScenarios draws what happens to an app's calls in each scenario, second by second:
//
//	go test ./middleware -run TestDrawScenarios -scenario.draw=../docs
func TestDrawScenarios(t *testing.T) {
	if *scenarioDraw == "" {
		t.Skip("-scenario.draw is not set")
	}
	files := map[string]string{
		"A: ": "a", "N: ": "n", "E: ": "e", "G: ": "g", "R: restart, exact": "r",
		"R: restart after even use": "r-even",
		"P: 4 processes, exact":     "p", "X: strangers, singly": "x",
	}
	for _, sc := range scenarios(false) {
		for prefix, file := range files {
			if !strings.HasPrefix(sc.name, prefix) {
				continue
			}
			v := sc.variants[min(2, len(sc.variants)-1)]
			r := v.rules(rand.New(rand.NewPCG(1, 3)))
			minimum := r.minimum(v.loads, v.obeyed)
			var rec recording
			var got simRun
			synctest.Test(t, func(t *testing.T) {
				rec.start = time.Now()
				got = play(t, newWindowServer(1, r), v.loads, func(seed uint64) transport.Middleware {
					pacer := seededPacer(seed, PacerConfig{})
					return func(next http.RoundTripper) http.RoundTripper { return paced(pacer)(rec.over(next)) }
				})
			})
			title := fmt.Sprintf(
				"%s: %.1f s (least possible %.1f s), %d rejected, %d lost",
				sc.name,
				got.took.Seconds(),
				minimum.Seconds(),
				got.rejected,
				got.lost,
			)
			path := filepath.Join(*scenarioDraw, "limits-"+file+".svg")
			if err := os.WriteFile(path, []byte(rec.svg(title)), 0o644); err != nil {
				t.Fatal(err)
			}
			t.Log(path)
		}
	}
}

// recording is how many calls passed and were rejected in each second.
type recording struct {
	mu       sync.Mutex
	start    time.Time
	ok, none []int
}

func (r *recording) over(next http.RoundTripper) http.RoundTripper {
	return transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		second := int(time.Since(r.start) / time.Second)
		for len(r.ok) <= second {
			r.ok, r.none = append(r.ok, 0), append(r.none, 0)
		}
		if resp.StatusCode == tooManyRequests {
			r.none[second]++
		} else {
			r.ok[second]++
		}
		return resp, nil
	})
}

// svg draws the calls that passed upwards and those that were rejected downwards.
func (r *recording) svg(title string) string {
	const width, left, top, up, down = 760, 40, 34, 130, 50
	most := 1
	for i := range r.ok {
		most = max(most, r.ok[i], r.none[i]*up/down)
	}
	step := float64(width-left-10) / float64(max(len(r.ok), 1))
	zero := float64(top + up)
	var b strings.Builder
	fmt.Fprintf(
		&b,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n",
		width,
		top+up+down+26,
	)
	fmt.Fprintf(
		&b,
		`<rect width="100%%" height="100%%" fill="#fff"/><text x="%d" y="18" fill="#222">%s</text>`+"\n",
		left,
		html.EscapeString(title),
	)
	fmt.Fprintf(
		&b,
		`<text x="%d" y="%d" text-anchor="end" fill="#555">%d</text><text x="%d" y="%.0f" `+
			`text-anchor="end" fill="#555">0</text>`+"\n",
		left-6,
		top+8,
		most,
		left-6,
		zero+4,
	)
	for i := range r.ok {
		x := left + float64(i)*step
		if h := float64(r.ok[i]) * up / float64(most); h > 0 {
			fmt.Fprintf(
				&b,
				`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#1d7a46"/>`,
				x,
				zero-h,
				max(step-0.4, 0.8),
				h,
			)
		}
		if h := float64(r.none[i]) * up / float64(most); h > 0 {
			fmt.Fprintf(
				&b,
				`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#c0392b"/>`,
				x,
				zero,
				max(step-0.4, 0.8),
				max(h, 1.5),
			)
		}
	}
	fmt.Fprintf(&b, "\n"+`<path d="M%d %.0fH%d" stroke="#222"/>`+"\n", left, zero, width-10)
	tick := 10
	for len(r.ok)/tick > 12 {
		tick += 20
	}
	for s := 0; s <= len(r.ok); s += tick {
		fmt.Fprintf(
			&b,
			`<text x="%.1f" y="%d" text-anchor="middle" fill="#555">%d s</text>`,
			left+float64(s)*step,
			top+up+down+18,
			s,
		)
	}
	b.WriteString("\n</svg>\n")
	return b.String()
}

package e2e_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/transport"
)

// queueing is a Limiter whose calls wait as long as the field says.
type queueing struct{ wait time.Duration }

func (q *queueing) Acquire(ctx context.Context, _ middleware.LimitRequest) (middleware.Permit, error) {
	return q, transport.Sleep(ctx, q.wait)
}

func (q *queueing) Done(middleware.Outcome) {}

// observable returns a client over a fake whose Accounts service responds after 80 ms, and whose
// API does after 120 ms. There is no jitter.
func observable(t *testing.T, opts ...spotify.Option) (*spotify.Client, *mock.Transport) {
	t.Helper()
	latency := mock.Faults{MinLatency: 120 * time.Millisecond, MaxLatency: 120 * time.Millisecond}
	fake := mock.New(t, mock.WithFaults(latency), mock.WithApp("app", appSecret), mock.WithStrictTokens())
	base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if req.URL.Host == "accounts.spotify.com" {
			time.Sleep(80 * time.Millisecond)
		}
		return fake.RoundTrip(req)
	})
	client, err := spotify.New(append([]spotify.Option{
		spotify.WithClientCredentials("app", appSecret), spotify.WithTransport(base), spotify.WithLimiter(nil),
		spotify.WithRetry(middleware.RetryConfig{InitialDelay: 1}),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client, fake
}

// A call's timeline shows its waits, its attempts and the decoding.
func TestTimeline(t *testing.T) {
	const route = "/albums/{id}"
	for name, tc := range map[string]struct {
		opts    []spotify.Option
		prepare func(*mock.Transport)
		id      string
		ctx     time.Duration
		want    string
	}{
		"plain": {want: `
GET /albums/{id}: 200 in 200ms, waited 80ms
  token                                    80ms ············
  attempt 1: 200                          120ms             ━━━━━━━━━━━━━━━━━━━━
  decode                                                                       ━
`},
		"a queue and a 429": {
			opts: []spotify.Option{spotify.WithLimiter(&queueing{300 * time.Millisecond})},
			prepare: func(fake *mock.Transport) {
				fake.On("GET", route).Times(1).Delay(90 * time.Millisecond).RateLimited(time.Second)
			},
			want: `
GET /albums/{id}: 200 in 890ms, 2 attempts, waited 680ms
  queue of the limiter                    300ms ··········
  token                                    80ms           ···
  attempt 1: 429                           90ms              ━━━
  queue of the limiter                    300ms                 ···········
  attempt 2: 200                          120ms                            ━━━━━
  decode                                                                       ━
`,
		},
		"a Retry-After": {
			prepare: func(fake *mock.Transport) {
				fake.On("GET", route).Times(2).Delay(90 * time.Millisecond).RateLimited(time.Second)
			},
			want: `
GET /albums/{id}: 200 in 2.38s, 3 attempts, waited 2.08s
  token                                    80ms ·
  attempt 1: 429                           90ms  ━
  backoff                                    1s   ·············
  attempt 2: 429                           90ms                ━
  backoff                                    1s                 ··············
  attempt 3: 200                          120ms                               ━━
  decode                                                                       ━
`,
		},
		"a 404": {id: mock.ArtistID, want: `
GET /albums/{id}: 404 in 200ms, waited 80ms
  token                                    80ms ············
  attempt 1: 404                          120ms             ━━━━━━━━━━━━━━━━━━━━
`},
		"the budget is spent": {
			opts: []spotify.Option{spotify.WithRetry(middleware.RetryConfig{InitialDelay: 1, MaxRetries: 20})},
			prepare: func(fake *mock.Transport) {
				fake.On("GET", route).Delay(10*time.Millisecond).Respond(503, nil)
			},
			want: `
GET /albums/{id}: 503 in 190ms, 11 attempts, waited 80ms
  token                                    80ms ·············
  attempt 1: 503                           10ms              ━━
  attempt 2: 503                           10ms                ━
  attempt 3: 503                           10ms                 ━━
  attempt 4: 503                           10ms                   ━━
  attempt 5: 503                           10ms                     ━
  attempt 6: 503                           10ms                      ━━
  attempt 7: 503                           10ms                        ━━
  attempt 8: 503                           10ms                          ━
  attempt 9: 503                           10ms                           ━━
  attempt 10: 503                          10ms                             ━━
  attempt 11: 503                          10ms                               ━━
  retry denied: budget spent                                                   ◆
`,
		},
		"a body that is cut short": {
			prepare: func(fake *mock.Transport) {
				fake.On("GET", route).Times(1).Delay(10*time.Millisecond).Respond(200, `{"name":"An al`)
			},
			want: `
GET /albums/{id}: 200 in 210ms, 2 attempts, waited 80ms
  token                                    80ms ············
  attempt 1: 200, incomplete body          10ms             ━
  attempt 2: 200                          120ms              ━━━━━━━━━━━━━━━━━━━
  decode                                                                       ━
`,
		},
		"cannot be decoded": {
			prepare: func(fake *mock.Transport) {
				fake.On("GET", route).Delay(10*time.Millisecond).Respond(200, `[1]`)
			},
			want: `
GET /albums/{id}: 200, decode failed in 90ms, waited 80ms
  token                                    80ms ····························
  attempt 1: 200                           10ms                             ━━━━
  decode: failed                                                               ━
`,
		},
		"not sent": {
			opts: []spotify.Option{spotify.WithLimiter(&queueing{time.Minute})}, ctx: 5 * time.Second,
			want: `
GET /albums/{id}: deadline exceeded in 5s, not sent, waited 5s
  queue of the limiter                       5s ································
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, fake := observable(t, tc.opts...)
				defer client.Close()
				if tc.prepare != nil {
					tc.prepare(fake)
				}
				var meta spotify.Captured
				ctx := spotify.WithCall(t.Context(), spotify.Capture(&meta))
				if tc.ctx > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tc.ctx)
					defer cancel()
				}
				id := tc.id
				if id == "" {
					id = mock.AlbumID
				}
				_, _ = client.Albums.Get(ctx, id, nil)
				if got := meta.Timeline(); got != strings.TrimPrefix(tc.want, "\n") {
					t.Errorf("the timeline is\n%s\nwant%s", got, tc.want)
				}
				if name == "a queue and a 429" {
					documented(t, meta.Timeline())
				}
				for line := range strings.Lines(meta.Timeline()) {
					if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
						t.Errorf("%d columns, want at most 80: %s", n, line)
					}
				}
			})
		})
	}
}

// documented fails the test if docs/observability.md does not have a text.
func documented(t *testing.T, text string) {
	t.Helper()
	doc, err := os.ReadFile("../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), "```\n"+text+"```\n") {
		t.Errorf("docs/observability.md does not have\n%s", text)
	}
}

// A log is readable by somebody who does not know the library.
func TestLogSample(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelInfo}))
		client, fake := observable(t, spotify.WithLogger(logger),
			spotify.WithLimiter(middleware.NewPacer(middleware.PacerConfig{})))
		defer client.Close()
		ctx := t.Context()
		check := func(_ any, err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
		}
		check(client.Albums.Get(ctx, mock.AlbumID, nil))
		fake.On("GET", "/search").Times(1).RateLimited(6 * time.Second)
		check(client.Search.Query(ctx, "aurora", nil)) // a wait
		fake.On("GET", "/artists/{id}").Times(1).Respond(503, nil)
		check(client.Artists.Get(ctx, mock.ArtistID)) // a retry
		time.Sleep(2 * time.Hour)
		check(client.Albums.Get(ctx, mock.AlbumID, nil)) // a refresh
		if _, err := client.Tracks.GetMany(ctx, []string{mock.TrackID, mock.AlbumID}, nil); err == nil {
			t.Error("GetMany has no error for a track that does not exist")
		}
		const want = `
level=INFO msg="http call" operation=get-an-album method=GET route=/albums/{id} status=200 waited=80ms took=200ms received=9486
level=WARN msg="http wait" operation=search method=GET route=/search query="q=[redacted]&type=album,artist,audiobook,episode,playlist,show,track" for=limiter delay=6s
level=WARN msg="http call" operation=search method=GET route=/search query="q=[redacted]&type=album,artist,audiobook,episode,playlist,show,track" status=200 attempts=2 waited=6s took=6.12s received=1206
level=INFO msg="http call" operation=get-an-artist method=GET route=/artists/{id} status=200 attempts=2 took=120ms received=622
level=INFO msg="http new token" operation=get-an-album method=GET route=/albums/{id}
level=INFO msg="http call" operation=get-an-album method=GET route=/albums/{id} status=200 waited=80ms took=200ms received=9486
level=INFO msg="http call" operation=get-track method=GET route=/tracks/{id} status=200 took=120ms received=1658
level=INFO msg="http call" operation=get-track method=GET route=/tracks/{id} status=404 took=120ms received=55 error="spotify: GET /tracks/{id}: 404 Not Found: Resource not found"
`
		got := regexp.MustCompile(`time=\S+ |call=\d+ `).ReplaceAllString(out.String(), "")
		lines := strings.SplitAfter(got, "\n")
		if n := len(lines); n > 3 {
			slices.Sort(lines[n-3 : n-1]) // GetMany fetches both at the same time
		}
		documented(t, strings.TrimPrefix(want, "\n"))
		if got = strings.Join(lines, ""); got != strings.TrimPrefix(want, "\n") {
			t.Errorf("the log is\n%s\nwant%s", got, want)
		}
	})
}

// A redirect that is followed ends its part of a call; one of a write is an error.
func TestLogRedirects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		client, fake := observable(t, spotify.WithLogger(slog.New(slog.NewTextHandler(&out, nil))))
		defer client.Close()
		redirect := http.Header{"Location": {"https://api.spotify.com/v1/albums/" + mock.AlbumID}}
		fake.On("GET", "/artists/{id}").With(respondWith(302, redirect))
		fake.On("PUT", "/me/player/pause").With(respondWith(302, redirect))
		_, _ = client.Artists.Get(t.Context(), mock.ArtistID)
		if err := client.Player.Pause(t.Context(), nil); err == nil {
			t.Error("a redirected write is a success")
		}
		const want = `level=INFO operation=get-an-artist route=/artists/{id} status=302
level=INFO operation=get-an-artist route=/artists/{id} status=200
level=WARN operation=pause-a-users-playback route=/me/player/pause status=302
`
		others := regexp.MustCompile(`(?m)^time=\S+ ` +
			`| (msg|call|method|took|waited|received|attempts|error|error_type)=("[^"]*"|\S+)`)
		got := others.ReplaceAllString(out.String(), "")
		if got != want {
			t.Errorf("the log is\n%s\nwant\n%s\nof\n%s", got, want, out.String())
		}
	})
}

func respondWith(status int, header http.Header) func(*http.Request) (*http.Response, error) {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header, Body: http.NoBody, Request: req}, nil
	}
}
